// How the events of a visit change it, in the order in which they come.
import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { VisitTask } from './events.ts';
import { booked, goesToPatient, unbooked, type Visit, type VisitStatus } from './visit.ts';

/** A visit as it was ordered. */
export function requested({ data, occurredAt: requestedAt }: Extract<Happened<JourneyEvent>, { type: 'VisitRequested' }>): Visit {
  const { visitId: _key, basis: _basis, licenceBasis: _licence, ...order } = data;
  return {
    ...order,
    status: 'Requested',
    requestedAt,
    openTasks: data.tasks.map(({ taskRef }) => taskRef),
    alternatives: [],
    screened: false,
    moves: 0,
    confirmed: false,
    confirmationMissed: false,
    accepted: false,
    dispatch: { failures: 0, declinedBy: [] },
    late: false,
    doorAttempts: 0,
    remoteClinicians: [],
  };
}

/** The visit after one more of its events. */
export const evolveVisit = (visit: Visit, happened: Happened<JourneyEvent>): Visit =>
  [untilHeld, booking, assignment, onTheWay, atTheDoor, inProgress, inTheHome].reduce((known, step) => step(known, happened), visit);

type Step = (visit: Visit, happened: Happened<JourneyEvent>) => Visit;

const untilHeld: Step = (visit, { type, data }) => {
  switch (type) {
    case 'ServiceAreaConfirmed':
      return { ...visit, status: 'AreaChecked' };
    case 'ServiceAreaRejected':
      return { ...visit, alternatives: data.alternatives };
    case 'AlternativeChosen':
    case 'VisitDeclinedUnsafe':
      return { ...visit, status: 'Cancelled' };
    case 'HomeSafetyScreened':
      return { ...visit, screened: true, status: visit.status === 'AreaChecked' ? 'SafetyScreened' : visit.status };
    case 'VisitRefusedTooLate':
      if (!unbooked.includes(visit.status)) return visit;
      return data.fasterRoutes.length === 0 ? { ...visit, status: 'Cancelled' } : { ...visit, alternatives: data.fasterRoutes };
    case 'SlotHeld':
      return { ...visit, status: 'Held', slot: { slotId: data.slotId, window: data.window, holdExpiresAt: data.expiresAt } };
    case 'SlotHoldExpired':
    case 'SlotReleased':
      return withoutSlot(visit);
    default:
      return visit;
  }
};

const booking: Step = (visit, { type, data, occurredAt: scheduledAt }) => {
  switch (type) {
    case 'VisitScheduled': {
      const { slotId, window, feePolicy } = data;
      return { ...visit, status: 'Scheduled', scheduledAt, slot: { slotId, window }, feePolicy };
    }
    // What was promised for the old window says nothing about the new one.
    case 'VisitRescheduled': {
      const { slotId, window, feePolicy } = data;
      const { visitorId: _old, ...unassigned } = visit;
      const anew = { confirmed: false, confirmationMissed: false, accepted: false, late: false, moves: visit.moves + 1 };
      const dispatch = { failures: visit.dispatch.failures, declinedBy: [] };
      return { ...unassigned, ...anew, dispatch, status: 'Scheduled', scheduledAt, slot: { slotId, window }, feePolicy };
    }
    case 'VisitConfirmed':
      return withMark({ ...visit, confirmed: true });
    case 'VisitConfirmationMissed':
      return { ...visit, confirmationMissed: true };
    case 'VisitCancelled':
      return { ...visit, status: 'Cancelled' };
    default:
      return visit;
  }
};

const assignment: Step = (visit, { type, data, occurredAt: lastAt }) => {
  const { failures, declinedBy } = visit.dispatch;
  switch (type) {
    case 'VisitorAssigned':
      return { ...visit, visitorId: data.visitorId };
    case 'VisitorReassigned':
      return { ...backToTheBooking(visit), visitorId: data.visitorId };
    case 'VisitorAssignmentRefused': {
      // Whom a flag keeps away is not tried again by the rule.
      const unfit = data.reason === 'safety-flag' ? [...declinedBy, data.visitorId] : declinedBy;
      return { ...visit, dispatch: { failures: failures + 1, lastAt, declinedBy: unfit } };
    }
    case 'VisitorDeclined':
    case 'VisitorTurnedBack':
      return { ...backToTheBooking(visit), dispatch: { failures: failures + 1, lastAt, declinedBy: [...declinedBy, data.visitorId] } };
    case 'VisitorAccepted':
      return withMark({ ...visit, accepted: true });
    default:
      return visit;
  }
};

