// In-person visit (domain reference 5.4).
import { z } from 'zod';
import { At, Cents, Code, type EventOf, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';
import { SlotId } from '../../reference/capacity.ts';
import { Alternatives, IdentifierKinds } from '../intake/events.ts';

const Place = z.enum(['home', 'office', 'clinicSite', 'driveUpSite', 'drawStation']);
/** Each kind is closed by one event: `VitalsRecorded`, `PointOfCareTestPerformed`. */
const VisitTaskKind = z.enum(['vitals', 'pointOfCareTest']);
const VisitTask = z.strictObject({ taskRef: Id, kind: VisitTaskKind, orderId: Id.optional() });
export type VisitTask = z.output<typeof VisitTask>;
export const CodedValues = z
  .record(Code, z.number().min(0).max(1_000))
  .refine((values) => Object.keys(values).length > 0, 'holds no value');

/** What somebody who orders a visit decides about it. */
export const ordered = {
  place: Place,
  siteId: Id.optional(),
  reasonCode: Code,
  tasks: z
    .array(VisitTask)
    .max(20)
    .refine((tasks) => new Set(tasks.map(({ taskRef }) => taskRef)).size === tasks.length, 'names a task twice'),
  skills: z.array(Code).max(20),
  plannedMin: z.int().min(1).max(600),
  notBefore: At,
  notAfter: At,
  replaces: Id.optional(),
};

const visit = { visitId: Id };
const area = {
  ...visit,
  areaId: Id.optional(),
  areaVersion: z.int().min(0).optional(),
  reason: Code.optional(),
  alternatives: Alternatives,
};
const screened = { ...visit, formVersion: z.int().min(1), flags: z.array(Code).max(20), reason: Code.optional() };
const slot = { ...visit, slotId: SlotId, window: z.strictObject({ from: At, to: At }) };
const visitor = { ...visit, visitorId: Id, reason: Code.optional() };
const arrived = { ...visit, at: At, placeVerification: Code };
const door = { ...visit, attempt: z.int().min(1), channel: Code.optional() };
const identified = { ...visit, identifierKinds: IdentifierKinds };
const timer = { ...visit, visitorId: Id, dueAt: At };

export const events = {
  VisitRequested: event({ ...visit, ...ordered }, 'visitId'),
  ServiceAreaConfirmed: event(area, 'visitId'),
  ServiceAreaRejected: event(area, 'visitId'),
  HomeSafetyScreened: event(screened, 'visitId'),
  VisitDeclinedUnsafe: event(screened, 'visitId'),
  SlotHeld: event({ ...slot, expiresAt: At }, 'visitId'),
  SlotHoldExpired: event({ ...slot, expiresAt: At }, 'visitId'),
  SlotReleased: event(slot, 'visitId'),
  VisitRefusedTooLate: event({ ...visit, limit: At, earliestSlot: At.optional(), fasterRoutes: Alternatives }, 'visitId'),
  VisitScheduled: event({ ...slot, by: Id, feePolicy: z.strictObject({ freeUntil: At, feeCents: Cents }) }, 'visitId'),
  VisitConfirmed: event(visit, 'visitId'),
  VisitConfirmationMissed: event(visit, 'visitId'),
  VisitorAssigned: event(
    { ...visitor, skillsBasis: z.strictObject({ skills: z.array(Code).max(40), shiftVersion: z.int().min(0) }) },
    'visitId',
  ),
  VisitorAssignmentRefused: event(visitor, 'visitId'),
  VisitorAccepted: event(visitor, 'visitId'),
  VisitorDeclined: event(visitor, 'visitId'),
  VisitorDeparted: event({ ...visitor, eta: At }, 'visitId'),
  VisitorDepartureRefused: event(visitor, 'visitId'),
  EtaRevised: event({ ...visitor, eta: At }, 'visitId'),
  VisitorDelayed: event({ ...visitor, visitorId: Id.optional(), eta: At.optional() }, 'visitId'),
  VisitorTurnedBack: event(visitor, 'visitId'),
  VisitorArrived: event(arrived, 'visitId'),
  PatientCheckedIn: event(arrived, 'visitId'),
  DoorAnswered: event(door, 'visitId'),
  DoorUnanswered: event(door, 'visitId'),
  PatientIdentifiedAtVisit: event(identified, 'visitId'),
  IdentityMismatchFound: event(identified, 'visitId'),
  VisitStarted: event(visit, 'visitId'),
  VitalsRecorded: event({ ...visit, setId: Id, codedValues: CodedValues, dangerZone: z.boolean() }, 'visitId'),
  VisitTaskSkipped: event({ ...visit, taskRef: Id, reason: Code }, 'visitId'),
  VisitEnded: event({ ...visit, openTasks: z.array(Id).max(20) }, 'visitId'),
  VisitorLeftHome: event({ ...visit, visitorId: Id, at: At }, 'visitId'),
  VisitSummaryShared: event({ ...visit, summaryRef: Ref }, 'visitId'),
  VisitCancelled: event({ ...visit, by: Id, reason: Code, feeDecision: z.strictObject({ free: z.boolean(), feeCents: Cents }) }, 'visitId'),
  VisitAborted: event({ ...visit, reason: z.enum(['unsafe', 'emergency', 'identity', 'patientWithdrew']) }, 'visitId'),
  LoneWorkerTimerStarted: event(timer, 'visitId'),
  LoneWorkerTimerExtended: event(timer, 'visitId'),
  LoneWorkerTimerStopped: event({ ...visit, visitorId: Id }, 'visitId'),
  LoneWorkerCheckAnswered: event(timer, 'visitId'),
  LoneWorkerCheckMissed: event({ ...timer, rung: z.int().min(1) }, 'visitId'),
} satisfies EventSchemas;

export type VisitsEvent = EventOf<typeof events>;
