import type { z } from 'zod';
import type { Instant } from '../../domain/kernel/time.ts';
import type { LedgerEntry } from './ledger.ts';

export const partyNames = ['eligibility', 'safety', 'pharmacy', 'courier', 'payment', 'notices'] as const;
export type PartyName = (typeof partyNames)[number];

/** Something that a stand-in tells us of its own accord, at an instant of journey time. */
export interface Told {
  readonly id: string;
  readonly at: Instant;
  readonly body: object;
}

/** One partner, as far as it can be seen from outside. */
export interface Party {
  /** Where it takes requests. */
  readonly path: string;
  readonly idPrefix: string;
  readonly refusal: { readonly status: number; readonly code: string };
  /** What it takes; anything more is a mistake of ours, or says more than a partner may know. */
  readonly schema: z.ZodType;
  /** What it answers about something that it has done, as of now. */
  readonly answer: (entry: LedgerEntry, now: Instant) => object;
  /** Requests that end an earlier one: from then on nothing more is told of that, unless it is too late. */
  readonly ends?: {
    /** Where the request names it in its path alone. */
    readonly path?: RegExp;
    readonly find: (body: unknown, entries: readonly LedgerEntry[]) => LedgerEntry | undefined;
    readonly isTooLate: (earlier: LedgerEntry, now: Instant) => boolean;
  };
  /** What it will tell us about it. */
  readonly tells: (entry: LedgerEntry) => readonly Told[];
}
