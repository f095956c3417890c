import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Actor } from '../domain/kernel/actor.ts';
import type { Effect } from '../domain/kernel/plan.ts';
import type { Instant } from '../domain/kernel/time.ts';

/** One command on its way to a stream. Its id is also the Update's id. */
export interface CommandMessage {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly actor: Actor;
  /** Where it came in. */
  readonly source: 'api' | 'inbox' | 'owed' | 'timer' | 'effect' | 'seed';
  /** When it happened in the world, if that was not now. */
  readonly occurredAt?: Instant;
  /** The version that the sender has read (`If-Match`); refused as `stale-version` if it is no longer the present one. */
  readonly expectedRevision?: number;
  /** The event or command that led to this one. */
  readonly causationId?: string;
}

export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly entityId: string;
}

export type Answer =
  | { readonly accepted: true; readonly revision: number; readonly position: number; readonly events: readonly RecordedEvent[] }
  | {
      readonly accepted: false;
      readonly code: string;
      readonly text: string;
      readonly remedy: string;
      readonly revision: number;
      /** What the refusal left behind, where a patient, a clinician or an auditor would care. */
      readonly events: readonly RecordedEvent[];
    };

/** A deadline whose command fails for a defect, and the real instant before which it is not given again. */
export interface SetAside {
  readonly commandId: string;
  readonly until: number;
  readonly times: number;
}

/** What was recorded for one command, and all that a run needs to know to go on. */
export interface Step {
  readonly answer: Answer;
  /** Every effect that is outstanding and due, not only the new ones. */
  readonly effects: readonly Effect[];
  /** When to wake (milliseconds since the epoch, real time) and the command to give then; without one, read the Step again. */
  readonly next?: { readonly wakeAt: number; readonly command?: CommandMessage };
  /** Nothing is outstanding: the run may end. */
  readonly done: boolean;
  /** Super-state, as the search attribute shows it. */
  readonly stage: string;
  /** What the Temporal UI shows: open items and what they wait for. */
  readonly details: string;
  readonly setAside: readonly SetAside[];
}

export const command = defineUpdate<Answer, [CommandMessage]>('command');

/** Read the Step again: the clock was moved, or this run may be behind its stream. */
export const refresh = defineSignal('refresh');
