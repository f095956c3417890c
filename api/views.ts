// The read side as the API needs it: shapes of answers, which the screens share, and the ports behind them.
import type { Role } from '../domain/kernel/actor.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { Scope } from '../store/ports.ts';

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

/** A unit of human work that is not done. */
export interface OpenTask {
  readonly taskId: string;
  readonly kind: string;
  readonly ownerRole: Role;
  readonly ownerId?: string;
  readonly dueAt: Instant;
}

/** One journey as the board shows it, in ids and codes. */
export interface BoardRow {
  readonly journeyId: string;
  readonly employerId: string;
  readonly templateId: string;
  readonly entryPoint: string;
  readonly superState: string;
  readonly overlays: readonly string[];
  readonly outcome?: string;
  readonly needsHuman: boolean;
  readonly why: Why;
  readonly waitingOn: { readonly who: Role; readonly id?: string };
  /** Name of the command that moves the journey on. */
  readonly unblocks: string;
  /** A safety clock runs or an emergency is open. */
  readonly safety: boolean;
  readonly nearestDeadline?: { readonly name: string; readonly entityId: string; readonly dueAt: Instant };
  /** Promises broken so far. */
  readonly breaches: number;
  readonly owner: { readonly role: Role; readonly id?: string } | null;
  readonly openTasks: readonly OpenTask[];
  readonly children: readonly { readonly kind: string; readonly id: string; readonly status: string }[];
  readonly requestedAt: Instant;
  readonly updatedAt: Instant;
  readonly revision: number;
  /** Position in the log of the event that last changed the row. */
  readonly position: number;
}

/** Which rows are asked for; whatever is not named does not matter. */
export interface BoardFilter {
  /** A super-state, or `open` for every state but Closed. */
  readonly state?: string;
  readonly needsHuman?: boolean;
  readonly waitingOn?: Role;
  readonly owner?: string;
  readonly employerId?: string;
}

export interface BoardPage {
  readonly rows: readonly BoardRow[];
  /** Where the next page begins; absent at the end. */
  readonly next?: string;
  /** Position in the log that the rows stand for. */
  readonly position: number;
  /** How many rows the filter lets through in all. */
  readonly total: number;
}

/** The board as it is read. */
export interface BoardView {
  /** Rows in the order of the board. @throws Unavailable */
  page(scope: Scope, filter: BoardFilter, range: { readonly limit: number; readonly cursor?: string }): Promise<BoardPage>;
  /** Rows that changed after a position, in the order of their positions. @throws Unavailable */
  changed(scope: Scope, after: number, limit: number): Promise<readonly BoardRow[]>;
  /** Position up to which the view has taken the log in. @throws Unavailable */
  position(): Promise<number>;
  /** Waits until the view has taken a position in; false if it has not by then. @throws Unavailable */
  reached(position: number, timeoutMs: number): Promise<boolean>;
}

/** One figure of an employer, or the mark that it is hidden. */
export interface Figure {
  readonly measure: string;
  readonly unit: string;
  readonly value?: number;
  /** It covers 1 to 10 persons, or would reveal such a number. */
  readonly hidden?: boolean;
  readonly numerator?: number;
  readonly denominator?: number;
}

/** What an employer may know of one month. */
export interface AccessFigures {
  readonly employerId: string;
  readonly month: string;
  readonly figures: readonly Figure[];
  /** Too few people are enrolled for any figure of their own. */
  readonly pooled?: boolean;
  readonly position: number;
}

/** The figures of employers as they are read. */
export interface AccessView {
  /** @throws Unavailable */
  month(scope: Scope, employerId: string, month: string): Promise<AccessFigures>;
}

/** Where one view stands. */
export interface ViewStatus {
  readonly view: string;
  /** `stopped`: an event could not be taken, and nothing after it is shown. */
  readonly state: 'caughtUp' | 'behind' | 'stopped';
  readonly position: number;
  readonly lagEvents: number;
  readonly lagSeconds: number;
}

/** The views of a running system. */
export interface Views {
  /** Where each view stands. */
  status(): Promise<readonly ViewStatus[]>;
  readonly board: BoardView;
  readonly access: AccessView;
}
