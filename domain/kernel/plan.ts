import type { Role } from './actor.ts';
import type { Instant } from './time.ts';

/** An instant at which something must happen if nothing else does before; `name` is a clock of the domain reference, section 8. */
export interface Deadline {
  readonly name: string;
  readonly entityId: string;
  readonly dueAt: Instant;
}

/** Id of the command that a deadline is: the same instant of the same clock is given once. */
export const deadlineId = ({ name, entityId, dueAt }: Deadline): string => `deadline:${name}:${entityId}:${dueAt}`;

/** A call that the state requires; it exists from its intent event to its outcome event. */
export interface Effect {
  /** Also the receiver's idempotency key, the same for every attempt. */
  readonly id: string;
  readonly attempt: number;
  readonly kind: string;
  readonly entityId: string;
  /** Not to be started before this instant (retries, queries, reminders, check-ins). */
  readonly notBefore?: Instant;
}

/** Who is answerable now. */
export interface Owner {
  readonly role: Role;
  readonly id?: string;
}

/** What one stage waits for, from the journey's state alone. */
export interface StagePlan {
  readonly deadlines: readonly Deadline[];
  readonly effects: readonly Effect[];
}

export interface Plan extends StagePlan {
  readonly owner: Owner | null;
}
