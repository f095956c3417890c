/** Why a command is not accepted: what a person should read, and what would make it succeed. */
interface RefusalText {
  readonly text: string;
  readonly remedy: string;
}

/** The public reason codes of the domain reference, section 5. A code is never reused for another reason. */
export const refusals = {
  'journey-closed': { text: 'The journey is closed.', remedy: 'Start a new journey, or ask a coordinator to re-open this one.' },
  'entity-unknown': { text: 'There is no such entity here.', remedy: 'Check the id; it stands in the answer to the command that created it.' },
  'not-allowed-in-state': { text: 'This is not possible in the present state.', remedy: 'Read the journey to see where it stands.' },
  'not-your-role': { text: 'Your role may not do this.', remedy: 'Ask somebody whose role may.' },
  'stale-version': { text: 'The journey has changed since you read it.', remedy: 'Read it again and repeat with its present version.' },
} as const satisfies Readonly<Record<string, RefusalText>>;

export type RefusalCode = keyof typeof refusals;
