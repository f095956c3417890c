import { openChildren } from '../../domain/journey/super-state.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { as, atBedside, clinician, known, must, ordered, resultOf, strep, swab, tested, visited } from './consult-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { at, dataOf, dueOf } from './visit-setting.ts';

const statusOf = (story: Story) => story.journey.lab.orders.o1?.status;
const perform = (story: Story, changes: object = {}, role: 'V' | 'C' = 'V', who?: string) =>
  story.give(role, 'PerformPointOfCareTest', { ...strep, ...changes }, who ? { who } : {});
const review = (story: Story) => story.give('C', 'ReviewResult', { ...resultOf(story), decision: 'treat' });
const inform = (story: Story) => story.give('C', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' });
const owedResults = (story: Story) => [openChildren(story.journey), Object.values(story.journey.lab.results)];

describe('An order for a test', () => {
  test('is signed, and who pays is known before anything is collected', () => {
    const story = ordered([swab]);
    expect(statusOf(story)).toBe('Drafted');
    const told = story.give('C', 'SignLabOrder', { orderId: 'o1' });
    expect(told.events).toEqual(['LabOrderSigned', 'LabPayerDecided']);
    expect(dataOf(told, 'LabOrderSigned')).toMatchObject({ orderId: 'o1', signerId: 'clinician-1' });
    expect(dataOf(told, 'LabPayerDecided')).toEqual({ orderId: 'o1', payer: 'employer', patientCents: 0 });
    expect(story.journey.lab.orders.o1).toMatchObject({ status: 'AwaitingCollection', payer: 'employer' });
  });

  test('is not signed twice, not if it is unknown, and not for a laboratory that takes no orders', () => {
    const story = ordered([swab]);
    expect(story.give('C', 'SignLabOrder', { orderId: 'other' })).toMatchObject({ events: [], refusal: 'entity-unknown' });
    story.know({ lab: { open: false } });
    expect(story.give('C', 'SignLabOrder', { orderId: 'o1' })).toMatchObject({ events: [], refusal: 'lab-closed' });
    story.know({ lab: { open: true } });
    must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
    expect(story.give('C', 'SignLabOrder', { orderId: 'o1' })).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });
});

describe('A test at the point of care', () => {
  test('gives a final result at once, for the clinician of the consult to review', () => {
    const story = atBedside();
    story.now = at('13:58');
    const told = perform(story);
    expect(told.events).toEqual(['PointOfCareTestPerformed', 'FinalResultReceived', 'ResultReviewAssigned']);
    expect(dataOf(told, 'PointOfCareTestPerformed')).toEqual({
      orderId: 'o1',
      loinc: '78012-2',
      device: 'strep-reader-7',
      lot: 'L2231',
      expiry: strep.expiry,
      operator: 'visitor-1',
      waiverRef: 'clia-waiver-1',
    });
    expect(dataOf(told, 'FinalResultReceived')).toEqual({
      ...resultOf(story),
      orderId: 'o1',
      observations: [{ loinc: '78012-2', value: 'positive', unit: '', flag: 'A', derived: true }],
      issuedAt: at('13:58'),
      sourceMessageId: told.decided.events[0]?.id,
    });
    expect(dataOf(told, 'ResultReviewAssigned')).toEqual({ ...resultOf(story), clinicianId: 'clinician-1' });
    expect(statusOf(story)).toBe('Final');
  });

  test('during the consult is for its clinician to review', () => {
    const story = ordered();
    must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
    visited(story);
    expect(dataOf(perform(story), 'ResultReviewAssigned')).toMatchObject({ clinicianId: 'clinician-1' });
    expect(known(story)).toMatchObject({ status: 'Decided' });
  });

  test.each([
    ['positive', 'A'],
    ['Positive', 'A'],
    ['negative', 'N'],
  ])('that reads %s is flagged %s by the pathway', (value, flag) => {
    expect(dataOf(perform(atBedside(), { value }), 'FinalResultReceived')).toMatchObject({ observations: [{ value, flag }] });
  });

  test('of a kind that the pathway does not know counts as abnormal', () => {
    const bedside = atBedside().know({ pathway: withoutTests });
    expect(dataOf(perform(bedside, { value: 'negative' }), 'FinalResultReceived')).toMatchObject({ observations: [{ flag: 'A' }] });
  });

  test.each(['invalid', 'Invalid'])('that reads %s is no result and may be repeated', (value) => {
    const story = atBedside();
    const told = perform(story, { value });
    expect(told.events).toEqual(['PointOfCareTestInvalidated']);
    expect(dataOf(told, 'PointOfCareTestInvalidated')).toMatchObject({ orderId: 'o1', reason: 'controlLineMissing', lot: 'L2231' });
    expect(statusOf(story)).toBe('AwaitingCollection');
    expect(perform(story).events).toContain('FinalResultReceived');
  });

  test('needs the certificate of waiver of the site', () => {
    expect(perform(atBedside({ facts: { device: {} } }))).toMatchObject({ events: [], refusal: 'waiver-missing' });
  });

  test('takes no lot that has expired, be it at this very instant', () => {
    const story = atBedside();
    expect(perform(story, { expiry: story.now })).toMatchObject({ events: [], refusal: 'lot-expired' });
    expect(perform(story, { expiry: story.now + 1 }).refusal).toBeUndefined();
  });

  test('needs a signed order and a visit in progress with the test still to be done', () => {
    expect(perform(atBedside(), { orderId: 'other' })).toMatchObject({ events: [], refusal: 'entity-unknown' });
    const unsigned = visited(ordered());
    expect(perform(unsigned).refusal).toBe('not-allowed-in-state');
    const early = ordered();
    must(early, 'C', 'SignLabOrder', { orderId: 'o1' });
    expect(perform(visited(early, 'IdentifyPatientAtVisit')).refusal).toBe('not-allowed-in-state');
    expect(perform(tested()).refusal).toBe('not-allowed-in-state');
    const skipped = atBedside();
    must(skipped, 'V', 'SkipVisitTask', { visitId: skipped.entityOf('VisitRequested'), taskRef: 'swab', reason: 'refused' });
    expect(perform(skipped).refusal).toBe('not-allowed-in-state');
  });

  test('is done at home only by the visitor of the visit', () => {
    const story = atBedside();
    expect(perform(story, {}, 'V', 'visitor-2')).toMatchObject({ events: [], refusal: 'not-your-role' });
  });

  test('is outside the scope of a visitor without the licence or the skill', () => {
    const story = atBedside();
    story.know({ visitor: { ...sampleFacts.visitor, skills: [] } });
    const told = perform(story);
    expect(told).toMatchObject({ events: ['ClinicalActRefused'], refusal: 'scope-exceeded' });
    expect(dataOf(told, 'ClinicalActRefused')).toEqual({
      commandType: 'PerformPointOfCareTest',
      entityId: 'o1',
      clinicianId: 'visitor-1',
      reason: 'scope-exceeded',
    });
  });

  test('done by a clinician needs a licence where the patient is, and says which', () => {
    const story = atBedside();
    story.know({ clinician: clinician('clinician-1', { licences: [] }) });
    const refused = perform(story, {}, 'C');
    expect(refused).toMatchObject({ events: ['ClinicalActRefused'], refusal: 'licence-not-valid-here' });
    story.know({ clinician: clinician('clinician-1') });
    const told = perform(story, {}, 'C');
    expect(told.events).toContain('FinalResultReceived');
    expect(dataOf(told, 'PointOfCareTestPerformed')).toMatchObject({ operator: 'clinician-1', licenceBasis: { licenceId: 'lic-wa' } });
  });
});

const { pathway } = sampleFacts;
const withoutTests = { ...pathway, template: { ...pathway.template, pointOfCareTests: [] } };

describe('A result', () => {
  test('is reviewed by a licensed clinician, then told to the patient, which ends the order', () => {
    const story = tested();
    const reviewed = review(story);
    expect(reviewed.events).toEqual(['ResultReviewed']);
    expect(dataOf(reviewed, 'ResultReviewed')).toMatchObject({ ...resultOf(story), clinicianId: 'clinician-1', decision: 'treat' });
    expect(statusOf(story)).toBe('Reviewed');
    const informed = inform(story);
    expect(informed.events).toEqual(['PatientInformedOfResult']);
    expect(dataOf(informed, 'PatientInformedOfResult')).toEqual({ ...resultOf(story), channel: 'app', by: 'clinician-1' });
    expect(statusOf(story)).toBe('Communicated');
    expect(openChildren(story.journey)).not.toContain('o1');
  });

  test('that was told before the review is communicated only with the review', () => {
    const story = tested();
    inform(story);
    expect(statusOf(story)).toBe('Final');
    expect(openChildren(story.journey)).toContain('o1');
    review(story);
    expect(statusOf(story)).toBe('Communicated');
    expect(dueOf(story, 'inform.abnormal')).toEqual([]);
  });

  test('may be reviewed by another licensed clinician', () => {
    const story = tested();
    expect(dataOf(as(story, 'clinician-2', 'ReviewResult', resultOf(story)), 'ResultReviewed')).toMatchObject({
      clinicianId: 'clinician-2',
    });
  });

  test('that is reviewed or told again adds nothing', () => {
    const story = tested();
    review(story);
    inform(story);
    const before = owedResults(story);
    expect([review(story), inform(story)]).toMatchObject([
      { events: [], refusal: undefined },
      { events: [], refusal: undefined },
    ]);
    expect(owedResults(story)).toEqual(before);
  });

  test.each(['ReviewResult', 'InformPatientOfResult'])('that is unknown, or of another version, is refused (%s)', (type) => {
    const story = tested();
    const more = type === 'InformPatientOfResult' ? { channel: 'app' } : {};
    expect(story.give('C', type, { resultId: 'other', version: 1, ...more })).toMatchObject({ events: [], refusal: 'entity-unknown' });
    const newer = { ...resultOf(story), version: 2, ...more };
    expect(story.give('C', type, newer)).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('is told by a coordinator or the system too, and reviewed by neither', () => {
    const story = tested();
    expect(story.give('K', 'ReviewResult', resultOf(story)).refusal).toBe('not-your-role');
    expect(story.give('T', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' }).events).toEqual(['PatientInformedOfResult']);
    const other = tested();
    expect(other.give('K', 'InformPatientOfResult', { ...resultOf(other), channel: 'phone' }).events).toEqual(['PatientInformedOfResult']);
  });
});

describe('The clocks of a result', () => {
  test.each([
    ['positive', 'review.abnormal', 24 * hour, 'inform.abnormal', 24 * hour],
    ['negative', 'review.normal', 3 * day, 'inform.normal', 3 * day],
  ])('that is %s run to the review, then to the patient', (value, toReview, reviewIn, toInform, informIn) => {
    const story = tested(value);
    const clocks = () => [toReview, toInform].map((name) => dueOf(story, name));
    expect(story.deadlines().filter((due) => /^(review|inform)/.test(due))).toHaveLength(1);
    expect(clocks()).toEqual([[at('13:58') + reviewIn], []]);
    story.now = at('14:30');
    review(story);
    expect(clocks()).toEqual([[], [at('14:30') + informIn]]);
    inform(story);
    expect(clocks()).toEqual([[], []]);
  });

  test.each(['positive', 'negative'])('that is %s breach once and keep the acts possible', (value) => {
    const story = tested(value);
    const kind = value === 'positive' ? 'abnormal' : 'normal';
    expect(story.elapse(`review.${kind}`).events).toEqual(['SlaBreached']);
    expect(dueOf(story, `review.${kind}`)).toEqual([]);
    expect(review(story).events).toEqual(['ResultReviewed']);
    expect(story.elapse(`inform.${kind}`).events).toEqual(['SlaBreached']);
    expect(inform(story).events).toEqual(['PatientInformedOfResult']);
  });
});
