import type { Facts } from '../../domain/journey/facts.ts';
import { superState } from '../../domain/journey/super-state.ts';
import { hour } from '../../domain/kernel/time.ts';
import type { BillingLine } from '../../domain/reference/employer.ts';
import { must } from './consult-setting.ts';
import { calm, covered, identified, located, questionnaire } from './intake-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { dataOf } from './visit-setting.ts';

const { pathway } = sampleFacts;
const line: BillingLine = {
  on: 'ConsultCompleted',
  code: '99421',
  stage: 'consult',
  modality: 'async',
  pos: '10',
  arrangement: 'selfPay',
  payer: 'patient',
  cents: 4_500,
  copayCents: 0,
};
/** The pathway with a price for somebody who pays alone. */
const withSelfPay = { ...pathway, template: { ...pathway.template, selfPay: [line] } };
const offer = { groupId: 'group-1', offerVersion: 1 };

const check = (story: Story) => story.entityOf('EligibilityCheckRequested');
const answer = (story: Story, outcome: string, checkId = check(story)) =>
  story.give('A', 'RecordEligibility', { checkId, outcome }, { who: 'eligibility' });
const standing = (story: Story) => story.journey.intake.eligibility;

describe('Coverage', () => {
  test('is asked for again by a coordinator, but not while an answer is awaited, nor before the patient is somewhere', () => {
    const story = located();
    expect(story.give('K', 'CheckEligibility', { purpose: 'again' })).toMatchObject({ events: [], refusal: 'check-already-running' });
    answer(story, 'denied');
    expect(story.give('K', 'CheckEligibility', { purpose: 'again' }).events).toEqual(['EligibilityCheckRequested']);
    expect(standing(story)).toMatchObject({ answer: 'none', checkId: check(story) });
    expect(identified().give('K', 'CheckEligibility', { purpose: 'again' }).refusal).toBe('not-allowed-in-state');
  });

  test('that is answered late, to an older question, is kept and changes nothing', () => {
    const story = located();
    const first = check(story);
    answer(story, 'undetermined');
    must(story, 'K', 'CheckEligibility', { purpose: 'again' });
    expect(answer(story, 'denied', first).events).toEqual(['EligibilityDenied']);
    expect(standing(story)).toMatchObject({ answer: 'none' });
  });

  test('that is confirmed is not taken back by an answer that knows nothing', () => {
    const story = covered();
    expect(answer(story, 'undetermined').events).toEqual(['EligibilityUndetermined']);
    expect(answer(story, 'failed').events).toEqual(['EligibilityCheckFailed']);
    expect(standing(story)).toMatchObject({ answer: 'confirmed' });
    expect(answer(story, 'denied').events).toEqual(['EligibilityDenied']);
    expect(standing(story)).toMatchObject({ answer: 'denied' });
  });
});

describe('A price', () => {
  test('may be declined, also with a reason, and accepted after all', () => {
    const story = covered();
    must(story, 'X', 'QuotePrice', offer);
    const quote = { quoteId: story.entityOf('PriceQuoted') };
    const told = story.give('X', 'DeclinePrice', { ...quote, reason: 'too-dear' });
    expect(dataOf(told, 'PriceDeclined')).toEqual({ ...quote, groupId: 'group-1', reason: 'too-dear' });
    expect(story.journey.intake.price).toBeUndefined();
    must(story, 'X', 'AcceptPrice', quote);
    expect(story.give('X', 'DeclinePrice', quote).refusal).toBe('not-allowed-in-state');
    expect(story.give('X', 'DeclinePrice', { quoteId: 'other' }).refusal).toBe('entity-unknown');
  });

  test('whose quote has expired is neither accepted nor declined', () => {
    const story = covered();
    must(story, 'X', 'QuotePrice', offer);
    story.now += 24 * hour;
    expect(story.give('X', 'DeclinePrice', { quoteId: story.entityOf('PriceQuoted') }).refusal).toBe('quote-expired');
  });
});

describe('Somebody who pays alone', () => {
  /** Everything but coverage and price. */
  const ready = (known: Facts['pathway'] = withSelfPay): Story => {
    const story = located({ pathway: known });
    must(story, 'X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
    must(story, 'X', 'SubmitQuestionnaire', questionnaire(calm));
    return story;
  };
  const quoted = (story: Story, data: object = offer) => {
    const told = story.give('X', 'QuotePrice', data);
    return { told, accept: () => story.give('X', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') }) };
  };

  test('is quoted the whole price, and by accepting it needs no coverage', () => {
    const story = ready();
    const { told, accept } = quoted(story, { ...offer, arrangement: 'selfPay' });
    expect(dataOf(told, 'PriceQuoted')).toMatchObject({
      arrangement: 'selfPay',
      totalCents: 4_500,
      copayCents: 4_500,
      payerSplit: [{ payer: 'patient', cents: 4_500 }],
    });
    expect(accept().events).toEqual(['PriceAccepted', 'JourneyAccepted', 'ConsultQueued']);
    expect(story.deadlines().join()).not.toMatch(/eligibility\.recheck/);
  });

  test.each(['denied', 'undetermined'])('is what a patient is offered whose coverage is %s where the contract says so', (outcome) => {
    const { contract } = pathway;
    const strict = { ...withSelfPay, contract: { ...contract, terms: { ...contract.terms, undeterminedPolicy: 'selfPay' as const } } };
    const story = ready(strict);
    answer(story, outcome);
    expect(superState(story.journey)).toBe('Screening');
    const { told, accept } = quoted(story);
    expect(dataOf(told, 'PriceQuoted')).toMatchObject({ arrangement: 'selfPay' });
    expect(accept().events).toContain('JourneyAccepted');
  });

  test('is no way where the pathway has no such price', () => {
    const story = ready(pathway);
    expect(quoted(story, { ...offer, arrangement: 'selfPay' }).told.refusal).toBe('offer-not-available');
    answer(story, 'denied');
    expect(quoted(story).told.refusal).toBe('offer-not-available');
    expect(story.give('K', 'RefuseJourney', { reason: 'not-covered', alternatives: ['urgentCare'] }).refusal).toBeUndefined();
  });

  test('under a contract of which every line is paid by the patient pays by that contract', () => {
    const { contract } = pathway;
    const dear = { ...line, cents: 6_000 };
    const story = ready({ ...withSelfPay, contract: { ...contract, terms: { ...contract.terms, billing: [dear] } } });
    expect(dataOf(quoted(story).told, 'PriceQuoted')).toMatchObject({ arrangement: 'selfPay', totalCents: 6_000 });
  });

  test('whose coverage is only not known goes on under a contract that says so, without paying alone', () => {
    const story = ready();
    answer(story, 'undetermined');
    const { told, accept } = quoted(story);
    expect(dataOf(told, 'PriceQuoted')).not.toHaveProperty('arrangement');
    expect(accept().events).toContain('JourneyAccepted');
  });
});
