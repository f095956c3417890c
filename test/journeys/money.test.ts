import type { Effect } from '../../domain/kernel/plan.ts';
import type { BillingLine, ContractTerms } from '../../domain/reference/employer.ts';
import { completed, decided, decision, must, resultOf, started, tested, visitEnded } from './consult-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { at, dataOf } from './visit-setting.ts';

const { pathway } = sampleFacts;
const { terms } = pathway.contract;
const [ofConsult, ofVisit] = terms.billing as [BillingLine, BillingLine];
const under = (changes: Partial<ContractTerms>) => ({
  facts: { pathway: { ...pathway, contract: { ...pathway.contract, terms: { ...terms, ...changes } } } },
});
const charges = (story: Story) => Object.values(story.journey.money.charges);
const copays = (story: Story) => Object.values(story.journey.money.copays);
const endVisit = (story: Story) => story.give('V', 'EndVisit', { visitId: story.entityOf('VisitRequested') });
const pay = (story: Story, outcome: string, changes: object = {}) =>
  story.give('A', 'RecordPayment', { chargeId: story.entityOf('CopayRequested'), outcome, cents: 2_500, ...changes }, { who: 'payment' });

describe('What the contract bills', () => {
  test('a completed consult is charged as the contract says, citing the event and the clinician', () => {
    const story = completed();
    const told = story.happened.find(({ type }) => type === 'ConsultCompleted');
    expect(story.happened.at(-1)).toMatchObject({
      type: 'ChargeCaptured',
      data: {
        code: '99421',
        units: 1,
        pos: '10',
        stage: 'consult',
        modality: 'async',
        arrangement: 'pmpmIncluded',
        payer: 'employer',
        cents: 0,
        renderingClinicianId: 'clinician-1',
        diagnosisIds: [],
        evidence: [told?.id],
      },
    });
    expect(copays(story)).toEqual([]);
  });

  test('a visit that ended is charged, and the copay of the quote is asked for', () => {
    const story = tested();
    must(story, 'C', 'RecordDiagnosis', { icd10: 'J02.0', certainty: 'confirmed' });
    const told = endVisit(story);
    expect(told.events).toEqual(['VisitEnded', 'ChargeCaptured', 'CopayRequested']);
    expect(dataOf(told, 'ChargeCaptured')).toMatchObject({
      code: '99342',
      arrangement: 'usageFee',
      cents: 18_500,
      evidence: [told.decided.events[0]?.id],
      diagnosisIds: [story.entityOf('DiagnosisRecorded')],
    });
    expect(dataOf(told, 'CopayRequested')).toEqual({ chargeId: story.entityOf('ChargeCaptured'), cents: 2_500 });
    expect(dataOf(told, 'ChargeCaptured')).not.toHaveProperty('copayCents');
  });

  test('names the clinician of an open consult before the one of a consult that is over', () => {
    const story = started(under({ billing: [{ ...ofConsult, on: 'DispositionDecided' }] }));
    const told = story.give('C', 'DecideDisposition', decision(story, 6));
    expect(told.events).toEqual(['DispositionDecided', 'ChargeCaptured']);
    expect(dataOf(told, 'ChargeCaptured')).toMatchObject({ renderingClinicianId: 'clinician-1' });
  });

  test('nothing else is charged, nor is what was refused', () => {
    const story = visitEnded();
    expect(charges(story)).toHaveLength(2);
    expect(endVisit(story)).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
    must(story, 'C', 'ReviewResult', resultOf(story));
    expect(charges(story)).toHaveLength(2);
  });

  test('I-12: one event makes one line for each payer and never two for one', () => {
    const billing = [ofVisit, { ...ofVisit, payer: 'plan', code: '99343' }, { ...ofVisit, code: '99344' }] as BillingLine[];
    const story = visitEnded(under({ billing }));
    const [own] = story.happened.filter(({ type }) => type === 'VisitEnded');
    expect(charges(story).map(({ payer, code, evidence }) => [payer, code, evidence])).toEqual([
      ['employer', '99342', [own?.id]],
      ['plan', '99343', [own?.id]],
    ]);
    expect(story.happened.filter(({ type }) => type === 'ChargeCaptured')).toHaveLength(2);
  });

  test('a charge names at most 20 diagnoses, the newest', () => {
    const story = tested();
    for (let n = 10; n < 31; n += 1) must(story, 'C', 'RecordDiagnosis', { icd10: `J${n}.0`, certainty: 'provisional' });
    const told = endVisit(story);
    expect(dataOf(told, 'ChargeCaptured')).toMatchObject({ diagnosisIds: story.journey.consult.diagnosisIds.slice(1) });
  });
});

