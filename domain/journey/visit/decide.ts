import { z } from 'zod';
import type { Command, CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { At, Code, Id, Ref } from '../../kernel/event.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import { minute } from '../../kernel/time.ts';
import { SlotId } from '../../reference/capacity.ts';
import { inDangerZone } from '../../templates/danger-zone.ts';
import { homeSafety, homeSafetyItems, homeSafetyVersion } from '../../templates/home-safety.ts';
import { bookers, latestStart, whyNotBooked, whyNotHeld } from '../claims.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { AreaFact, FactName, Facts, SlotFact } from '../facts.ts';
import { IdentifierKinds } from '../intake/events.ts';
import { licenceBasis } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { beyondScope, whyUnfit } from '../visitor-fitness.ts';
import { CodedValues, ordered } from './events.ts';
import { booked, goesToPatient, hasLeft, isLate, type LoneWorkerTimer, slotOf, unbooked, type Visit, type VisitStatus } from './state.ts';

/** What an order for a visit carries. */
export const VisitOrder = z.strictObject(ordered);

const visit = { visitId: Id };
const because = { reason: Code.optional() };

export const commands = {
  ScreenHomeSafety: { roles: ['P', 'X', 'K'], data: z.strictObject({ ...visit, answers: z.record(z.enum(homeSafetyItems), z.boolean()) }) },
  HoldSlot: { roles: bookers, facts: ['slot', 'claim'], data: z.strictObject({ ...visit, slotId: SlotId }) },
  ReleaseSlot: { roles: bookers, data: z.strictObject(visit) },
  BookVisit: { roles: bookers, facts: ['claim', 'pathway'], data: z.strictObject(visit) },
  ConfirmVisit: { roles: bookers, data: z.strictObject(visit) },
  AssignVisitor: { roles: ['D', 'T'], facts: ['visitor'], data: z.strictObject({ ...visit, visitorId: Id }) },
  AnswerAssignment: { roles: ['V'], data: z.strictObject({ ...visit, answer: z.enum(['accepted', 'declined']), ...because }) },
  DepartForVisit: { roles: ['V'], facts: ['visitor'], data: z.strictObject({ ...visit, eta: At }) },
  ReviseEta: { roles: ['V', 'D', 'A'], data: z.strictObject({ ...visit, eta: At, ...because }) },
  ArriveAtVisit: { roles: ['V'], facts: ['claim'], data: z.strictObject({ ...visit, placeVerification: Code }) },
  CheckInAtSite: { roles: ['V', 'P', 'X'], data: z.strictObject(visit) },
  RecordDoorOutcome: { roles: ['V'], data: z.strictObject({ ...visit, answered: z.boolean(), channel: Code.optional() }) },
  IdentifyPatientAtVisit: { roles: ['V'], data: z.strictObject({ ...visit, identifierKinds: IdentifierKinds, matches: z.boolean() }) },
  StartVisit: { roles: ['V'], data: z.strictObject(visit) },
  RecordVitals: {
    roles: ['V', 'C'],
    facts: ['visitor', 'clinician', 'patientAge'],
    data: z.strictObject({ ...visit, codedValues: CodedValues }),
  },
  SkipVisitTask: { roles: ['V', 'C'], data: z.strictObject({ ...visit, taskRef: Id, reason: Code }) },
  EndVisit: { roles: ['V'], data: z.strictObject(visit) },
  LeaveHome: { roles: ['V'], data: z.strictObject(visit) },
  ShareVisitSummary: { roles: ['V', 'C', 'T'], data: z.strictObject({ ...visit, summaryRef: Ref }) },
  AnswerLoneWorkerCheck: { roles: ['V'], data: z.strictObject(visit) },
  ExtendLoneWorkerTimer: { roles: ['V'], data: z.strictObject({ ...visit, minutes: z.int().min(1).max(240) }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  ScreenHomeSafety: (journey, command) =>
    onVisit(journey, command, ['AreaChecked', 'SafetyScreened', 'Held'], ({ slot }) => {
      const { visitId, answers } = command.data;
      const flags = homeSafetyItems.filter((item) => answers[item] === homeSafety[item].unsafe);
      const forbidding = flags.find((item) => homeSafety[item].forbids);
      const screened = { visitId, formVersion: homeSafetyVersion, flags };
      if (!forbidding) return accept({ type: 'HomeSafetyScreened', data: screened });
      const released: JourneyEvent[] = slot ? [{ type: 'SlotReleased', data: slotOf(visitId, slot) }] : [];
      return accept<JourneyEvent>({ type: 'VisitDeclinedUnsafe', data: { ...screened, reason: forbidding } }, ...released);
    }),

  HoldSlot: (journey, command, { facts: { slot, claim }, at }) =>
    onVisit(journey, command, [...unbooked, 'Held'], (known) => {
      const { visitId, slotId } = command.data;
      if (known.slot?.slotId === slotId) return already;
      const reason = whyNotHeld(journey, known, { slot, at });
      if (reason === 'window-outside-limits') return outsideLimits(journey, visitId, known, slot);
      if (reason) return refuse(reason);
      if (!claim?.granted) return refuse('slot-taken');
      const expiresAt = at + clock(journey, 'slot.hold');
      return accept({ type: 'SlotHeld', data: { visitId, slotId, window: slot.window, expiresAt } });
    }),

  ReleaseSlot: (journey, command) =>
    onVisit(journey, command, ['Held'], ({ slot }) =>
      slot ? accept({ type: 'SlotReleased', data: slotOf(command.data.visitId, slot) }) : refuse('not-allowed-in-state'),
    ),

  BookVisit: (journey, command, { facts: { claim, pathway }, at }) =>
    onVisit(journey, command, [...unbooked, 'Held'], (known) => {
      const reason = whyNotBooked(journey, known, at);
      if (reason) return refuse(reason);
      if (!known.slot || !claim?.granted) return refuse('hold-expired');
      const freeUntil = known.slot.window.from - clock(journey, 'visit.freecancel');
      const feePolicy = { freeUntil, feeCents: pathway.contract.terms.cancellationFeeCents };
      return accept({ type: 'VisitScheduled', data: { ...slotOf(command.data.visitId, known.slot), by: command.actor.id, feePolicy } });
    }),

  ConfirmVisit: (journey, command) =>
    onVisit(journey, command, [...booked, 'EnRoute'], (known) => {
      if (!goesToPatient(known)) return refuse('not-allowed-in-state');
      return known.confirmed ? already : accept({ type: 'VisitConfirmed', data: command.data });
    }),

  AssignVisitor: (journey, command, { facts: { visitor } }) =>
    onVisit(journey, command, booked, (known) => {
      const { visitId, visitorId } = command.data;
      if (known.visitorId === visitorId) return already;
      if (known.visitorId || !goesToPatient(known)) return refuse('not-allowed-in-state');
      // A dispatcher may ask again somebody who declined; the rule never does.
      const declined = command.actor.role === 'T' && known.dispatch.declinedBy.includes(visitorId);
      const reason = declined ? 'declined-before' : whyUnfit(journey, known, visitor);
      if (reason) return accept({ type: 'VisitorAssignmentRefused', data: { visitId, visitorId, reason } });
      const skillsBasis = { skills: [...visitor.skills], shiftVersion: visitor.shiftVersion };
      return accept({ type: 'VisitorAssigned', data: { visitId, visitorId, skillsBasis } });
    }),

  AnswerAssignment: (journey, command) =>
    onVisit(journey, command, booked, ({ accepted }) => {
      const { answer, visitId, reason } = command.data;
      if (accepted) return answer === 'accepted' ? already : refuse('not-allowed-in-state');
      const type = answer === 'accepted' ? 'VisitorAccepted' : 'VisitorDeclined';
      return accept({ type, data: { visitId, visitorId: command.actor.id, ...(reason && { reason }) } });
    }),

  DepartForVisit: (journey, command, { facts: { visitor } }) =>
    onVisit(journey, command, ['Assigned'], (known) => {
      const { visitId, eta } = command.data;
      const going = { visitId, visitorId: command.actor.id };
      const reason = whyUnfit(journey, known, visitor);
      if (reason) return accept({ type: 'VisitorDepartureRefused', data: { ...going, reason } });
      const departed: JourneyEvent = { type: 'VisitorDeparted', data: { ...going, eta } };
      const delayed: JourneyEvent[] = isLate(known, eta) ? [{ type: 'VisitorDelayed', data: { ...going, eta } }] : [];
      return accept(departed, ...delayed);
    }),

  ReviseEta: (journey, command) =>
    onVisit(journey, command, ['Assigned', 'EnRoute'], (known) => {
      const { visitorId } = known;
      if (!visitorId) return refuse('not-allowed-in-state');
      return accept({ type: isLate(known, command.data.eta) ? 'VisitorDelayed' : 'EtaRevised', data: { ...command.data, visitorId } });
    }),

  ArriveAtVisit: (journey, command, { facts: { claim }, at }) =>
    onVisit(journey, command, ['EnRoute'], ({ plannedMin }) => {
      if (!claim?.granted) return refuse('visitor-elsewhere');
      const { visitId } = command.data;
      const dueAt = at + plannedMin * minute + clock(journey, 'loneworker');
      return accept<JourneyEvent>(
        { type: 'VisitorArrived', data: { ...command.data, at } },
        { type: 'LoneWorkerTimerStarted', data: { visitId, visitorId: command.actor.id, dueAt } },
      );
    }),

  CheckInAtSite: (journey, command, { at }) =>
    onVisit(journey, command, ['Scheduled'], (known) => {
      if (goesToPatient(known)) return refuse('not-allowed-in-state');
      const placeVerification = command.actor.role === 'V' ? 'site-staff' : 'self';
      return accept({ type: 'PatientCheckedIn', data: { ...command.data, at, placeVerification } });
    }),

  RecordDoorOutcome: (journey, command) =>
    inHome(journey, command, ({ status, doorAttempts }) => {
      const { answered, ...data } = command.data;
      if (status !== 'Arrived') return refuse('not-allowed-in-state');
      return accept({ type: answered ? 'DoorAnswered' : 'DoorUnanswered', data: { ...data, attempt: doorAttempts + 1 } });
    }),

  IdentifyPatientAtVisit: (journey, command) =>
    onVisit(journey, command, ['Arrived', 'AtDoor'], (known) => {
      const { visitId, identifierKinds, matches } = command.data;
      if (goesToPatient(known) && (known.status !== 'AtDoor' || hasLeft(known))) return refuse('not-allowed-in-state');
      if (new Set(identifierKinds).size < 2) return refuse('identifiers-missing');
      const compared = { visitId, identifierKinds };
      if (matches) return accept({ type: 'PatientIdentifiedAtVisit', data: compared });
      return accept<JourneyEvent>(
        { type: 'IdentityMismatchFound', data: compared },
        { type: 'VisitAborted', data: { visitId, reason: 'identity' } },
      );
    }),

  StartVisit: (journey, command) =>
    onVisit(journey, command, ['Arrived', 'AtDoor', 'IdentityConfirmed'], (known) => {
      if (known.status !== 'IdentityConfirmed') return refuse('identity-not-confirmed');
      return hasLeft(known) ? refuse('not-allowed-in-state') : accept({ type: 'VisitStarted', data: command.data });
    }),

  RecordVitals: (journey, command, { facts: { visitor, clinician, patientAge }, at, newId }) =>
    onVisit(journey, command, ['InProgress'], (known) => {
      const { data, actor } = command;
      const basis = actor.role === 'C' ? licenceBasis(clinician, journey.intake.location?.state ?? '', at) : undefined;
      if (actor.role === 'C' && !basis) return refuseAct(command, 'licence-not-valid-here');
      if (actor.role === 'V' && beyondScope(journey, known, visitor)) return refuseAct(command, 'scope-exceeded');
      const dangerZone = inDangerZone(data.codedValues, patientAge?.years);
      return accept({
        type: 'VitalsRecorded',
        data: { ...data, setId: newId('vitals'), dangerZone, ...(basis && { licenceBasis: basis }) },
      });
    }),

  SkipVisitTask: (journey, command) =>
    onVisit(journey, command, ['InProgress'], ({ tasks, openTasks }) => {
      const { taskRef } = command.data;
      if (!tasks.some((task) => task.taskRef === taskRef)) return refuse('entity-unknown');
      return openTasks.includes(taskRef) ? accept({ type: 'VisitTaskSkipped', data: command.data }) : refuse('not-allowed-in-state');
    }),

  EndVisit: (journey, command) =>
    onVisit(journey, command, ['InProgress'], ({ openTasks }) =>
      accept({ type: 'VisitEnded', data: { ...command.data, openTasks: [...openTasks] } }),
    ),

  // Whatever became of the visit, a visitor who has left is out of the home.
  LeaveHome: (journey, command, { at }) =>
    inHome(journey, command, (_known, { visitorId }) => {
      const left = { ...command.data, visitorId };
      return accept<JourneyEvent>({ type: 'VisitorLeftHome', data: { ...left, at } }, { type: 'LoneWorkerTimerStopped', data: left });
    }),

  ShareVisitSummary: (journey, command) =>
    onVisit(journey, command, ['Completed', 'PartiallyCompleted'], ({ summaryRef }) => {
      if (summaryRef === command.data.summaryRef) return already;
      return summaryRef ? refuse('not-allowed-in-state') : accept({ type: 'VisitSummaryShared', data: command.data });
    }),

  AnswerLoneWorkerCheck: (journey, command, { at }) =>
    inHome(journey, command, (_known, { visitorId, dueAt }) => {
      const next = Math.max(dueAt, at + clock(journey, 'loneworker'));
      return accept({ type: 'LoneWorkerCheckAnswered', data: { ...command.data, visitorId, dueAt: next } });
    }),

  ExtendLoneWorkerTimer: (journey, command, { at }) =>
    inHome(journey, command, (_known, { visitorId, dueAt }) => {
      const { visitId, minutes } = command.data;
      return accept({ type: 'LoneWorkerTimerExtended', data: { visitId, visitorId, dueAt: Math.max(dueAt, at) + minutes * minute } });
    }),
};

type OnVisit = Command<string, { readonly visitId: string }>;
type Act = (visit: Visit) => Decision<JourneyEvent>;

/** A visitor acts only on visits that are assigned to them; at a site, whoever works there does. */
function onVisit(
  { visit: { byId } }: Journey,
  { data, actor }: OnVisit,
  allowed: readonly VisitStatus[] | 'any',
  act: Act,
): Decision<JourneyEvent> {
  const known = byId[data.visitId];
  if (!known) return refuse('entity-unknown');
  if (actor.role === 'V' && goesToPatient(known) && known.visitorId !== actor.id) return refuse('not-your-role');
  return allowed === 'any' || allowed.includes(known.status) ? act(known) : refuse('not-allowed-in-state');
}

/** What a visitor does while in the home, which outlasts the visit. */
const inHome = (
  journey: Journey,
  command: OnVisit,
  act: (visit: Visit, timer: LoneWorkerTimer) => Decision<JourneyEvent>,
): Decision<JourneyEvent> =>
  onVisit(journey, command, 'any', (known) => (known.timer ? act(known, known.timer) : refuse('not-allowed-in-state')));

/** where capacity cannot meet the limit, the next faster route is offered. */
function outsideLimits(journey: Journey, visitId: string, known: Visit, { earliest }: SlotFact): Decision<JourneyEvent> {
  const limit = latestStart(journey, known);
  if (earliest !== undefined && earliest <= limit) return refuse('window-outside-limits');
  const fasterRoutes = goesToPatient(known) ? ['clinicSite', 'urgentCare'] : ['urgentCare'];
  return accept({
    type: 'VisitRefusedTooLate',
    data: { visitId, limit, fasterRoutes, ...(earliest !== undefined && { earliestSlot: earliest }) },
  });
}

const refuseAct = ({ type, data: { visitId }, actor }: OnVisit, reason: RefusalCode): Decision<JourneyEvent> =>
  refuse(reason, { type: 'ClinicalActRefused', data: { commandType: type, entityId: visitId, clinicianId: actor.id, reason } });

/** An order for a visit as it is recorded; at home and in an office the area is checked in the same decision. */
export function visitRequested(
  journey: Journey,
  order: z.output<typeof VisitOrder>,
  { visitId, area: { areaId, version: areaVersion, open, places } }: { readonly visitId: string; readonly area: AreaFact },
): readonly JourneyEvent[] {
  const { place, siteId, reasonCode, tasks, skills, plannedMin, notBefore, replaces } = order;
  const placed = { visitId, place, reasonCode, tasks, skills, plannedMin, notBefore, notAfter: latestStart(journey, order) };
  const requested: JourneyEvent = { type: 'VisitRequested', data: { ...placed, ...(siteId && { siteId }), ...(replaces && { replaces }) } };
  if (!goesToPatient(order)) return [requested];
  const checked = { visitId, areaId, areaVersion };
  if (open && places.includes(place)) return [requested, { type: 'ServiceAreaConfirmed', data: { ...checked, alternatives: [] } }];
  const alternatives = [...(open && places.includes('clinicSite') ? ['clinicSite'] : []), 'partnerClinic', 'urgentCare', 'virtualOnly'];
  return [
    requested,
    { type: 'ServiceAreaRejected', data: { ...checked, reason: open ? 'place-not-served' : 'area-closed', alternatives } },
  ];
}
