import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import type { VisitsEvent, VisitTask } from './events.ts';

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

/** One in-person contact as its events have made it. */
export interface Visit extends Pick<Ordered, 'place' | 'siteId' | 'skills' | 'plannedMin' | 'notBefore' | 'notAfter' | 'replaces'> {
  readonly status: VisitStatus;
  readonly requestedAt: Instant;
  readonly tasks: readonly VisitTask[];
  /** References of the tasks that are neither done nor skipped. */
  readonly openTasks: readonly string[];
  readonly screened: boolean;
  readonly slot?: Slot;
  readonly scheduledAt?: Instant;
  /** Until when cancelling is free, and what it costs afterwards; from the booking on. */
  readonly feePolicy?: { readonly freeUntil: Instant; readonly feeCents: number };
  readonly confirmed: boolean;
  readonly confirmationMissed: boolean;
  readonly visitorId?: string;
  readonly accepted: boolean;
  /** Assignments that came to nothing, when the last of them did, and who declined. */
  readonly dispatch: { readonly failures: number; readonly lastAt?: Instant; readonly declinedBy: readonly string[] };
  /** The window ended before anybody arrived. */
  readonly late: boolean;
  readonly doorAttempts: number;
  readonly timer?: LoneWorkerTimer;
  readonly endedAt?: Instant;
  readonly leftAt?: Instant;
  readonly summaryRef?: string;
}

export interface Visits {
  readonly byId: Readonly<Record<string, Visit>>;
}
export const initial: Visits = { byId: {} };

