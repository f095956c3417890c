import type { Instant } from '../kernel/time.ts';
import type { Closing } from './closing/state.ts';
import type { Consults } from './consult/state.ts';
import type { Deliveries } from './delivery/state.ts';
import type { Emergency } from './emergency/state.ts';
import type { Escalations } from './escalation.ts';
import type { FollowUp } from './follow-up/state.ts';
import type { Intake } from './intake/state.ts';
import type { Lab } from './lab/state.ts';
import type { Money } from './money/state.ts';
import type { Prescriptions } from './prescription/state.ts';
import type { Visits } from './visit/state.ts';
import type { Work } from './work/state.ts';

/** One patient's journey as its events have made it; one slice per stage. */
export interface Journey {
  /** Number of events, which is the version of the stream. */
  readonly revision: number;
  /** When the latest event happened. */
  readonly heardAt: Instant;
  /** The command that left the last events. */
  readonly lastCommand: string;
  readonly intake: Intake;
  readonly emergency: Emergency;
  readonly consult: Consults;
  readonly visit: Visits;
  readonly lab: Lab;
  readonly prescription: Prescriptions;
  readonly delivery: Deliveries;
  readonly followUp: FollowUp;
  readonly closing: Closing;
  readonly money: Money;
  readonly work: Work;
  readonly escalation: Escalations;
}
