import type { Closing } from './closing/state.ts';
import type { Consults } from './consult/state.ts';
import type { Emergency } from './emergency.ts';
import type { Intake } from './intake/state.ts';
import type { Work } from './work/state.ts';

/** One patient's journey as its events have made it; one slice per stage. */
export interface Journey {
  /** Number of events, which is the version of the stream. */
  readonly revision: number;
  /** The command that left the last events. */
  readonly lastCommand: string;
  readonly intake: Intake;
  readonly emergency: Emergency;
  readonly consult: Consults;
  readonly closing: Closing;
  readonly work: Work;
}
