import type { Actor } from '../kernel/actor.ts';
import type { Context } from '../kernel/command.ts';

/** Why a journey is to end before its care is done (the columns of domain reference 5.12). */
export type Cause = 'cancelled' | 'withdrawn' | 'leftAgainstAdvice' | 'died';

/** Who ends a journey, why, and what every stage may need for its own part. */
export interface Ending extends Pick<Context, 'at' | 'newId'> {
  readonly cause: Cause;
  readonly actor: Actor;
  readonly reason: string;
}
