import { superState } from '../../domain/journey/super-state.ts';
import { day, hour, minute } from '../../domain/kernel/time.ts';
import { covered, identified, located, place, requested, start } from './intake-setting.ts';
import { firstDay, sampleFacts } from './sample-facts.ts';
import { Story } from './story.ts';

describe('a journey is asked for', () => {
  test('by a parent for a child on the roster: it is requested under the template in force', () => {
    const { events, decided } = new Story(firstDay).give('X', 'StartJourney', start);
    expect(events).toEqual(['JourneyRequested']);
    expect(decided.events[0]?.data).toMatchObject({ templateVersion: 3, requesterKind: 'proxy', majorityOn: sampleFacts.start.majorityOn });
  });

  test('twice under one id: the second request is not possible in the present state', () => {
    expect(requested().give('X', 'StartJourney', start)).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  const { contract, template, ...nobody } = sampleFacts.start;
  const world = { contract: contract as NonNullable<typeof contract>, template: template as NonNullable<typeof template>, ...nobody };
  test.each([
    ['of an employer without a contract', 'employer-unknown', { ...nobody, template: world.template }],
    ['before the contract begins', 'contract-not-in-force', { ...world, contract: { ...world.contract, effectiveOn: firstDay + day } }],
    ['for somebody on no roster', 'not-on-roster', { ...world, onRoster: false }],
    ['under a template that is not in force', 'template-not-in-force', { ...nobody, contract: world.contract }],
    ['for a child of two', 'age-outside-template', { ...world, ageYears: 2 }],
  ])('%s: the start is refused as %s, recorded, with somewhere else to turn', (_when, code, facts) => {
    const { events, refusal, decided } = new Story(firstDay, { start: facts }).give('X', 'StartJourney', start);
    expect({ events, refusal }).toEqual({ events: ['JourneyStartRefused'], refusal: code });
    expect(decided.events[0]?.data).toMatchObject({ reason: code, alternatives: expect.arrayContaining(['callCoordinator']) });
    expect(superState(decided.journey)).toBe('Closed');
  });

  test('by a role that may not: nothing happens', () => {
    expect(new Story(firstDay).give('D', 'StartJourney', start)).toMatchObject({ events: [], refusal: 'not-your-role' });
  });

  test('never: every other command finds no journey', () => {
    expect(new Story(firstDay).give('X', 'AttestLocation', place)).toMatchObject({ events: [], refusal: 'entity-unknown' });
  });
});

describe('identity', () => {
  test('two identifiers that match verify it and start the screening once', () => {
    const story = requested();
    const show = () => story.give('X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r' }).events;
    expect(show()).toEqual(['PatientIdentityVerified', 'ScreeningStarted']);
    expect(show()).toEqual(['PatientIdentityVerified']);
  });

  test('one identifier is not enough', () => {
    const story = requested({ identity: { kinds: ['name'], matches: true } });
    expect(story.give('X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r' })).toMatchObject({
      events: [],
      refusal: 'identifiers-missing',
    });
  });

  test('the third failure brings a coordinator', () => {
    const story = requested({ identity: { kinds: ['name', 'phone'], matches: false } });
    const fail = () => story.give('X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r' }).events;
    expect([fail(), fail(), fail()]).toEqual([
      ['IdentityVerificationFailed'],
      ['IdentityVerificationFailed'],
      ['IdentityVerificationFailed', 'TaskOpened'],
    ]);
  });
});

describe('a proxy', () => {
  test('is verified by the roster, until the child comes of age', () => {
    const story = identified();
    expect(story.give('T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' }).events).toEqual(['ProxyAuthorityVerified']);
    expect(story.deadlines()).toContain(`proxy.majority@${new Date(sampleFacts.start.majorityOn as number).toISOString()}`);
  });

  test('whom the roster does not know is rejected', () => {
    expect(
      identified({ proxy: { relationship: 'none' } }).give('T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' }).events,
    ).toEqual(['ProxyAuthorityRejected']);
  });

  test('is not needed where a minor may consent alone', () => {
    const { pathway } = sampleFacts;
    const story = located({ pathway: { ...pathway, template: { ...pathway.template, minorConsentStates: ['WA'] } } });
    expect(story.give('T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' })).toMatchObject({
      events: [],
      refusal: 'proxy-not-needed',
    });
  });

  test('loses access on the day of majority', () => {
    const story = identified();
    story.give('T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' });
    expect(story.elapse('proxy.majority').events).toEqual(['ProxyAccessEnded']);
  });
});

