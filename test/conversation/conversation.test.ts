import { minute } from '../../domain/kernel/time.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { messageRules, screenMessage } from '../../domain/templates/message-red-flags.ts';
import { decideOn, type Given, noon, person, type Then } from '../reference/scenario.ts';

const commitment = 'a'.repeat(64);
const calm = { party: { belongs: true }, screening: { commitment, redFlags: [] } };
const chest = { ...calm, screening: { commitment, redFlags: [{ ruleId: 'msg-chest', version: 1 }] } };
const patient = person('P', 'patient-1');
const parent = person('X', 'parent-1');
const clinician = person('C', 'clinician-1');
const coordinator = person('K', 'coordinator-1');

const give = (history: readonly Given[], type: string, data: object = {}, now = noon, at = now): Then =>
  decideOn(aggregates.conversation, history, type, { conversationId: 'c1', ...data }, { now, at });
interface Posting {
  readonly now?: number;
  readonly at?: number;
  readonly asks?: boolean;
  readonly facts?: object;
}
const post = (
  history: readonly Given[],
  actor: typeof patient,
  messageId: string,
  { now = noon, at = now, asks, facts = calm }: Posting = {},
) => {
  const data = { messageId, bodyRef: `body-${messageId}`, ...(asks && { asks }) };
  return decideOn(aggregates.conversation, history, 'PostMessage', data, { actor, now, at, facts: { ...facts } });
};

const thread = { journeyId: 'j1', employerId: 'e1', patientId: 'patient-1', postableFrom: noon };
const opened = give([], 'OpenConversation', thread).history;
const turnOf = ({ data }: Then): unknown => (data[0] as { turn?: string }).turn;

describe('a conversation', () => {
  test('is opened once, for one journey', () => {
    const first = give([], 'OpenConversation', thread);
    expect([first.types, first.data]).toEqual([['ConversationOpened'], [{ conversationId: 'c1', ...thread }]]);
    expect(give(opened, 'OpenConversation', thread)).toMatchObject({ types: [] });
  });

  test('takes a window and an end only once it is open', () => {
    expect(give([], 'SetConversationWindow', { postableFrom: noon }).refusal).toBe('entity-unknown');
    expect(give([], 'CloseConversation').refusal).toBe('entity-unknown');
    expect(post([], patient, 'm1').refusal).toBe('entity-unknown');
  });

  test('keeps what was posted: who, when, and the version after it', () => {
    const { types, data } = post(opened, patient, 'm1', { now: noon + 1 });
    expect(types).toEqual(['PatientMessagePosted']);
    expect(data).toEqual([
      { messageId: 'm1', journeyId: 'j1', bodyRef: 'body-m1', commitment, receivedAt: noon + 1, revision: 2, turn: 'patient' },
    ]);
  });

  test('does not exist for somebody who has nothing to do with the journey', () => {
    const stranger = { ...calm, party: { belongs: false } };
    expect(post(opened, person('P', 'other'), 'm1', { facts: stranger }).refusal).toBe('entity-unknown');
  });

  test('takes no message without a text', () => {
    expect(post(opened, patient, 'm1', { facts: { ...calm, screening: undefined } }).refusal).toBe('entity-unknown');
  });

  test('takes a message once, and never somebody else’s under the same id', () => {
    const { history } = post(opened, patient, 'm1');
    expect(post(history, patient, 'm1')).toMatchObject({ types: [] });
    expect(post(history, clinician, 'm1').refusal).toBe('not-allowed-in-state');
  });
});

describe('the turn', () => {
  test('is told only when it changes', () => {
    const first = post(opened, clinician, 'm1', { asks: true });
    const remark = post(first.history, clinician, 'm2');
    const answer = post(remark.history, parent, 'm3');
    const more = post(answer.history, patient, 'm4');
    const reply = post(more.history, clinician, 'm5');
    const again = post(reply.history, coordinator, 'm6');
    expect([first, remark, answer, more, reply, again].map(turnOf)).toEqual([
      'clinicianAsks',
      undefined,
      'patient',
      undefined,
      'clinician',
      undefined,
    ]);
  });

  test('names the clinician, but no coordinator', () => {
    expect(post(opened, clinician, 'm1').data[0]).toMatchObject({ clinicianId: 'clinician-1' });
    expect(post(opened, coordinator, 'm1').data[0]).not.toHaveProperty('clinicianId');
  });

  test('starts anew with the follow-up window, so that a word left over from the consult hides no question', () => {
    const thanks = post(opened, patient, 'm1').history;
    const followUp = give(thanks, 'SetConversationWindow', { postableFrom: noon + 1, postableUntil: noon + minute }, noon + 2);
    expect(turnOf(followUp)).toBeUndefined();
    expect(turnOf(post(followUp.history, patient, 'm2', { now: noon + 3 }))).toBe('patient');
  });

  test('is the patient’s when the patient wrote between the start of the window and the command that sets it', () => {
    const thanks = post(opened, patient, 'm1').history;
    const question = post(thanks, patient, 'm2', { now: noon + 5 }).history;
    const followUp = give(question, 'SetConversationWindow', { postableFrom: noon + 1, postableUntil: noon + minute }, noon + 6);
    expect(followUp.data[0]).toMatchObject({ turn: 'patient', revision: 4 });
  });
});