const onTheWay: Step = (visit, { type, data, occurredAt: at }) => {
  switch (type) {
    case 'VisitorDeparted':
      return { ...visit, status: 'EnRoute' };
    case 'VisitorDelayed':
      return { ...visit, late: visit.late || (visit.slot !== undefined && at >= visit.slot.window.to) };
    case 'VisitorArrived':
    case 'PatientCheckedIn':
      return { ...visit, status: 'Arrived', arrivedAt: data.at };
    default:
      return visit;
  }
};

const atTheDoor: Step = (visit, { type, data, occurredAt: at }) => {
  switch (type) {
    case 'DoorAnswered':
      return { ...visit, status: 'AtDoor', doorAttempts: data.attempt };
    case 'DoorUnanswered':
      return { ...visit, doorAttempts: data.attempt };
    case 'PatientNoShowRecorded':
      return { ...visit, status: 'NoShow' };
    case 'PatientIdentifiedAtVisit':
      return { ...visit, status: 'IdentityConfirmed' };
    case 'RemoteClinicianJoined':
      return { ...visit, remoteClinicians: [...visit.remoteClinicians, data.clinicianId] };
    case 'VisitStarted':
      return { ...visit, status: 'InProgress' };
    case 'VisitEnded':
      return { ...visit, status: data.openTasks.length === 0 ? 'Completed' : 'PartiallyCompleted', endedAt: at };
    case 'VisitAborted':
      return { ...visit, status: aborted[data.reason] };
    case 'VisitSummaryShared':
      return { ...visit, summaryRef: data.summaryRef };
    default:
      return visit;
  }
};

const aborted = {
  unsafe: 'AbortedUnsafe',
  emergency: 'AbortedEmergency',
  identity: 'AbortedOther',
  patientWithdrew: 'AbortedOther',
} as const satisfies Readonly<Record<string, VisitStatus>>;

const inProgress: Step = (visit, { type, data }) => {
  switch (type) {
    case 'VitalsRecorded':
      return withDone(visit, 'vitals');
    case 'EsiAssigned':
      return withDone(visit, 'esi');
    case 'ExamFindingRecorded':
      return withDone(visit, 'exam');
    case 'VaccineAdministered':
      return withDone(visit, 'vaccine', data.orderId);
    case 'StructuredAssessmentCompleted':
      return withDone(visit, 'assessment');
    case 'CareGapsListed':
      return withDone(visit, 'careGaps');
    case 'VisitTaskSkipped':
      return { ...visit, openTasks: visit.openTasks.filter((taskRef) => taskRef !== data.taskRef) };
    default:
      return visit;
  }
};

const inTheHome: Step = (visit, { type, data, occurredAt: at }) => {
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
};

/** The two marks come in either order; the state that is shown is the further one and never moves back. */
function withMark(visit: Visit): Visit {
  if (!booked.includes(visit.status)) return visit;
  return { ...visit, status: visit.accepted ? 'Assigned' : 'Confirmed' };
}

/** The visit without its visitor: the window stands, and somebody else is to come. */
function backToTheBooking({ visitorId: _gone, ...visit }: Visit): Visit {
  const onItsWay = booked.includes(visit.status) || visit.status === 'EnRoute';
  return { ...visit, accepted: false, ...(onItsWay && { status: visit.confirmed ? 'Confirmed' : 'Scheduled' }) };
}

/** A slot that is given back takes the visit back to where it was before, unless the visit has ended. */
function withoutSlot({ slot: _free, ...visit }: Visit): Visit {
  if (visit.status !== 'Held') return visit;
  const before = visit.screened ? 'SafetyScreened' : 'AreaChecked';
  return { ...visit, status: goesToPatient(visit) ? before : 'Requested' };
}

/** The visit after an act of this kind; an act for an order does the tasks of that order and those that name none. */
export function withDone(visit: Visit, kind: VisitTask['kind'], orderId?: string): Visit {
  const done = visit.tasks
    .filter((task) => task.kind === kind && (orderId === undefined || task.orderId === undefined || task.orderId === orderId))
    .map(({ taskRef }) => taskRef);
  return { ...visit, openTasks: visit.openTasks.filter((taskRef) => !done.includes(taskRef)) };
}