/** States before a slot is held, and states from the booking until the visitor departs. */
export const unbooked: readonly VisitStatus[] = ['Requested', 'AreaChecked', 'SafetyScreened'];
export const booked: readonly VisitStatus[] = ['Scheduled', 'Confirmed', 'Assigned'];
const terminal: readonly VisitStatus[] = [
  'Completed',
  'PartiallyCompleted',
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

/** Ids of those that are not terminal, or whose visitor is still in the home. */
export const openIds = ({ byId }: Visits): readonly string[] =>
  Object.entries(byId)
    .filter(([, visit]) => !isTerminal(visit) || visit.timer)
    .map(([visitId]) => visitId);

/** The visit in progress at which the order's task is still to be done. */
export const openVisitOf = ({ byId }: Visits, orderId: string): Visit | undefined =>
  Object.values(byId).find(
    ({ status, tasks, openTasks }) =>
      status === 'InProgress' && tasks.some((task) => task.orderId === orderId && openTasks.includes(task.taskRef)),
  );

export function evolve(visits: Visits, happened: Happened<JourneyEvent>): Visits {
  const { data } = happened;
  if (happened.type === 'PointOfCareTestPerformed') return afterTest(visits, happened.data.orderId);
  if (!('visitId' in data) || data.visitId === undefined) return visits;
  const known = visits.byId[data.visitId];
  const visit = happened.type === 'VisitRequested' ? requested(happened) : known && evolveVisit(known, happened);
  return visit && visit !== known ? { byId: { ...visits.byId, [data.visitId]: visit } } : visits;
}

function requested({ data, occurredAt: requestedAt }: Extract<Happened<JourneyEvent>, { type: 'VisitRequested' }>): Visit {
  const { visitId: _key, reasonCode: _reason, basis: _basis, licenceBasis: _licence, ...order } = data;
  return {
    ...order,
    status: 'Requested',
    requestedAt,
    openTasks: data.tasks.map(({ taskRef }) => taskRef),
    screened: false,
    confirmed: false,
    confirmationMissed: false,
    accepted: false,
    dispatch: { failures: 0, declinedBy: [] },
    late: false,
    doorAttempts: 0,
  };
}

const evolveVisit = (visit: Visit, happened: Happened<JourneyEvent>): Visit =>
  inTheHome(atTheVisit(onTheWay(untilBooked(visit, happened), happened), happened), happened);

function untilBooked(visit: Visit, { type, data, occurredAt: at }: Happened<JourneyEvent>): Visit {
  switch (type) {
    case 'ServiceAreaConfirmed':
      return { ...visit, status: 'AreaChecked' };
    case 'HomeSafetyScreened':
      return { ...visit, screened: true, status: visit.status === 'AreaChecked' ? 'SafetyScreened' : visit.status };
    case 'VisitDeclinedUnsafe':
    case 'VisitCancelled':
      return { ...visit, status: 'Cancelled' };
    case 'SlotHeld':
      return { ...visit, status: 'Held', slot: { slotId: data.slotId, window: data.window, holdExpiresAt: data.expiresAt } };
    case 'SlotHoldExpired':
    case 'SlotReleased':
      return withoutSlot(visit);
    case 'VisitRefusedTooLate':
      return data.fasterRoutes.length === 0 ? { ...visit, status: 'Cancelled' } : visit;
    case 'VisitScheduled':
      return {
        ...visit,
        status: 'Scheduled',
        scheduledAt: at,
        slot: { slotId: data.slotId, window: data.window },
        feePolicy: data.feePolicy,
      };
    case 'VisitConfirmed':
      return withMark({ ...visit, confirmed: true });
    case 'VisitConfirmationMissed':
      return { ...visit, confirmationMissed: true };
    default:
      return visit;
  }
}

function onTheWay(visit: Visit, { type, data, occurredAt: at }: Happened<JourneyEvent>): Visit {
  const { failures, declinedBy } = visit.dispatch;
  switch (type) {
    case 'VisitorAssigned':
      return { ...visit, visitorId: data.visitorId };
    case 'VisitorAssignmentRefused':
      return { ...visit, dispatch: { failures: failures + 1, lastAt: at, declinedBy } };
    case 'VisitorDeclined': {
      const { visitorId: _declined, ...unassigned } = visit;
      return { ...unassigned, dispatch: { failures: failures + 1, lastAt: at, declinedBy: [...declinedBy, data.visitorId] } };
    }
    case 'VisitorAccepted':
      return withMark({ ...visit, accepted: true });
    case 'VisitorDeparted':
      return { ...visit, status: 'EnRoute' };
    case 'VisitorDelayed':
      return { ...visit, late: visit.late || (visit.slot !== undefined && at >= visit.slot.window.to) };
    case 'VisitorArrived':
    case 'PatientCheckedIn':
      return { ...visit, status: 'Arrived' };
    default:
      return visit;
  }
}

function atTheVisit(visit: Visit, { type, data, occurredAt: at }: Happened<JourneyEvent>): Visit {
  switch (type) {
    case 'DoorAnswered':
      return { ...visit, status: 'AtDoor', doorAttempts: data.attempt };
    case 'DoorUnanswered':
      return { ...visit, doorAttempts: data.attempt };
    case 'PatientIdentifiedAtVisit':
      return { ...visit, status: 'IdentityConfirmed' };
    case 'VisitStarted':
      return { ...visit, status: 'InProgress' };
    case 'VitalsRecorded':
      return withDone(visit, ({ kind }) => kind === 'vitals');
    case 'VisitTaskSkipped':
      return withDone(visit, ({ taskRef }) => taskRef === data.taskRef);
    case 'VisitEnded':
      return { ...visit, status: data.openTasks.length === 0 ? 'Completed' : 'PartiallyCompleted', endedAt: at };
    case 'VisitSummaryShared':
      return { ...visit, summaryRef: data.summaryRef };
    case 'VisitAborted':
      return { ...visit, status: aborted[data.reason] };
    default:
      return visit;
  }
}

const aborted = {
  unsafe: 'AbortedUnsafe',
  emergency: 'AbortedEmergency',
  identity: 'AbortedOther',
  patientWithdrew: 'AbortedOther',
} as const satisfies Readonly<Record<string, VisitStatus>>;

function inTheHome(visit: Visit, { type, data, occurredAt: at }: Happened<JourneyEvent>): Visit {
  switch (type) {
    case 'LoneWorkerTimerStarted':
    case 'LoneWorkerTimerExtended':
    case 'LoneWorkerCheckAnswered':
      return { ...visit, timer: { visitorId: data.visitorId, dueAt: data.dueAt, missed: 0 } };
    case 'LoneWorkerCheckMissed':
      return visit.timer ? { ...visit, timer: { ...visit.timer, missed: data.rung } } : visit;
    case 'VisitorLeftHome':
      return { ...visit, leftAt: at };
    case 'LoneWorkerTimerStopped': {
      const { timer: _stopped, ...left } = visit;
      return left;
    }
    default:
      return visit;
  }
}

/** The two marks come in either order; the state that is shown is the further one and never moves back. */
function withMark(visit: Visit): Visit {
  if (!booked.includes(visit.status)) return visit;
  return { ...visit, status: visit.accepted ? 'Assigned' : 'Confirmed' };
}

function withoutSlot({ slot: _free, ...visit }: Visit): Visit {
  if (visit.status !== 'Held') return visit;
  const before = visit.screened ? 'SafetyScreened' : 'AreaChecked';
  return { ...visit, status: goesToPatient(visit) ? before : 'Requested' };
}

function withDone(visit: Visit, isDone: (task: VisitTask) => boolean): Visit {
  const done = visit.tasks.filter(isDone).map(({ taskRef }) => taskRef);
  return { ...visit, openTasks: visit.openTasks.filter((taskRef) => !done.includes(taskRef)) };
}

/** The test names its order; the visit that has a task for it has that task done. */
function afterTest({ byId }: Visits, orderId: string): Visits {
  const after = Object.entries(byId).map(([visitId, visit]) => [visitId, withDone(visit, (task) => task.orderId === orderId)] as const);
  return { byId: Object.fromEntries(after) };
}
