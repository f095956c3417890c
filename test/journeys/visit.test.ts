import { latestStart } from '../../domain/journey/claims.ts';
import { openChildren, superState } from '../../domain/journey/super-state.ts';
import { decide } from '../../domain/journey/visit/decide.ts';
import { openIds } from '../../domain/journey/visit/state.ts';
import { sampleFacts } from './sample-facts.ts';
import {
  at,
  clinical,
  dataOf,
  dueOf,
  effectsOf,
  happens,
  of,
  safe,
  slot,
  slotId,
  visitAfter,
  visitId,
  visitOf,
  visitOrdered,
  window,
} from './visit-setting.ts';

test('J-1: the visit goes event for event from the order to its summary', () => {
  const story = visitOrdered();
  const step = (time: string, role: 'X' | 'T' | 'V', command: string, data: object, ...events: string[]) => {
    story.now = at(time);
    const told = story.give(role, command, { ...of, ...data });
    expect([command, told.refusal, ...clinical(told)]).toEqual([command, undefined, ...events]);
  };
  expect(story.happened.slice(-2).map(({ type }) => type)).toEqual(['VisitRequested', 'ServiceAreaConfirmed']);
  expect(superState(story.journey)).toBe('InCare');
  step('09:25', 'X', 'ScreenHomeSafety', { answers: safe }, 'HomeSafetyScreened');
  step('09:26', 'X', 'HoldSlot', { slotId }, 'SlotHeld');
  expect(dueOf(story, 'slot.hold')).toEqual([at('09:36')]);
  step('09:27', 'X', 'BookVisit', {}, 'VisitScheduled');
  expect(effectsOf(story, 'assign-visitor')).toEqual([
    { id: 'assign.visit-1', attempt: 1, kind: 'assign-visitor', entityId: visitId, notBefore: at('09:40') },
  ]);
  step('09:40', 'T', 'AssignVisitor', { visitorId: 'visitor-1' }, 'VisitorAssigned');
  step('09:45', 'V', 'AnswerAssignment', { answer: 'accepted' }, 'VisitorAccepted');
  step('11:05', 'X', 'ConfirmVisit', {}, 'VisitConfirmed');
  step('13:10', 'V', 'DepartForVisit', { eta: at('13:40') }, 'VisitorDeparted');
  step('13:40', 'V', 'ArriveAtVisit', { placeVerification: 'gps' }, 'VisitorArrived', 'LoneWorkerTimerStarted');
  step('13:41', 'V', 'RecordDoorOutcome', { answered: true }, 'DoorAnswered');
  step('13:42', 'V', 'IdentifyPatientAtVisit', { identifierKinds: ['name', 'dateOfBirth'], matches: true }, 'PatientIdentifiedAtVisit');
  step('13:43', 'V', 'StartVisit', {}, 'VisitStarted');
  const values = { heartRate: 96, respiratoryRate: 18, oxygenSaturation: 98, temperatureCelsius: 38.2 };
  step('13:46', 'V', 'RecordVitals', { codedValues: values }, 'VitalsRecorded');
  story.now = at('13:58');
  happens(story, {
    type: 'PointOfCareTestPerformed',
    data: { orderId: 'o1', loinc: '78012-2', device: 'reader', lot: 'L1', expiry: at('00:00', 90), operator: 'visitor-1', waiverRef: 'w1' },
  });
  step('14:08', 'V', 'EndVisit', {}, 'VisitEnded');
  expect(visitOf(story).status).toBe('Completed');
  expect(openIds(story.journey.visit)).toEqual([visitId]);
  step('14:10', 'V', 'LeaveHome', {}, 'VisitorLeftHome', 'LoneWorkerTimerStopped');
  expect(openIds(story.journey.visit)).toEqual([]);
  expect(effectsOf(story, 'share-summary')).toEqual([
    { id: 'summary.visit-1', attempt: 1, kind: 'share-summary', entityId: visitId, notBefore: at('14:20') },
  ]);
  step('14:20', 'T', 'ShareVisitSummary', { summaryRef: 'summary-1' }, 'VisitSummaryShared');
  expect(effectsOf(story, 'share-summary')).toEqual([]);
  expect(openChildren(story.journey)).toEqual([]);
});

