// Which words in a message are a danger. A human who is called decides; the list only makes sure that one is.

/** A signed rule over the text of a message; raised when the text holds one of its phrases. */
export interface MessageRule {
  readonly ruleId: string;
  readonly version: number;
  readonly owner: string;
  readonly severity: 'crisis' | 'urgent';
  readonly phrases: readonly string[];
}

const signed = { version: 1, owner: 'clinical-owner-primary-care', severity: 'urgent' } as const;

/** The rules in force. Phrases are in lower case with plain apostrophes; the last word may go on ("suicid" holds for "suicidal"). */
export const messageRules: readonly MessageRule[] = [
  {
    ...signed,
    ruleId: 'msg-chest',
    phrases: [
      'chest tight',
      'chest pain',
      'chest pressure',
      'pain in my chest',
      'pressure on my chest',
      'tightness in my chest',
      'chest hurts',
    ],
  },
  {
    ...signed,
    ruleId: 'msg-breathing',
    phrases: [
      "can't breathe",
      'cant breathe',
      'cannot breathe',
      'trouble breathing',
      'hard to breathe',
      'short of breath',
      'shortness of breath',
      'struggling to breathe',
      'difficulty breathing',
      'gasping',
      'blue lips',
      'lips are blue',
    ],
  },
  {
    ...signed,
    ruleId: 'msg-throat',
    phrases: [
      'throat is closing',
      'throat closing',
      'drooling',
      "can't swallow",
      'cant swallow',
      'cannot swallow',
      'tongue is swollen',
      'face is swelling',
    ],
  },
  {
    ...signed,
    ruleId: 'msg-consciousness',
    phrases: [
      'passed out',
      'fainted',
      'unconscious',
      "won't wake up",
      'wont wake up',
      'seizure',
      'not responding',
      'stiff neck',
      'confused',
    ],
  },
  {
    ...signed,
    ruleId: 'msg-stroke',
    phrases: ['face is drooping', 'face drooping', 'slurred speech', "can't move my arm", 'cant move my arm', 'worst headache'],
  },
  {
    ...signed,
    ruleId: 'msg-bleeding',
    phrases: ['bleeding heavily', "won't stop bleeding", 'wont stop bleeding', 'vomiting blood', 'coughing up blood', 'throwing up blood'],
  },
  {
    ...signed,
    ruleId: 'msg-self-harm',
    severity: 'crisis',
    phrases: ['suicid', 'kill myself', 'end my life', 'want to die', 'hurt myself', 'harm myself', 'better off dead', 'overdose'],
  },
];

/** How grave it is that a rule was raised over a message; what another source raises is urgent. */
export const severityOf = (ruleId: string): MessageRule['severity'] =>
  messageRules.find((rule) => rule.ruleId === ruleId)?.severity ?? 'urgent';

/** The rules that a message raises. "No chest pain" raises one too: a call too many is safer than one that was never made. */
export function screenMessage(rules: readonly MessageRule[], body: string): readonly MessageRule[] {
  const plain = ` ${body
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')} `;
  return rules.filter(({ phrases }) => phrases.some((phrase) => plain.includes(` ${phrase}`)));
}
