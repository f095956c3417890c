// A row of the board, the order in which rows stand and which of them a filter lets through. The screens run this file as it is: it
// imports types and nothing else.
import type { Role } from '../domain/kernel/actor.ts';
import type { Deadline, Owner } from '../domain/kernel/plan.ts';
import type { Instant } from '../domain/kernel/time.ts';

/** Why a journey stands where it stands. */
export type Why =
  | 'emergencyOpen'
  | 'emergencyLocation'
  | 'emergencyAdvice'
  | 'emergencyHandoff'
  | 'emergencyCallback'
  | 'emergencyContact'
  | 'emergencyWelfareCheck'
  | 'emergencyOutcome'
  | 'deathToReport'
  | 'incidentOpen'
  | 'escalationOpen'
  | 'taskOpen'
  | 'promiseBroken'
  | 'consultQueued'
  | 'consultHeld'
  | 'patientToAnswer'
  | 'patientToBook'
  | 'visitUnderway'
  | 'resultToReview'
  | 'prescriptionUnderway'
  | 'deliveryUnderway'
  | 'questionOpen'
  | 'followUpRunning'
  | 'intakeIncomplete'
  | 'closingBlocked'
  | 'closed';

/** One reason for which a journey does not go on by itself. */
export interface Reason {
  readonly why: Why;
  readonly waitingOn: { readonly who: Role; readonly id?: string };
  /** The command that moves it on; '' where nothing is left to do. */
  readonly unblocks: string;
  readonly needsHuman: boolean;
}

/** A unit of human work that is not done. */
export interface OpenTask {
  readonly taskId: string;
  readonly kind: string;
  readonly ownerRole: Role;
  readonly ownerId?: string;
  readonly dueAt: Instant;
}

/** An emergency case, a consult, a visit, an order or a delivery. */
export interface Child {
  readonly kind: string;
  readonly id: string;
  readonly status: string;
}

/** One journey as the board shows it, in ids and codes. */
export interface BoardRow extends Reason {
  readonly journeyId: string;
  readonly employerId: string;
  readonly templateId: string;
  readonly entryPoint: string;
  readonly superState: string;
  readonly overlays: readonly string[];
  readonly outcome?: string;
  /** A safety clock runs or an emergency is open. */
  readonly safety: boolean;
  readonly nearestDeadline?: Deadline;
  /** Promises broken so far. */
  readonly breaches: number;
  readonly owner: Owner | null;
  readonly openTasks: readonly OpenTask[];
  readonly children: readonly Child[];
  readonly requestedAt: Instant;
  /** When the last event happened. */
  readonly updatedAt: Instant;
  readonly revision: number;
  /** Position in the log of the event that last changed the row. */
  readonly position: number;
}

/** Which rows to show; without a field, all. */
export interface BoardFilter {
  /** A super-state, or `open` for every state but Closed. */
  readonly state?: string;
  readonly needsHuman?: boolean;
  /** Role on which the journey waits. */
  readonly waitingOn?: Role;
  /** Id of the owner. */
  readonly owner?: string;
  readonly employerId?: string;
}

export interface BoardPage {
  readonly rows: readonly BoardRow[];
  /** Cursor of the next page; absent on the last. */
  readonly next?: string;
  /** Position of the log up to which the rows tell. */
  readonly position: number;
  /** Rows that the filter lets through in all, counted up to `mostCounted`. */
  readonly total: number;
}

/** Counting a million rows for every page would cost more than the page. */
export const mostCounted = 1_000;

/** Safety first, then a broken promise that needs somebody, then all others. */
export function urgencyOf({ safety, needsHuman, breaches }: BoardRow): 0 | 1 | 2 {
  if (safety) return 0;
  return needsHuman && breaches > 0 ? 1 : 2;
}

/** The nearest deadline as the order counts it: a row without one stands after all that have one. */
export const dueAtOf = ({ nearestDeadline }: BoardRow): number => nearestDeadline?.dueAt ?? Number.MAX_SAFE_INTEGER;

/** The order of the board: urgency, nearest deadline, age. */
export const compareRows = (a: BoardRow, b: BoardRow): number =>
  urgencyOf(a) - urgencyOf(b) || dueAtOf(a) - dueAtOf(b) || a.requestedAt - b.requestedAt || compareIds(a.journeyId, b.journeyId);

const compareIds = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** True for a row that the filter lets through. */
export function passes(row: BoardRow, { state, needsHuman, waitingOn, owner, employerId }: BoardFilter): boolean {
  if (state !== undefined && (state === 'open' ? row.superState === 'Closed' : row.superState !== state)) return false;
  if (needsHuman !== undefined && row.needsHuman !== needsHuman) return false;
  if (waitingOn !== undefined && row.waitingOn.who !== waitingOn) return false;
  if (owner !== undefined && row.owner?.id !== owner) return false;
  return employerId === undefined || row.employerId === employerId;
}