describe('The order', () => {
  test('given a closed area, when a home visit is ordered, then other routes are offered and no slot may be held', () => {
    const story = visitOrdered({}, { area: { ...sampleFacts.area, open: false } });
    expect(story.happened.at(-1)).toMatchObject({
      type: 'ServiceAreaRejected',
      data: { reason: 'area-closed', alternatives: ['partnerClinic', 'urgentCare', 'virtualOnly'] },
    });
    expect(visitOf(story).status).toBe('Requested');
    expect(story.give('X', 'HoldSlot', { ...of, slotId }).refusal).toBe('not-allowed-in-state');
  });

  test('given an area that serves only its clinic, when a home visit is ordered, then the clinic is offered first', () => {
    const story = visitOrdered({}, { area: { ...sampleFacts.area, places: ['clinicSite'] } });
    expect(story.happened.at(-1)?.data).toMatchObject({ reason: 'place-not-served', alternatives: expect.arrayContaining(['clinicSite']) });
  });

  test('given a visit at a site, when it is ordered, then no area is checked', () => {
    expect(visitOrdered({ place: 'clinicSite' }).happened.at(-1)?.type).toBe('VisitRequested');
  });

  test('R-1: given an order that goes past the disposition, then the disposition limits the visit', () => {
    expect(visitOf(visitOrdered({ notAfter: at('09:00', 5) })).notAfter).toBe(at('09:24', 1));
  });

  test('R-1: given a contact has met the disposition, then the time that the orderer sets is the limit', () => {
    const story = visitOrdered();
    expect(latestStart(story.journey, { notAfter: at('09:00', 5) })).toBe(at('09:24', 1));
    const consult = { consultId: 'consult-1', clinicianId: 'clinician-1', groupId: 'group-1', modality: 'async' } as const;
    happens(story, { type: 'ConsultStarted', data: consult });
    expect(latestStart(story.journey, { notAfter: at('09:00', 5) })).toBe(at('09:00', 5));
  });

  test('given nobody books within two hours, then the breach is recorded once', () => {
    const story = visitOrdered();
    expect(dueOf(story, 'visit.book')).toEqual([at('11:25')]);
    expect(story.elapse('visit.book').events).toEqual(['SlaBreached']);
    expect(dueOf(story, 'visit.book')).toEqual([]);
  });

  test('given a limit that comes sooner, then booking is due by then; given one that has passed, then no clock starts', () => {
    expect(dueOf(visitOrdered({ notAfter: at('10:00') }), 'visit.book')).toEqual([at('10:00')]);
    expect(dueOf(visitOrdered({ notAfter: at('09:20') }), 'visit.book')).toEqual([]);
  });
});

describe('Home safety', () => {
  test('given a dog at home, when it is screened, then the visitor is warned', () => {
    const told = visitOrdered().give('X', 'ScreenHomeSafety', { ...of, answers: { ...safe, dogAtHome: true } });
    expect(dataOf(told, 'HomeSafetyScreened')).toEqual({ visitId, formVersion: 1, flags: ['dogAtHome'] });
  });

  test('given a weapon at home and a slot held, when it is screened, then the visit is declined and the slot released', () => {
    const story = visitAfter('HoldSlot');
    const told = story.give('X', 'ScreenHomeSafety', { ...of, answers: { ...safe, weaponAtHome: true } });
    expect(told.events).toEqual(['VisitDeclinedUnsafe', 'SlotReleased']);
    expect(dataOf(told, 'VisitDeclinedUnsafe')).toMatchObject({ flags: ['weaponAtHome'], reason: 'weaponAtHome' });
    expect(visitOf(story)).toMatchObject({ status: 'Cancelled' });
    expect(visitOf(story).slot).toBeUndefined();
    expect(openIds(story.journey.visit)).toEqual([]);
  });

  test('given an unsafe entrance and no slot, when it is screened, then the visit is declined', () => {
    const told = visitOrdered().give('X', 'ScreenHomeSafety', { ...of, answers: { ...safe, safeEntrance: false } });
    expect(told.events).toEqual(['VisitDeclinedUnsafe']);
  });

  test('given a visit at a site, or one that is booked, when a home is screened, then it is refused', () => {
    const answers = { ...of, answers: safe };
    expect(visitOrdered({ place: 'clinicSite' }).give('X', 'ScreenHomeSafety', answers).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('BookVisit').give('X', 'ScreenHomeSafety', answers).refusal).toBe('not-allowed-in-state');
  });

  test('given an unknown visit, then it is refused', () => {
    expect(visitOrdered().give('X', 'ScreenHomeSafety', { visitId: 'other', answers: safe }).refusal).toBe('entity-unknown');
  });
});

