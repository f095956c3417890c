// One in-person contact as its events have made it (domain reference 5.4).
import type { Instant } from '../../kernel/time.ts';
import type { FeePolicy, VisitsEvent, VisitTask } from './events.ts';

/** In the order of the state table; a side end stands after the states it may interrupt. */
export type VisitStatus =
  | 'Requested'
  | 'AreaChecked'
  | 'SafetyScreened'
  | 'Held'
  | 'Scheduled'
  | 'Confirmed'
  | 'Assigned'
  | 'EnRoute'
  | 'Arrived'
  | 'AtDoor'
  | 'IdentityConfirmed'
  | 'InProgress'
  | 'Completed'
  | 'PartiallyCompleted'
  | 'NoShow'
  | 'Cancelled'
  | 'AbortedUnsafe'
  | 'AbortedOther'
  | 'AbortedEmergency';

/** The window that is held or booked for a visit. */
export interface Slot {
  readonly slotId: string;
  readonly window: { readonly from: Instant; readonly to: Instant };
  /** While the slot is held and not booked. */
  readonly holdExpiresAt?: Instant;
}

/** Runs exactly while a visitor is in the home (I-8). */
export interface LoneWorkerTimer {
  readonly visitorId: string;
  readonly dueAt: Instant;
  /** Checks missed since the visitor last gave a sign. */
  readonly missed: number;
}

type Ordered = Extract<VisitsEvent, { type: 'VisitRequested' }>['data'];
type Kept = 'place' | 'siteId' | 'reasonCode' | 'skills' | 'plannedMin' | 'notBefore' | 'notAfter' | 'replaces';

export interface Visit extends Pick<Ordered, Kept> {
  readonly status: VisitStatus;
  readonly requestedAt: Instant;
  readonly tasks: readonly VisitTask[];
  /** References of the tasks that are neither done nor skipped. */
  readonly openTasks: readonly string[];
  /** Other ways to the care, offered since the area does not serve the place or no window meets the limit. */
  readonly alternatives: readonly string[];
  readonly screened: boolean;
  readonly slot?: Slot;
  readonly scheduledAt?: Instant;
  readonly feePolicy?: FeePolicy;
  /** How often the booked window was moved. */
  readonly moves: number;
  readonly confirmed: boolean;
  readonly confirmationMissed: boolean;
  readonly visitorId?: string;
  readonly accepted: boolean;
  /** Assignments that came to nothing, when the last of them did, and who declined or turned back. */
  readonly dispatch: { readonly failures: number; readonly lastAt?: Instant; readonly declinedBy: readonly string[] };
  /** The window ended before anybody arrived. */
  readonly late: boolean;
  readonly arrivedAt?: Instant;
  readonly doorAttempts: number;
  /** Clinicians who take part from afar. */
  readonly remoteClinicians: readonly string[];
  readonly timer?: LoneWorkerTimer;
  readonly endedAt?: Instant;
  readonly leftAt?: Instant;
  readonly summaryRef?: string;
}

/** States before a slot is held, states from the booking until the visitor departs, and states at the place of the visit. */
export const unbooked: readonly VisitStatus[] = ['Requested', 'AreaChecked', 'SafetyScreened'];
export const booked: readonly VisitStatus[] = ['Scheduled', 'Confirmed', 'Assigned'];
export const atThePlace: readonly VisitStatus[] = ['Arrived', 'AtDoor', 'IdentityConfirmed', 'InProgress'];
const terminal: readonly VisitStatus[] = [
  'Completed',
  'PartiallyCompleted',
  'NoShow',
  'Cancelled',
  'AbortedUnsafe',
  'AbortedOther',
  'AbortedEmergency',
];

/** True where a visitor goes to the patient; to the other places the patient comes. */
export const goesToPatient = ({ place }: Pick<Visit, 'place'>): boolean => place === 'home' || place === 'office';

/** A slot as the events about it name it. */
export const slotOf = (visitId: string, { slotId, window }: Slot) => ({ visitId, slotId, window });

/** True if this arrival would come after the end of the promised window. */
export const isLate = ({ slot }: Visit, eta: Instant): boolean => slot !== undefined && eta > slot.window.to;

/** True while nobody is where the patient is. */
export const hasLeft = (visit: Visit): boolean => goesToPatient(visit) && !visit.timer;

export const isTerminal = ({ status }: Visit): boolean => terminal.includes(status);
