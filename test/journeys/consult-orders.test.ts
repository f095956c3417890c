import * as journeys from '../../domain/journey/index.ts';
import { openChildren, superState } from '../../domain/journey/super-state.ts';
import {
  claimed,
  completed,
  decided,
  decision,
  homeVisit,
  must,
  ordered,
  resultOf,
  started,
  swab,
  tested,
  vitalsOnly,
} from './consult-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { at, dataOf, safe } from './visit-setting.ts';

describe('A care plan', () => {
  const activities = [{ id: 'swab', kind: 'visit', orderId: 'o1' }];

  test('is agreed as version 1, and changed as the next version of the same plan', () => {
    const story = decided(6);
    const first = story.give('C', 'AgreeCarePlan', { activities });
    expect(first.events).toEqual(['CarePlanAgreed']);
    expect(dataOf(first, 'CarePlanAgreed')).toMatchObject({ version: 1, activities });
    const carePlanId = story.entityOf('CarePlanAgreed');
    const second = story.give('C', 'AgreeCarePlan', { activities: [...activities, { id: 'rest', kind: 'advice' }] });
    expect(dataOf(second, 'CarePlanAgreed')).toMatchObject({ carePlanId, version: 2 });
  });

  test('is for clinicians to agree', () => {
    expect(decided(6).give('K', 'AgreeCarePlan', { activities })).toMatchObject({ events: [], refusal: 'not-your-role' });
  });
});

describe('Orders', () => {
  test('are placed together: the list first, then each order, the area of a home visit checked', () => {
    const story = decided(6);
    const told = story.give('C', 'PlaceOrders', { orders: [homeVisit, swab] });
    expect(told.events).toEqual(['OrdersPlaced', 'VisitRequested', 'ServiceAreaConfirmed', 'LabOrderDrafted']);
    const visitId = story.entityOf('VisitRequested');
    expect(dataOf(told, 'OrdersPlaced')).toMatchObject({
      orders: [
        { orderId: visitId, kind: 'visit', activityId: 'swab' },
        { orderId: 'o1', kind: 'lab', activityId: 'swab' },
      ],
    });
    expect(dataOf(told, 'LabOrderDrafted')).toMatchObject({
      orderId: 'o1',
      loinc: ['78012-2'],
      labId: 'site-home-visits',
      pointOfCare: true,
    });
    expect(superState(story.journey)).toBe('InCare');
    expect(openChildren(story.journey)).toEqual([visitId, 'o1']);
  });

  test('of two visits make two visits', () => {
    const story = ordered([vitalsOnly, { ...vitalsOnly, place: 'clinicSite' }]);
    expect(Object.values(story.journey.visit.byId).map(({ place }) => place)).toEqual(['home', 'clinicSite']);
  });

  test('of a visit that may start after the outer limit are bound by the limit', () => {
    const story = ordered([{ ...homeVisit, notAfter: at('09:24', 5) }]);
    expect(Object.values(story.journey.visit.byId)[0]?.notAfter).toBe(at('09:24', 1));
  });

  test('in a closed area record where else the patient may be seen', () => {
    const story = decided(6, { facts: { area: { ...sampleFacts.area, open: false } } });
    expect(story.give('C', 'PlaceOrders', { orders: [homeVisit] }).events).toEqual([
      'OrdersPlaced',
      'VisitRequested',
      'ServiceAreaRejected',
    ]);
  });

  test('wait for a disposition', () => {
    expect(started().give('C', 'PlaceOrders', { orders: [swab] })).toMatchObject({ events: [], refusal: 'disposition-missing' });
  });

  test('of a test are not placed twice under one id, in one list or in two', () => {
    const story = ordered([swab]);
    expect(story.give('C', 'PlaceOrders', { orders: [homeVisit, swab] })).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
    expect(journeys.commands.PlaceOrders?.data.safeParse({ orders: [swab, swab] }).success).toBe(false);
    expect(journeys.commands.PlaceOrders?.data.safeParse({ orders: [swab, { ...swab, orderId: 'o2' }] }).success).toBe(true);
  });
});