describe('The slot', () => {
  const hold = { ...of, slotId };

  test('given a slot is held, when the same is held again, then nothing happens; another one is refused', () => {
    const story = visitAfter('HoldSlot');
    expect(story.give('X', 'HoldSlot', hold)).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('X', 'HoldSlot', { ...of, slotId: 'sea-north_2026-10-06_1500' }).refusal).toBe('not-allowed-in-state');
  });

  test('given the claim is refused or was never made, then the slot is taken', () => {
    expect(visitOrdered({}, { claim: { granted: false, code: 'slot-taken' } }).give('X', 'HoldSlot', hold).refusal).toBe('slot-taken');
    const { journey, now } = visitOrdered();
    const command = { type: 'HoldSlot', data: hold, actor: { kind: 'person', id: 'parent-1', role: 'X' } } as const;
    const decided = decide.HoldSlot(journey, command, { facts: { slot }, now, at: now, newId: String, eventId: String });
    expect(decided).toEqual({ accepted: false, code: 'slot-taken', events: [] });
  });

  test('given a slot of another place, then it is unknown for this visit', () => {
    expect(visitOrdered({}, { slot: { ...slot, placeMatches: false } }).give('X', 'HoldSlot', hold).refusal).toBe('entity-unknown');
  });

  test('R-1: given a window after the limit, when another slot lies inside, then the window is refused', () => {
    const late = { from: at('09:25', 1), to: at('11:25', 1) };
    expect(visitOrdered({}, { slot: { ...slot, window: late } }).give('X', 'HoldSlot', hold).refusal).toBe('window-outside-limits');
  });

  test('R-1: given a window that starts at the limit, then it is held', () => {
    const last = { from: at('09:24', 1), to: at('11:24', 1) };
    expect(visitOrdered({}, { slot: { ...slot, window: last } }).give('X', 'HoldSlot', hold).events).toEqual(['SlotHeld']);
  });

  test('given a window that has begun or starts before the visit may, then it is refused', () => {
    const begun = visitOrdered({ notBefore: at('08:00') }, { slot: { ...slot, window: { from: at('09:00'), to: at('11:00') } } });
    expect(begun.give('X', 'HoldSlot', hold).refusal).toBe('window-outside-limits');
    expect(visitOrdered({ notBefore: at('14:00') }).give('X', 'HoldSlot', hold).refusal).toBe('window-outside-limits');
  });

  test('R-1: given no slot inside the limit, then the visit is refused as too late and the next faster route is offered', () => {
    const window = { from: at('13:00', 2), to: at('15:00', 2) };
    const story = visitOrdered({}, { slot: { ...slot, window, earliest: window.from } });
    const told = story.give('X', 'HoldSlot', hold);
    expect(dataOf(told, 'VisitRefusedTooLate')).toEqual({
      visitId,
      limit: at('09:24', 1),
      earliestSlot: window.from,
      fasterRoutes: ['clinicSite', 'urgentCare'],
    });
    expect(visitOf(story).status).toBe('AreaChecked');
  });

  test('R-1: given no slot at all for a visit at a site, then urgent care is offered', () => {
    const { earliest: _none, ...full } = { ...slot, window: { from: at('13:00', 2), to: at('15:00', 2) } };
    const told = visitOrdered({ place: 'clinicSite' }, { slot: full }).give('X', 'HoldSlot', hold);
    expect(dataOf(told, 'VisitRefusedTooLate')).toEqual({ visitId, limit: at('09:24', 1), fasterRoutes: ['urgentCare'] });
  });

  test('given no route is left, then the visit is cancelled', () => {
    const story = happens(visitOrdered(), { type: 'VisitRefusedTooLate', data: { visitId, limit: at('09:24', 1), fasterRoutes: [] } });
    expect(visitOf(story).status).toBe('Cancelled');
  });

  test('given a slot is held, when it is released, then another may be held; without one there is nothing to release', () => {
    const story = visitAfter('HoldSlot');
    expect(dataOf(story.give('X', 'ReleaseSlot', of), 'SlotReleased')).toEqual({ visitId, slotId, window });
    expect(visitOf(story).status).toBe('SafetyScreened');
    expect(story.give('X', 'ReleaseSlot', of).refusal).toBe('not-allowed-in-state');
    expect(story.give('X', 'HoldSlot', hold).events).toEqual(['SlotHeld']);
  });

  test('given a slot is held for ten minutes, when nobody books, then the hold expires and the state goes back', () => {
    const story = visitOrdered();
    story.give('X', 'HoldSlot', hold);
    const told = story.elapse('slot.hold');
    expect(story.now).toBe(at('09:35'));
    expect(dataOf(told, 'SlotHoldExpired')).toEqual({ visitId, slotId, window, expiresAt: at('09:35') });
    expect(visitOf(story).status).toBe('AreaChecked');
    expect(dueOf(story, 'slot.hold')).toEqual([]);
    expect(story.give('X', 'BookVisit', of).refusal).toBe('hold-expired');
  });
});

