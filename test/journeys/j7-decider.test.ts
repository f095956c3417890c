import { superState } from '../../domain/journey/super-state.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { scopesAt } from '../../domain/reference/patient.ts';
import { seenBy } from '../../projections/visibility.ts';
import { decideOn, foldHistory, person } from '../reference/scenario.ts';
import { as, completed, must, swab } from './consult-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story, Told } from './story.ts';
import { dataOf, safe } from './visit-setting.ts';

const zone = 'America/Los_Angeles';
/** A local time of the Wednesday, or of the Thursday after it. */
const at = (time: string, date = 7) => {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return instantOf({ year: 2026, month: 10, day: date, hour: hours, minute: minutes }, zone) + seconds * 1_000;
};
const limit = at('15:00', 8);
const order = {
  place: 'home',
  reasonCode: 'sore-throat',
  tasks: [{ taskRef: 'collect-o1', kind: 'pointOfCareTest', orderId: 'o1' }],
  skills: ['swab'],
  plannedMin: 30,
  notBefore: at('15:00'),
  notAfter: limit,
};

const { kind: _kind, activityId: _activity, ...drafted } = swab;

/** Disposition 6 at 15:00 on Wednesday, and the visitor on the way at 17:00. */
function enRoute(): { story: Story; v1: { visitId: string } } {
  const { terms } = sampleFacts.pathway.contract;
  const billing = terms.billing.map((line) => ({ ...line, copayCents: 0 }));
  const pathway = { ...sampleFacts.pathway, contract: { ...sampleFacts.pathway.contract, terms: { ...terms, billing } } };
  const evening = { from: at('17:00'), to: at('19:00') };
  const story = completed(6, { from: at('14:36'), facts: { pathway, slot: { ...sampleFacts.slot, window: evening } } });
  must(story, 'C', 'DraftLabOrder', drafted);
  must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
  expect(must(story, 'K', 'RequestVisit', order).events).toEqual(['VisitRequested', 'ServiceAreaConfirmed']);
  const v1 = { visitId: story.entityOf('VisitRequested') };
  must(story, 'X', 'ScreenHomeSafety', { ...v1, answers: safe });
  must(story, 'X', 'HoldSlot', { ...v1, slotId: 'sea-north_2026-10-07_1700' });
  must(story, 'X', 'BookVisit', v1);
  must(story, 'D', 'AssignVisitor', { ...v1, visitorId: 'visitor-1' });
  must(story, 'V', 'AnswerAssignment', { ...v1, answer: 'accepted' });
  story.now = at('17:00');
  must(story, 'V', 'DepartForVisit', { ...v1, eta: at('17:28') });
  return { story, v1 };
}

