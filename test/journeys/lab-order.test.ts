import { openChildren } from '../../domain/journey/super-state.ts';
import { clinician, completion, decided, must, ordered, resultOf, swab, tested } from './consult-setting.ts';
import { dataOf, dueOf } from './visit-setting.ts';

const { kind: _kind, activityId: _activity, ...draft } = swab;
const of = { orderId: 'o1' };

describe('A draft', () => {
  test('is made by a licensed clinician for a laboratory that takes orders, once', () => {
    const story = decided(6);
    const told = story.give('C', 'DraftLabOrder', draft);
    expect(told.events).toEqual(['LabOrderDrafted']);
    expect(dataOf(told, 'LabOrderDrafted')).toMatchObject({ ...draft, requisitionId: expect.stringMatching(/^requisition-/) });
    expect(story.give('C', 'DraftLabOrder', draft).refusal).toBe('not-allowed-in-state');
    expect(
      decided(6)
        .know({ lab: { open: false } })
        .give('C', 'DraftLabOrder', draft).refusal,
    ).toBe('lab-closed');
    const unlicensed = decided(6).know({ clinician: clinician('clinician-1', { licences: [] }) });
    expect(unlicensed.give('C', 'DraftLabOrder', draft)).toMatchObject({
      refusal: 'licence-not-valid-here',
      events: ['ClinicalActRefused'],
    });
  });
});

describe('R-29: who pays', () => {
  test('may be decided anew until the test was done', () => {
    const story = ordered();
    must(story, 'C', 'SignLabOrder', of);
    const told = story.give('B', 'DecideLabPayer', { ...of, payer: 'patient', patientCents: 1_500 });
    expect(dataOf(told, 'LabPayerDecided')).toEqual({ ...of, payer: 'patient', patientCents: 1_500 });
    expect(story.journey.lab.orders.o1?.payer).toBe('patient');
    expect(story.give('B', 'DecideLabPayer', { orderId: 'other', payer: 'plan' }).refusal).toBe('entity-unknown');
    expect(tested().give('B', 'DecideLabPayer', { ...of, payer: 'plan' })).toMatchObject({ events: [], refusal: 'already-collected' });
  });

  test('is nobody’s question once the order is cancelled', () => {
    const story = ordered();
    must(story, 'C', 'CancelLabOrder', { ...of, reason: 'double' });
    expect(story.give('K', 'DecideLabPayer', { ...of, payer: 'plan' }).refusal).toBe('not-allowed-in-state');
  });
});

describe('A cancelled order', () => {
  const cancel = { ...of, reason: 'double' };

  test('is open no more, and cannot be signed or done', () => {
    const story = ordered([swab]);
    const told = story.give('K', 'CancelLabOrder', cancel);
    expect(dataOf(told, 'LabOrderCancelled')).toEqual({ ...cancel, by: 'coordinator-1' });
    expect(openChildren(story.journey)).toEqual([]);
    expect(story.give('K', 'CancelLabOrder', cancel)).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('C', 'SignLabOrder', of).refusal).toBe('not-allowed-in-state');
  });

  test('that was all there was leaves the journey cancelled', () => {
    const story = ordered([swab]);
    must(story, 'C', 'CompleteConsult', completion(story));
    must(story, 'K', 'CancelLabOrder', cancel);
    must(story, 'X', 'EndFollowUpEarly');
    expect(story.journey.closing.closed?.outcome).toBe('Cancelled');
  });

  test('is refused once the test was done: the result is there and must be reviewed', () => {
    expect(tested().give('C', 'CancelLabOrder', cancel)).toMatchObject({ events: [], refusal: 'specimen-already-analysed' });
    expect(ordered().give('C', 'CancelLabOrder', { ...cancel, orderId: 'other' }).refusal).toBe('entity-unknown');
  });
});

describe('R-26: the release of a result', () => {
  const hold = (story = tested(), changes: object = { basisRef: 'basis-1' }) => ({
    story,
    told: story.give('C', 'HoldResultRelease', { ...resultOf(story), ...changes }),
  });

  test('is held by a named clinician with a reason of its own, and nobody tells the patient meanwhile', () => {
    const { story, told } = hold();
    const { resultId } = resultOf(story);
    expect(dataOf(told, 'ResultReleaseHeld')).toMatchObject({ resultId, clinicianId: 'clinician-1', basisRef: 'basis-1' });
    expect(hold(story).told).toMatchObject({ events: [], refusal: undefined });
    const inform = () => story.give('K', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' });
    must(story, 'C', 'ReviewResult', resultOf(story));
    expect(inform()).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
    expect(dueOf(story, 'inform.abnormal')).toHaveLength(1);
    const released = story.give('C', 'ReleaseResult', resultOf(story));
    expect(dataOf(released, 'ResultReleased')).toMatchObject({ resultId, clinicianId: 'clinician-1' });
    expect(story.give('C', 'ReleaseResult', resultOf(story))).toMatchObject({ events: [], refusal: undefined });
    expect(inform().events).toEqual(['PatientInformedOfResult']);
  });

  test('is not held without a reason, nor after the patient was told', () => {
    expect(hold(tested(), {}).told).toMatchObject({ events: [], refusal: 'basis-missing' });
    const story = tested();
    must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' });
    expect(hold(story).told.refusal).toBe('not-allowed-in-state');
  });

  test('concerns the newest version of a known result', () => {
    const story = tested();
    const basisRef = 'basis-1';
    expect(story.give('C', 'HoldResultRelease', { resultId: 'other', version: 1, basisRef }).refusal).toBe('entity-unknown');
    expect(story.give('C', 'ReleaseResult', { ...resultOf(story), version: 2 }).refusal).toBe('not-allowed-in-state');
  });
});

describe('That the patient has looked at a result', () => {
  test('is a fact, and no proof that anybody told them', () => {
    const story = tested();
    const told = story.give('A', 'RecordResultViewed', resultOf(story), { who: 'portal' });
    expect(dataOf(told, 'PatientViewedResult')).toEqual({ ...resultOf(story), channel: 'app' });
    expect(story.journey.lab.results[resultOf(story).resultId]?.informedAt).toBeUndefined();
    expect(story.give('A', 'RecordResultViewed', { resultId: 'other', version: 1 }, { who: 'portal' }).refusal).toBe('entity-unknown');
  });
});