describe('The booking', () => {
  test('given a slot is held, when it is booked, then the window and the fee policy are promised', () => {
    const story = visitAfter('HoldSlot');
    expect(dataOf(story.give('X', 'BookVisit', of), 'VisitScheduled')).toEqual({
      visitId,
      slotId,
      window,
      by: 'parent-1',
      feePolicy: { freeUntil: at('13:00', -1), feeCents: 0 },
    });
    expect(dueOf(story, 'visit.book')).toEqual([]);
    expect(story.give('X', 'BookVisit', of).refusal).toBe('not-allowed-in-state');
  });

  test('given the hold has lapsed, or the claim is refused, then the booking is refused', () => {
    const lapsed = visitAfter('HoldSlot');
    lapsed.now = at('09:36');
    expect(lapsed.give('X', 'BookVisit', of).refusal).toBe('hold-expired');
    const refused = visitAfter('HoldSlot').know({ claim: { granted: false, code: 'slot-taken' } });
    expect(refused.give('X', 'BookVisit', of).refusal).toBe('hold-expired');
  });

  test('given a home that was not screened, then the booking is refused', () => {
    const story = visitOrdered();
    story.give('X', 'HoldSlot', { ...of, slotId });
    expect(story.give('X', 'BookVisit', of).refusal).toBe('not-screened');
    story.give('X', 'ScreenHomeSafety', { ...of, answers: safe });
    expect(visitOf(story).status).toBe('Held');
    expect(story.give('X', 'BookVisit', of).events).toEqual(['VisitScheduled']);
  });

  test('R-1: given a clinician raises the urgency after the hold, then the window may lie outside the limits', () => {
    const story = visitAfter('HoldSlot');
    const raised = { dispositionId: 'd2', level: 4, rationaleRef: 'r2', latestStartAt: at('11:26') };
    happens(story, { type: 'DispositionDecided', data: raised });
    expect(story.give('X', 'BookVisit', of).refusal).toBe('window-outside-limits');
  });
});