describe('An order for a medicine', () => {
  const medicine = (rxId: string, changes: object = {}) => ({
    kind: 'prescription',
    rxId,
    rxnorm: '723',
    sig: 'two-times-a-day',
    quantity: 20,
    days: 10,
    ...changes,
  });
  const listed = () => {
    const story = decided(6);
    must(story, 'C', 'ConfirmAllergyList', { codedList: [] });
    must(story, 'C', 'ConfirmMedicationList', { codedList: [] });
    return story;
  };
  const place = (story: Story, ...orders: object[]) => story.give('C', 'PlaceOrders', { orders });

  test('begins as a draft with its safety check, beside other orders', () => {
    const story = listed();
    const told = place(story, vitalsOnly, medicine('p1', { activityId: 'cure' }), medicine('p2'));
    expect(told.events).toEqual([
      'OrdersPlaced',
      'VisitRequested',
      'ServiceAreaConfirmed',
      ...['PrescriptionDrafted', 'RxSafetyCheckRequested'],
      ...['PrescriptionDrafted', 'RxSafetyCheckRequested'],
    ]);
    expect(dataOf(told, 'OrdersPlaced')).toMatchObject({
      orders: [{ kind: 'visit' }, { orderId: 'p1', kind: 'prescription', activityId: 'cure' }, { orderId: 'p2' }],
    });
    const checks = Object.values(story.journey.prescription.byId).flatMap(({ checkIds }) => checkIds);
    expect(new Set(checks).size).toBe(2);
  });

  test('meets the refusals of its own draft, and takes the other orders with it', () => {
    expect(place(decided(6), vitalsOnly, medicine('p1'))).toMatchObject({ events: [], refusal: 'list-not-confirmed' });
    const story = listed();
    place(story, medicine('p1'));
    expect(place(story, medicine('p1')).refusal).toBe('not-allowed-in-state');
    expect(place(story, medicine('p2', { replaces: 'other' })).refusal).toBe('entity-unknown');
    expect(journeys.commands.PlaceOrders?.data.safeParse({ orders: [medicine('p3'), medicine('p3')] }).success).toBe(false);
  });

  test.each([
    ['a medicine', medicine('p1', { rxnorm: '161' }), 'p1', 'DraftPrescription'],
    ['a test', { ...swab, loinc: ['2823-3'] }, 'o1', 'PlaceOrders'],
    ['a visit to a place', { ...vitalsOnly, place: 'office' }, 'journey', 'PlaceOrders'],
  ])('of %s that the pathway does not know is beyond the scope, and the refusal is kept', (_what, order, entityId, commandType) => {
    const told = place(listed(), order);
    expect(told).toMatchObject({ events: ['ClinicalActRefused'], refusal: 'scope-exceeded' });
    expect(dataOf(told, 'ClinicalActRefused')).toMatchObject({ commandType, entityId, reason: 'scope-exceeded' });
  });

  test('of a referral cannot be read: referrals are not placed this way', () =>
    expect(journeys.commands.PlaceOrders?.data.safeParse({ orders: [{ kind: 'referral', partnerId: 'p' }] }).success).toBe(false));
});

