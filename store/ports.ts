import type { Instant } from '../domain/kernel/time.ts';

/** What time it is for the journeys. */
export interface Clock {
  now(): Promise<Instant>;
  /** Real instant (milliseconds since the epoch) at which journey time will be `at`; undefined while the clock is frozen. */
  realTimeOf(at: Instant): Promise<number | undefined>;
}

export interface ClockSetting {
  readonly now: Instant;
  /** Journey milliseconds per real millisecond; 0 freezes the clock. */
  readonly scale: number;
}

/** A clock that a developer may move forward, never back. The first setting may lie in the past. */
export interface JourneyClock extends Clock {
  read(): Promise<ClockSetting>;
  /** @throws ClockBackwards */
  set(change: { readonly at?: Instant; readonly advance?: number; readonly scale?: number }): Promise<ClockSetting>;
}

export class ClockBackwards extends Error {
  override readonly name = 'ClockBackwards';
}

/** What became of a call to the outside (domain reference 3.7). */
export type EffectOutcome = 'succeeded' | 'refused' | 'failed' | 'unknown';

export interface Attempt {
  readonly outcome?: EffectOutcome;
  /** What the partner answered, as the adapter needs it to build the same command again. */
  readonly result?: unknown;
}

/** Each attempt is written down before the call and settled after it, so that none is repeated blindly. */
export interface Attempts {
  /** Writes the attempt down. Returns what an earlier call of this attempt left, undefined if this is the first. */
  begin(effectId: string, attempt: number): Promise<Attempt | undefined>;
  settle(effectId: string, attempt: number, outcome: EffectOutcome, result: unknown): Promise<void>;
}

/** The same ledger as somebody sees it who makes no call. */
export interface AttemptLedger {
  /** The attempt as it stands, and how long ago it was begun in milliseconds of real time; undefined if it never was. */
  look(effectId: string, attempt: number): Promise<(Attempt & { readonly age: number }) | undefined>;
}

export interface InboxMessage {
  /** 1 for the first message; gapless in the order of arrival. */
  readonly position: number;
  readonly source: string;
  readonly externalId: string;
  readonly body: unknown;
  readonly receivedAt: Instant;
}

/** What partners sent, kept before it is acknowledged. */
export interface Inbox {
  /** False when this source's id has been received before: it is remembered for ever. */
  receive(message: Omit<InboxMessage, 'position'>): Promise<boolean>;
  read(after: number, limit: number): Promise<readonly InboxMessage[]>;
  /** Puts a message aside that no command could be made of, with the reason code. */
  park(position: number, reason: string): Promise<void>;
}

export interface Checkpoints {
  load(reader: string): Promise<number>;
  save(reader: string, position: number): Promise<void>;
}

export type IdempotencyState =
  | { readonly kind: 'new' }
  | { readonly kind: 'other-body' }
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown };

/** Answers to requests, by client, route and key, kept for 30 days (domain reference 12). */
export interface Idempotency {
  /**
   * Claims the key for a body, or says what is already known of it. A key claimed but never answered is new again: command ids make
   * the repeat harmless.
   */
  claim(client: string, route: string, key: string, bodyHash: string): Promise<IdempotencyState>;
  answer(client: string, route: string, key: string, status: number, body: unknown): Promise<void>;
}

/** Texts and identifiers about people, encrypted under one key per subject (domain reference 3.5). */
export interface Vault {
  /** Makes the subject's key if there is none. Returns its id. */
  register(subject: string): Promise<string>;
  /** Encrypts a text; returns its random reference. @throws KeyDestroyed */
  put(subject: string, stream: string, text: string): Promise<string>;
  /** Undefined if no such text stands under this subject. @throws KeyDestroyed */
  get(subject: string, reference: string): Promise<string | undefined>;
  destroyKey(subject: string): Promise<void>;
}

export class KeyDestroyed extends Error {
  override readonly name = 'KeyDestroyed';
}

/** Whose rows a read may see; the database holds the API's role to it. '' sees nothing. */
export interface Scope {
  /** An employer's id, or '*'. Reference data, which belong to nobody, are seen with either. */
  readonly tenant: string;
  /** Ids of patients, or '*'; none sees nothing. */
  readonly patients: '*' | readonly string[];
}