describe('The copay', () => {
  test('is asked of the payment service once, until there is an outcome', () => {
    const story = visitEnded();
    const chargeId = story.entityOf('CopayRequested');
    expect(story.effects('request-payment')).toEqual([
      { id: `copay.${chargeId}`, attempt: 1, kind: 'request-payment', entityId: chargeId },
    ]);
    expect(pay(story, 'charged', { paymentRef: 'pay-1' }).events).toEqual(['CopayCharged']);
    expect(story.effects('request-payment')).toEqual([]);
    expect(copays(story)).toMatchObject([{ cents: 2_500, status: 'charged' }]);
  });

  test.each([
    ['refused', 'failed', 'CopayFailed'],
    ['unconfirmed', 'unconfirmed', 'CopayUnconfirmed'],
  ])('that is %s is recorded, still owed in full, and not charged again by itself', (outcome, status, event) => {
    const story = visitEnded();
    const told = pay(story, outcome, { cents: 0, reason: 'card-declined' });
    expect(told.events).toEqual([event]);
    expect(dataOf(told, event)).toMatchObject({ chargeId: story.entityOf('CopayRequested'), reason: 'card-declined' });
    expect(copays(story)).toMatchObject([{ cents: 2_500, status }]);
    expect(story.effects('request-payment')).toEqual([]);
  });

  const minutes = (effects: readonly Effect[], since: number) =>
    effects.map(({ attempt, notBefore = since }) => [attempt, (notBefore - since) / 60_000]);

  test('that certainly failed is tried again at the times of the schedule, counted from the first failure, and then given up', () => {
    const story = visitEnded();
    const since = story.now;
    const tried: unknown[] = [];
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      expect(pay(story, 'failed', { attempt }).events).toEqual(['CopayFailed']);
      tried.push(...minutes(story.effects('request-payment'), since));
      story.now = story.effects('request-payment')[0]?.notBefore ?? story.now;
    }
    expect(tried).toEqual([
      [2, 1],
      [3, 5],
      [4, 15],
      [5, 60],
      [6, 240],
      [7, 1_440],
    ]);
    expect(copays(story)).toMatchObject([{ cents: 2_500, status: 'failed' }]);
    expect(pay(story, 'charged', { paymentRef: 'pay-1' }).events).toEqual(['CopayCharged']);
    expect(copays(story)).toMatchObject([{ status: 'charged' }]);
  });

  test('R-33: that may have been paid is asked about, not charged again', () => {
    const story = visitEnded();
    const since = story.now;
    pay(story, 'unconfirmed', { attempt: 1 });
    const asked: unknown[] = [];
    for (let query = 1; query <= 6; query += 1) {
      expect(story.effects('request-payment')).toEqual([]);
      asked.push(...minutes(story.effects('query-payment'), since));
      story.now = story.effects('query-payment')[0]?.notBefore ?? story.now;
      pay(story, 'unconfirmed', { query });
    }
    expect(asked).toEqual([
      [1, 2],
      [2, 5],
      [3, 10],
      [4, 60],
      [5, 240],
      [6, 1_440],
    ]);
    expect([...story.effects('query-payment'), ...story.effects('request-payment')]).toEqual([]);
    expect(copays(story)).toMatchObject([{ status: 'unconfirmed' }]);
  });

  test('R-33: that is certainly not there is asked for again, as the next attempt', () => {
    const story = visitEnded();
    pay(story, 'unconfirmed', { attempt: 1 });
    pay(story, 'failed', { query: 1, reason: 'not-found' });
    expect(story.effects('query-payment')).toEqual([]);
    expect(story.effects('request-payment')).toMatchObject([{ attempt: 2 }]);
    expect(story.effects('request-payment')[0]).not.toHaveProperty('notBefore');
    pay(story, 'unconfirmed', { attempt: 2 });
    expect(story.effects('query-payment')).toMatchObject([{ attempt: 2 }]);
  });

  test('that a query finds is paid, and the answer that comes late adds nothing', () => {
    const story = visitEnded();
    pay(story, 'unconfirmed', { attempt: 1 });
    expect(pay(story, 'charged', { paymentRef: 'pay-1' }).events).toEqual(['CopayCharged']);
    expect(pay(story, 'charged', { paymentRef: 'pay-1' })).toMatchObject({ events: [], refusal: undefined });
    expect(pay(story, 'charged', { paymentRef: 'pay-2' }).events).toEqual(['CopayCharged']);
    expect([...story.effects('query-payment'), ...story.effects('request-payment')]).toEqual([]);
  });

  test.each([
    ['failed', { attempt: 1 }],
    ['unconfirmed', { attempt: 1 }],
    ['failed', { query: 1 }],
  ])('is not moved by a word about an attempt or a query that is over: %s %j', (outcome, which) => {
    const story = visitEnded();
    pay(story, 'unconfirmed', { attempt: 1 });
    pay(story, 'failed', { query: 1 });
    pay(story, 'failed', { attempt: 2 });
    const before = copays(story);
    const effects = story.effects('request-payment');
    expect(pay(story, outcome, which).refusal).toBeUndefined();
    expect(copays(story)).toEqual(before);
    expect(story.effects('request-payment')).toEqual(effects);
  });

  test('of a journey that started before there were retries is not tried again', () => {
    const story = visitEnded();
    const { request } = story.journey.intake;
    if (!request) throw new Error('a journey that was not requested');
    const slaSet = { ...request.slaSet, schedules: {} as typeof request.slaSet.schedules };
    story.journey = { ...story.journey, intake: { ...story.journey.intake, request: { ...request, slaSet } } };
    pay(story, 'failed', { attempt: 1 });
    expect(story.effects('request-payment')).toEqual([]);
  });

  test.each([
    [['failed', 'charged'], 'charged'],
    [['unconfirmed', 'charged'], 'charged'],
    [['unconfirmed', 'failed'], 'failed'],
    [['failed', 'unconfirmed'], 'failed'],
    [['charged', 'failed'], 'charged'],
    [['charged', 'unconfirmed'], 'charged'],
  ])('R-21: told %j, every word is kept and it is %s', (outcomes, status) => {
    const story = visitEnded();
    const before = story.journey.revision;
    expect(outcomes.map((outcome) => pay(story, outcome).refusal)).toEqual([undefined, undefined]);
    expect(story.journey.revision).toBe(before + 2);
    expect(copays(story)).toMatchObject([{ status }]);
  });

  test('that nobody asked for is unknown', () => {
    expect(pay(visitEnded(), 'charged', { chargeId: 'other' })).toMatchObject({ events: [], refusal: 'entity-unknown' });
    const story = completed();
    const data = { chargeId: story.entityOf('ChargeCaptured'), outcome: 'charged', cents: 0 };
    expect(story.give('A', 'RecordPayment', data, { who: 'payment' }).refusal).toBe('entity-unknown');
  });

  test('is reported by the payment service alone', () => {
    const story = visitEnded();
    const data = { chargeId: story.entityOf('CopayRequested'), outcome: 'charged', cents: 2_500 };
    expect(story.give('K', 'RecordPayment', data)).toMatchObject({ events: [], refusal: 'not-your-role' });
  });

  test('may still be open when the journey closes, and is taken afterwards', () => {
    const story = visitEnded();
    must(story, 'V', 'LeaveHome', { visitId: story.entityOf('VisitRequested') });
    must(story, 'C', 'ReviewResult', resultOf(story));
    must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' });
    expect(story.elapse('followup.end').events).toContain('JourneyClosed');
    expect(story.effects('request-payment')).toHaveLength(1);
    expect(pay(story, 'charged').events).toEqual(['CopayCharged']);
    expect(copays(story)).toMatchObject([{ status: 'charged' }]);
  });
});