describe('A clinical act without a licence where the patient is', () => {
  const lowering = () => {
    const story = decided(2);
    must(story, 'C', 'DecideDisposition', decision(story, 6));
    return story;
  };
  const wish = { dispositionId: 'other' };
  const journey = 'journey';
  test.each<[type: string, given: () => Story, data: object, entityId: string]>([
    ['StartConsult', claimed, { consultId: 'c1' }, 'c1'],
    ['RecordAssessment', started, { consultId: 'c1', noteRef: 'ref-note', codedFindings: [] }, 'c1'],
    ['RecordDiagnosis', started, { icd10: 'J02.0', certainty: 'provisional' }, journey],
    ['DecideDisposition', started, { consultId: 'c1', level: 1, rationaleRef: 'ref-rationale' }, 'c1'],
    ['ApproveDispositionLowering', lowering, wish, 'other'],
    ['RejectDispositionLowering', lowering, wish, 'other'],
    ['AgreeCarePlan', started, { activities: [{ id: 'rest', kind: 'advice' }] }, journey],
    ['PlaceOrders', () => decided(6), { orders: [swab] }, journey],
    ['CompleteConsult', () => decided(6), { consultId: 'c1', plannedOutcome: 'Resolved', summaryRef: 'ref-summary' }, 'c1'],
    ['SignLabOrder', () => ordered([swab]), { orderId: 'o1' }, 'o1'],
    ['ReviewResult', tested, { resultId: 'r1', version: 1 }, 'r1'],
  ])('%s is refused, and the refusal is kept with what it was about', (commandType, given, data, entityId) => {
    const story = given();
    const { revision: _before, heardAt: _heard, lastCommand: _last, ...before } = story.journey;
    story.know({ clinician: { ...sampleFacts.clinician, groupStates: [] } });
    const told = story.give('C', commandType, data);
    expect(told).toMatchObject({ events: ['ClinicalActRefused'], refusal: 'licence-not-valid-here' });
    const refused = { commandType, entityId, clinicianId: 'clinician-1', reason: 'licence-not-valid-here' };
    expect(dataOf(told, 'ClinicalActRefused')).toEqual(refused);
    expect(story.journey).toMatchObject(before);
  });

  test('is refused from the moment at which the patient is in another state', () => {
    const story = started();
    must(story, 'X', 'AttestLocation', { state: 'OR', areaKey: '97201', addressRef: 'ref-hotel' });
    expect(story.give('C', 'DecideDisposition', decision(story, 9)).events).toEqual(['ClinicalActRefused']);
  });

  test('a result that was reviewed under a licence says which', () => {
    const story = tested();
    const told = story.give('C', 'ReviewResult', resultOf(story));
    expect(dataOf(told, 'ResultReviewed')).toMatchObject({ licenceBasis: { licenceId: 'lic-wa', state: 'WA', groupId: 'group-1' } });
  });

  test('is no act of a journey that has not begun, and none of a closed one', () => {
    const story = completed(6);
    story.elapse('followup.end');
    expect(superState(story.journey)).toBe('Closed');
    expect(story.give('C', 'PlaceOrders', { orders: [swab] })).toMatchObject({ events: [], refusal: 'journey-closed' });
  });
});

describe('A visit that comes to nothing', () => {
  test('being the only order of the journey, it is closed as cancelled when its window ends', () => {
    const story = ordered([vitalsOnly]);
    must(story, 'X', 'ScreenHomeSafety', { visitId: story.entityOf('VisitRequested'), answers: { ...safe, weaponAtHome: true } });
    must(story, 'C', 'CompleteConsult', {
      consultId: story.entityOf('ConsultQueued'),
      plannedOutcome: 'Resolved',
      summaryRef: 'ref-summary',
    });
    story.elapse('followup.end');
    expect(story.journey.closing.closed).toMatchObject({ outcome: 'Cancelled' });
  });

  test('beside one that took place, it leaves the outcome that the clinician planned', () => {
    const story = tested();
    must(story, 'C', 'PlaceOrders', { orders: [vitalsOnly] });
    must(story, 'X', 'ScreenHomeSafety', { visitId: story.entityOf('VisitRequested'), answers: { ...safe, weaponAtHome: true } });
    const [visitId] = Object.keys(story.journey.visit.byId);
    must(story, 'V', 'EndVisit', { visitId });
    must(story, 'V', 'LeaveHome', { visitId });
    must(story, 'C', 'ReviewResult', resultOf(story));
    must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' });
    story.elapse('followup.end');
    expect(story.journey.closing.closed).toMatchObject({ outcome: 'Resolved' });
  });
});