describe('location', () => {
  test('attested for the first time asks for coverage', () => {
    expect(identified().give('X', 'AttestLocation', place).events).toEqual(['PatientLocationAttested', 'EligibilityCheckRequested']);
  });

  test('attested again in the same state is only attested', () => {
    expect(located().give('X', 'AttestLocation', place).events).toEqual(['PatientLocationAttested']);
  });

  test('in another state is a change', () => {
    expect(located().give('X', 'AttestLocation', { ...place, state: 'OR' }).events).toEqual(['PatientLocationChanged']);
  });

  test('in a state without the pathway is refused with the nearest alternatives', () => {
    expect(identified().give('X', 'AttestLocation', { ...place, state: 'TX' }).events).toEqual(['LocationRefused']);
  });
});

describe('coverage', () => {
  const answer = (outcome: string) => {
    const story = located();
    return {
      story,
      ...story.give('A', 'RecordEligibility', { checkId: story.entityOf('EligibilityCheckRequested'), outcome }, { who: 'eligibility' }),
    };
  };

  test.each([
    ['confirmed', 'EligibilityConfirmed'],
    ['denied', 'EligibilityDenied'],
    ['undetermined', 'EligibilityUndetermined'],
    ['failed', 'EligibilityCheckFailed'],
  ])('an answer %s is recorded as %s', (outcome, event) => expect(answer(outcome).events).toEqual([event]));

  test('an answer to a question that nobody asked is unknown', () => {
    expect(located().give('A', 'RecordEligibility', { checkId: 'other', outcome: 'confirmed' }, { who: 'eligibility' }).refusal).toBe(
      'entity-unknown',
    );
  });

  test('a check that failed is tried again after 1, 5 and 15 minutes, and after 20 counts as undetermined', () => {
    const { story } = answer('failed');
    const failedAt = story.now;
    const waits: number[] = [];
    for (let attempt = 2; attempt <= 4; attempt += 1) {
      const effect = story.effects('check-eligibility')[0];
      expect(effect?.attempt).toBe(attempt);
      waits.push(((effect?.notBefore ?? 0) - failedAt) / minute);
      story.now = effect?.notBefore ?? story.now;
      story.give(
        'A',
        'RecordEligibility',
        { checkId: story.entityOf('EligibilityCheckRequested'), attempt, outcome: 'failed' },
        { who: 'eligibility' },
      );
    }
    expect(waits).toEqual([1, 5, 15]);
    expect(story.effects('check-eligibility')).toEqual([]);
    expect(story.elapse('eligibility.retry').events).toEqual(['EligibilityUndetermined']);
    expect(story.now - failedAt).toBe(20 * minute);
  });
});

describe('price', () => {
  test('is quoted with the copay and accepted', () => {
    const story = covered();
    const quoted = story.give('X', 'QuotePrice', { groupId: 'group-1', offerVersion: 1 });
    expect(quoted.decided.events[0]?.data).toMatchObject({ totalCents: 18_500, copayCents: 2_500 });
    expect(story.give('X', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') }).events).toEqual(['PriceAccepted']);
  });

  test.each([
    ['a group that is not licensed there', { offer: { available: false } }, { groupId: 'group-1', offerVersion: 1 }],
    ['a group outside the contract', {}, { groupId: 'group-9', offerVersion: 1 }],
    ['an offer of another version', {}, { groupId: 'group-1', offerVersion: 2 }],
  ])('%s has no offer', (_why, facts, data) => expect(covered(facts).give('X', 'QuotePrice', data).refusal).toBe('offer-not-available'));

  test('a quote that has expired is not accepted', () => {
    const story = covered();
    story.give('X', 'QuotePrice', { groupId: 'group-1', offerVersion: 1 });
    story.now += 24 * hour;
    expect(story.give('X', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') }).refusal).toBe('quote-expired');
  });

  test('a quote that was never made is unknown', () =>
    expect(covered().give('X', 'AcceptPrice', { quoteId: 'q9' }).refusal).toBe('entity-unknown'));
});

describe('consent', () => {
  const consent = { scopes: ['treatment', 'telehealth'], textVersion: 1 };

  test('is granted by the verified proxy', () => {
    expect(located().give('X', 'GrantConsent', consent).decided.events[0]?.data).toMatchObject({ proxyId: 'parent-1' });
  });

  test('for a minor needs a verified proxy', () => expect(identified().give('X', 'GrantConsent', consent).refusal).toBe('proxy-missing'));
});