describe('Coverage at a billable act', () => {
  const checks = (told: { events: readonly string[] }) => told.events.filter((type) => type === 'EligibilityCheckRequested');
  const endedAt = (time: string, days: number, given = tested()) => {
    given.now = at(time, days);
    return endVisit(given);
  };
  const answer = (story: Story, outcome: string) =>
    must(story, 'A', 'RecordEligibility', { checkId: story.entityOf('EligibilityCheckRequested'), outcome }, 'eligibility');

  test('in the month of the last answer is not asked for again, be it the last minute of it', () => {
    expect(checks(endedAt('23:59', 25))).toEqual([]);
  });

  test('in a later month, by the clock of the patient, is asked for again', () => {
    const told = endedAt('00:00', 26);
    expect(told.events).toEqual(['VisitEnded', 'ChargeCaptured', 'CopayRequested', 'EligibilityCheckRequested']);
    expect(dataOf(told, 'EligibilityCheckRequested')).toMatchObject({ purpose: 'billable-act' });
  });

  test('a year later in the same month is asked for again', () => expect(checks(endedAt('14:08', 365))).toHaveLength(1));

  test('is not asked for twice while the question is open', () => {
    const story = tested();
    story.elapse('eligibility.recheck');
    expect(checks(endVisit(story))).toEqual([]);
  });

  test('is not asked for by an act of last month that is told late', () => {
    const story = tested();
    story.elapse('eligibility.recheck');
    answer(story, 'confirmed');
    expect(checks(endedAt('14:08', 0, story))).toEqual([]);
  });

  test.each(['denied', 'undetermined'])('that was %s last month is asked for as well', (outcome) => {
    const story = tested();
    story.now = at('23:00', 25);
    answer(story, outcome);
    expect(checks(endedAt('00:30', 26, story))).toHaveLength(1);
  });

  test('is not asked for by an act that nobody bills', () => {
    const story = decided(6);
    story.now = at('14:00', 40);
    expect(checks(story.give('C', 'RecordDiagnosis', { icd10: 'J02.0', certainty: 'confirmed' }))).toEqual([]);
  });
});