describe('the follow-up window', () => {
  const end = Date.parse('2026-11-02T14:00:00.000Z');
  const window = { postableFrom: noon, postableUntil: end };
  const following = give(opened, 'SetConversationWindow', window).history;

  test('J-9: a message received at 13:59:59.999 is accepted', () => {
    expect(post(following, patient, 'm1', { now: end - 1 }).types).toEqual(['PatientMessagePosted']);
  });

  test('J-9: a message received at 14:00:00.000 is refused, and a danger in it is found all the same', () => {
    const refused = post(following, patient, 'm2', { now: end, facts: chest });
    expect(refused.refusal).toBe('window-expired');
    expect(refused.types).toEqual(['PatientMessageRefused', 'MessageRedFlagDetected']);
    expect(refused.data[0]).toMatchObject({ messageId: 'm2', receivedAt: end, reason: 'window-expired' });
    expect(refused.data[1]).toEqual({ messageId: 'm2', journeyId: 'j1', ruleId: 'msg-chest', ruleVersion: 1 });
  });

  test('counts the receipt, not the moment at which the message was composed', () => {
    expect(post(following, patient, 'm1', { now: end, at: end - 1 }).refusal).toBe('window-expired');
  });

  test('answers a refused message again with the refusal', () => {
    const { history } = post(following, patient, 'm1', { now: end });
    expect(post(history, patient, 'm1', { now: end })).toMatchObject({ refusal: 'window-expired', types: [] });
  });

  test('lets a clinician answer the open question after the end, and write nothing else', () => {
    const asked = post(following, patient, 'm1', { now: end - 1 }).history;
    const answer = post(asked, clinician, 'm2', { now: end + minute });
    expect(turnOf(answer)).toBe('clinician');
    expect(post(answer.history, clinician, 'm3', { now: end + minute })).toMatchObject({ refusal: 'window-expired', types: [] });
    expect(post(following, clinician, 'm4', { now: end }).refusal).toBe('window-expired');
  });

  test('is set once, and again when it changes', () => {
    expect(give(following, 'SetConversationWindow', window)).toMatchObject({ types: [] });
    const longer = give(following, 'SetConversationWindow', { ...window, postableUntil: end + minute });
    expect(post(longer.history, patient, 'm1', { now: end }).types).toEqual(['PatientMessagePosted']);
  });

  test('ends early when the conversation is closed', () => {
    const closed = give(following, 'CloseConversation', {}, noon + minute);
    expect(closed.types).toEqual(['ConversationClosed']);
    expect(closed.data[0]).toMatchObject({ postableUntil: noon + minute });
    expect(give(closed.history, 'CloseConversation')).toMatchObject({ types: [] });
    expect(post(closed.history, patient, 'm1', { now: noon + minute }).refusal).toBe('window-expired');
  });

  test('may open again after the conversation was closed', () => {
    const closed = give(following, 'CloseConversation', {}, noon + minute).history;
    const again = give(closed, 'SetConversationWindow', window, noon + minute).history;
    expect(post(again, patient, 'm1', { now: noon + 2 * minute }).types).toEqual(['PatientMessagePosted']);
  });
});

describe('a dangerous message', () => {
  test('is found also when it is accepted, and only when the patient wrote it', () => {
    expect(post(opened, parent, 'm1', { facts: chest }).types).toEqual(['PatientMessagePosted', 'MessageRedFlagDetected']);
    expect(post(opened, clinician, 'm2', { facts: chest }).types).toEqual(['ClinicianMessagePosted']);
  });

  test.each([
    ['I have some chest tightness', ['msg-chest']],
    ['He can’t  BREATHE, and his lips are blue!', ['msg-breathing']],
    ['I feel suicidal', ['msg-self-harm']],
    ['No chest pain since yesterday', ['msg-chest']],
    ['The swab was fine, thank you', []],
    ['We begasping', []],
  ])('%s', (body, rules) => {
    expect(screenMessage(messageRules, body).map(({ ruleId }) => ruleId)).toEqual(rules);
  });
});

describe('reading', () => {
  const read = (history: readonly Given[], actor: typeof patient, messageId: string, belongs = true) =>
    decideOn(aggregates.conversation, history, 'MarkMessageRead', { messageId }, { actor, facts: { party: { belongs } } });
  const { history } = post(opened, patient, 'm1');

  test('is recorded once, by the other side', () => {
    const first = read(history, clinician, 'm1');
    expect(first.types).toEqual(['MessageRead']);
    expect(first.data).toEqual([{ messageId: 'm1', receivedAt: noon }]);
    expect(read(first.history, clinician, 'm1')).toMatchObject({ types: [] });
    expect(read(history, parent, 'm1')).toMatchObject({ types: [] });
  });

  test('of a message that is not there is refused', () => {
    expect(read(history, clinician, 'm9').refusal).toBe('entity-unknown');
    expect(read(history, person('P', 'other'), 'm1', false).refusal).toBe('entity-unknown');
  });
});