test('J-7 runs event for event on the decider, with a test at the point of care in place of the collection', () => {
  const { story, v1 } = enRoute();
  expect(story.journey.consult.disposition?.latestStartAt).toBe(limit);
  const step = (time: string, role: Parameters<Story['give']>[0], command: string, data: object, ...events: string[]): Told => {
    story.now = time.startsWith('Thu') ? at(time.slice(4), 8) : at(time);
    const told = story.give(role, command, data);
    expect([command, told.refusal, ...told.events]).toEqual([command, undefined, ...events]);
    return told;
  };

  step('17:28', 'V', 'ArriveAtVisit', { ...v1, placeVerification: 'gps' }, 'VisitorArrived', 'LoneWorkerTimerStarted');
  step('17:30', 'V', 'RecordDoorOutcome', { ...v1, answered: true }, 'DoorAnswered');
  const duress = step('17:31', 'V', 'SignalDuress', v1, 'DuressSignalled', 'EscalationRaised');
  expect(dataOf(duress, 'EscalationRaised')).toMatchObject({ recipientRole: 'S' });
  const escalation = { escalationId: story.entityOf('EscalationRaised') };
  step('17:31:20', 'S', 'AcknowledgeEscalation', escalation, 'EscalationAcknowledged');
  const seen = { ...v1, categories: ['aggressiveAnimal', 'weaponInView'] };
  step('17:32', 'V', 'ReportUnsafeCondition', seen, 'UnsafeConditionReported');
  const aborted = { ...v1, reason: 'unsafe' };
  step('17:33', 'V', 'AbortVisit', aborted, 'VisitAborted', 'VisitTaskSkipped', 'IncidentOpened', 'TaskOpened');
  const rebook = { taskId: story.entityOf('TaskOpened'), resultCode: 'rebooked' };
  step('17:34', 'V', 'LeaveHome', v1, 'VisitorLeftHome', 'LoneWorkerTimerStopped');

  const registered = decideOn(
    aggregates.patient,
    [],
    'RegisterPatient',
    { patientId: 'patient-1', vaultRef: 'r1' },
    {
      actor: person('K'),
      facts: { vaultKey: { keyId: 'k1' } },
    },
  );
  const flag = { patientId: 'patient-1', scope: 'clinicOnly', reviewAt: at('17:40') + 90 * day, reasonRef: 'r2' };
  const flagged = decideOn(aggregates.patient, registered.history, 'PlaceHomeSafetyFlag', flag, { actor: person('S'), now: at('17:40') });
  expect(flagged.types).toEqual(['HomeSafetyFlagPlaced']);
  story.know({ homeSafety: { scopes: scopesAt(foldHistory(aggregates.patient, flagged.history), at('17:45')) } });

  story.now = at('17:45');
  expect(story.give('K', 'RequestVisit', { ...order, replaces: v1.visitId })).toMatchObject({ events: [], refusal: 'safety-flag' });
  step('17:50', 'K', 'RequestVisit', { ...order, place: 'clinicSite', replaces: v1.visitId }, 'VisitRequested');
  const v2 = { visitId: story.entityOf('VisitRequested') };
  const morning = { from: at('09:00', 8), to: at('09:30', 8) };
  story.know({ slot: { ...sampleFacts.slot, window: morning } });
  step('17:51', 'X', 'HoldSlot', { ...v2, slotId: 'clinic_2026-10-08_0900' }, 'SlotHeld');
  step('17:52', 'X', 'BookVisit', v2, 'VisitScheduled');
  step('17:53', 'K', 'CompleteTask', rebook, 'TaskCompleted');

  step('Thu 09:02', 'V', 'CheckInAtSite', v2, 'PatientCheckedIn');
  step(
    'Thu 09:02',
    'V',
    'IdentifyPatientAtVisit',
    { ...v2, identifierKinds: ['name', 'dateOfBirth'], matches: true },
    'PatientIdentifiedAtVisit',
  );
  step('Thu 09:02', 'V', 'StartVisit', v2, 'VisitStarted');
  const test = { orderId: 'o1', device: 'd1', lot: 'l1', expiry: at('00:00', 30), value: 'negative' };
  step('Thu 09:10', 'V', 'PerformPointOfCareTest', test, 'PointOfCareTestPerformed', 'FinalResultReceived', 'ResultReviewAssigned');
  step('Thu 09:20', 'V', 'EndVisit', v2, 'VisitEnded', 'ChargeCaptured');

  const { visit, lab, money } = story.journey;
  expect(visit.byId[v1.visitId]?.status).toBe('AbortedUnsafe');
  expect(visit.byId[v2.visitId]).toMatchObject({ status: 'Completed', replaces: v1.visitId, notAfter: limit });
  expect(lab.orders['o1']?.status).toBe('Final');
  expect(Object.values(money.charges)).toHaveLength(2);
  const startedAt = story.happened.find(({ type }) => type === 'VisitStarted')?.occurredAt ?? 0;
  expect(startedAt - (story.journey.consult.disposition?.at ?? 0)).toBe(18 * hour + 2 * 60_000);
  expect(superState(story.journey)).toBe('InCare');
  expect(as(story, 'clinician-1', 'ReviewResult', { resultId: story.entityOf('FinalResultReceived'), version: 1 }).refusal).toBeUndefined();

  const forPatient = story.happened.filter(seenBy('P')).map(({ type }) => type);
  expect(forPatient.filter((type) => /Duress|Unsafe|Escalation|Incident|LoneWorker|HomeSafetyFlag/.test(type))).toEqual([]);
  expect(story.happened.filter(seenBy('S'))).toHaveLength(story.happened.length);
});
