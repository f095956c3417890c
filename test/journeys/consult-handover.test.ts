import fc from 'fast-check';
import type { ClinicianFact } from '../../domain/journey/facts.ts';
import { ownerOf } from '../../domain/journey/owner.ts';
import type { Contract } from '../../domain/reference/employer.ts';
import { as, claimed, clinician, completed, consultOf, decided, known, must, queued, started } from './consult-setting.ts';
import { calm, place, questionnaire, start } from './intake-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story } from './story.ts';
import { at, dataOf, dueOf } from './visit-setting.ts';

const year = 365 * 24 * 3_600_000;
const in_ = (clinicianId: string, state: string, changes: Partial<ClinicianFact> = {}): ClinicianFact => ({
  ...sampleFacts.clinician,
  clinicianId,
  licences: [{ licenceId: `lic-${state}`, state, validFrom: 0, validUntil: at('00:00') + year }],
  groupStates: [state],
  ...changes,
});

describe('A hand-over', () => {
  const asked = (to?: string): Story => {
    const story = started();
    must(story, 'C', 'RequestHandover', { ...consultOf(story), reason: 'shiftEnds', ...(to && { to }) });
    return story;
  };

  test('stays with the giver until somebody accepts, and the clocks go on', () => {
    const story = asked();
    expect(known(story)).toMatchObject({ clinicianId: 'clinician-1', handover: { from: 'clinician-1', reason: 'shiftEnds' } });
    expect(ownerOf(story.journey)).toEqual({ role: 'C', id: 'clinician-1' });
    const before = dueOf(story, 'async.first');
    const told = as(story, 'clinician-2', 'AcceptHandover', consultOf(story));
    expect(told.events).toEqual(['LicenceVerified', 'ConsultHandoverAccepted']);
    const accepted = { ...consultOf(story), from: 'clinician-1', to: 'clinician-2', groupId: 'group-1', reason: 'shiftEnds' };
    expect(dataOf(told, 'ConsultHandoverAccepted')).toEqual(accepted);
    expect(known(story)).toMatchObject({ status: 'InProgress', clinicianId: 'clinician-2' });
    expect(known(story)?.handover).toBeUndefined();
    expect(dueOf(story, 'async.first')).toEqual(before);
    expect(as(story, 'clinician-1', 'CompleteConsult', { ...consultOf(story), plannedOutcome: 'Resolved', summaryRef: 'r' }).refusal).toBe(
      'not-your-role',
    );
  });

  test('names whom it is for, or that any clinician may take it', () => {
    const [directed, open] = [asked('clinician-2'), asked()];
    const request = (story: Story) => story.happened.find(({ type }) => type === 'ConsultHandoverRequested')?.data;
    expect(request(directed)).toMatchObject({ from: 'clinician-1', to: 'clinician-2' });
    expect(request(open)).toMatchObject({ from: 'clinician-1', toRole: 'C' });
  });

  test('to somebody is for that clinician to accept or decline, who leaves it where it was', () => {
    const story = asked('clinician-2');
    expect(as(story, 'clinician-3', 'AcceptHandover', consultOf(story)).refusal).toBe('not-your-role');
    expect(as(story, 'clinician-3', 'DeclineHandover', consultOf(story)).refusal).toBe('not-your-role');
    const told = as(story, 'clinician-2', 'DeclineHandover', { ...consultOf(story), reason: 'busy' });
    expect(dataOf(told, 'ConsultHandoverDeclined')).toEqual({
      ...consultOf(story),
      from: 'clinician-1',
      to: 'clinician-2',
      reason: 'busy',
    });
    expect(known(story)).toMatchObject({ clinicianId: 'clinician-1', status: 'InProgress' });
    expect(as(story, 'clinician-2', 'AcceptHandover', consultOf(story)).refusal).toBe('not-allowed-in-state');
  });

  test('to everybody is not ended by one who declines', () => {
    const story = asked();
    as(story, 'clinician-2', 'DeclineHandover', consultOf(story));
    expect(as(story, 'clinician-3', 'AcceptHandover', consultOf(story)).events).toContain('ConsultHandoverAccepted');
  });

  test('before the start leaves the consult claimed, and during a lost picture leaves it lost', () => {
    const early = claimed();
    must(early, 'C', 'RequestHandover', { ...consultOf(early), reason: 'shiftEnds' });
    as(early, 'clinician-2', 'AcceptHandover', consultOf(early));
    expect(known(early)).toMatchObject({ status: 'Claimed', clinicianId: 'clinician-2' });
    const lost = started({ modality: 'video' });
    must(lost, 'A', 'RecordVideoState', { ...consultOf(lost), state: 'dropped', participant: 'patient' }, 'video');
    must(lost, 'C', 'RequestHandover', { ...consultOf(lost), reason: 'shiftEnds' });
    as(lost, 'clinician-2', 'AcceptHandover', consultOf(lost));
    expect(known(lost)).toMatchObject({ status: 'Dropped', clinicianId: 'clinician-2' });
  });

  test('is asked for by who holds the consult, of somebody else, and taken by somebody else', () => {
    const story = asked();
    const request = { ...consultOf(story), reason: 'x' };
    expect(as(story, 'clinician-2', 'RequestHandover', request).refusal).toBe('not-your-role');
    expect(as(story, 'clinician-1', 'RequestHandover', { ...request, to: 'clinician-1' }).refusal).toBe('not-allowed-in-state');
    expect(as(story, 'clinician-1', 'AcceptHandover', consultOf(story)).refusal).toBe('not-allowed-in-state');
    expect(as(story, 'clinician-1', 'DeclineHandover', consultOf(story)).refusal).toBe('not-allowed-in-state');
    expect(as(started(), 'clinician-2', 'AcceptHandover', consultOf(story)).refusal).toBe('not-allowed-in-state');
    expect(as(story, 'clinician-2', 'AcceptHandover', { consultId: 'other' }).refusal).toBe('entity-unknown');
    const over = completed();
    expect(over.give('C', 'RequestHandover', { ...consultOf(over), reason: 'x' }).refusal).toBe('not-allowed-in-state');
  });

  test('is refused to a clinician without a licence there, and the refusal is kept', () => {
    const story = asked();
    story.know({ clinician: clinician('clinician-2', { licences: [] }) });
    const told = story.give('C', 'AcceptHandover', consultOf(story), { who: 'clinician-2' });
    expect(told).toMatchObject({ events: ['LicenceGateRefused'], refusal: 'licence-not-valid-here' });
    expect(known(story)).toMatchObject({ clinicianId: 'clinician-1' });
  });
});

describe('A patient who moves to another state', () => {
  const oregon = { state: 'OR', areaKey: '97201', addressRef: 'ref-hotel' };

  test('before anybody has claimed the consult only moves', () => {
    expect(queued().give('X', 'AttestLocation', oregon).events).toEqual(['PatientLocationChanged']);
  });

  test('may go on with a clinician who is licensed there too', () => {
    const story = started().know({ holders: [in_('clinician-1', 'OR')] });
    const told = story.give('X', 'AttestLocation', oregon);
    expect(told.events).toEqual(['PatientLocationChanged', 'LicenceVerified']);
    expect(dataOf(told, 'LicenceVerified')).toMatchObject({ clinicianId: 'clinician-1', state: 'OR' });
    expect(known(story)?.handover).toBeUndefined();
  });

  test('and comes back needs no hand-over any more', () => {
    const story = started();
    must(story, 'X', 'AttestLocation', oregon);
    expect(known(story)?.handover).toMatchObject({ reason: 'licence' });
    expect(story.give('X', 'AttestLocation', place).events).toEqual(['PatientLocationChanged', 'LicenceVerified']);
    expect(known(story)?.handover).toBeUndefined();
  });

  test('after the claim keeps the consult from starting with that clinician', () => {
    const story = claimed({ modality: 'video' });
    must(story, 'X', 'AttestLocation', oregon);
    const told = story.give('C', 'StartConsult', consultOf(story));
    expect(told).toMatchObject({ events: ['ClinicalActRefused'], refusal: 'licence-not-valid-here' });
  });

  test('whose clinician nobody can vouch for is handed over', () => {
    const story = started().know({ holders: [] });
    expect(story.give('X', 'AttestLocation', oregon).events).toEqual([
      'PatientLocationChanged',
      'LicenceGateRefused',
      'ConsultHandoverRequested',
    ]);
  });
});

test('J-8 the patient is in another state: event for event, from the consult in progress to its end', () => {
  const { pathway } = sampleFacts;
  const contract: Contract = pathway.contract;
  const template = { ...pathway.template, states: ['OR', 'ID'] };
  const [a, b] = [in_('clinician-a', 'OR'), in_('clinician-b', 'ID')];
  const story = new Story(at('09:30'), { pathway: { template, contract }, holders: [a] });
  const oregon = { state: 'OR', areaKey: '97201', addressRef: 'ref-home' };
  must(story, 'X', 'StartJourney', { ...start, modality: 'video' });
  must(story, 'X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'ref-identifiers' });
  must(story, 'T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' });
  must(story, 'X', 'AttestLocation', oregon);
  must(story, 'A', 'RecordEligibility', { checkId: story.entityOf('EligibilityCheckRequested'), outcome: 'confirmed' }, 'eligibility');
  must(story, 'X', 'QuotePrice', { groupId: 'group-1', offerVersion: 1 });
  must(story, 'X', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') });
  must(story, 'X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
  must(story, 'X', 'SubmitQuestionnaire', questionnaire(calm));
  const c1 = consultOf(story);
  const give = (time: string, by: ClinicianFact, type: string, data: object) => {
    story.now = at(time);
    return story.know({ clinician: by }).give('C', type, data, { who: by.clinicianId });
  };
  give('09:55', a, 'ClaimConsult', c1);
  give('09:59', a, 'AttestLocation', oregon);
  expect(give('10:00', a, 'StartConsult', c1).events).toEqual(['ConsultStarted']);
  const decision = { ...c1, level: 9, rationaleRef: 'ref-rationale' };

  const moved = give('10:07', a, 'AttestLocation', { state: 'ID', areaKey: '83702', addressRef: 'ref-car' });
  expect(moved.events).toEqual(['PatientLocationChanged', 'LicenceGateRefused', 'ConsultHandoverRequested']);
  expect(dataOf(moved, 'PatientLocationChanged')).toMatchObject({ from: 'OR', state: 'ID', reportedBy: 'clinician-a' });
  expect(dataOf(moved, 'LicenceGateRefused')).toMatchObject({ clinicianId: 'clinician-a', state: 'ID' });
  expect(dataOf(moved, 'ConsultHandoverRequested')).toEqual({ ...c1, from: 'clinician-a', toRole: 'C', reason: 'licence' });
  const refused = give('10:08', a, 'DecideDisposition', decision);
  expect(refused).toMatchObject({ events: ['ClinicalActRefused'], refusal: 'licence-not-valid-here' });
  expect(give('10:09', b, 'AcceptHandover', c1).events).toEqual(['LicenceVerified', 'ConsultHandoverAccepted']);
  expect(give('10:20', b, 'RecordAssessment', { ...c1, noteRef: 'ref-note', codedFindings: [] }).events).toEqual(['AssessmentRecorded']);
  expect(give('10:21', b, 'DecideDisposition', decision).events).toEqual(['DispositionDecided']);
  const done = give('10:22', b, 'CompleteConsult', { ...c1, plannedOutcome: 'SelfCare', summaryRef: 'ref-summary' });
  expect(done.events).toEqual(['ConsultCompleted', 'FollowUpWindowOpened', 'ChargeCaptured']);
  expect(dataOf(done, 'ChargeCaptured')).toMatchObject({ renderingClinicianId: 'clinician-b' });

  expect(Object.keys(story.journey.consult.byId)).toHaveLength(1);
  expect(story.happened.filter(({ type }) => type === 'ConsultQueued')).toHaveLength(1);
  const acts = story.happened.filter(({ occurredAt, data }) => occurredAt >= at('10:07') && 'licenceBasis' in data);
  expect(acts.map(({ actor }) => actor.id)).toEqual(['clinician-b', 'clinician-b', 'clinician-b']);
});

describe('The licence gate (R-20, I-5)', () => {
  const states = ['WA', 'OR', 'CA'] as const;
  const clinicians = fc.array(
    fc.record({
      licensed: fc.subarray([...states]),
      contracted: fc.subarray([...states]),
      until: fc.constantFrom(at('10:00'), at('12:00'), at('00:00', 2)),
    }),
    { minLength: 2, maxLength: 4 },
  );
  const acts: readonly ((consult: object) => readonly [type: string, data: object])[] = [
    (c) => ['ClaimConsult', c],
    (c) => ['StartConsult', c],
    (c) => ['RecordAssessment', { ...c, noteRef: 'r', codedFindings: [] }],
    (c) => ['DecideDisposition', { ...c, level: 9, rationaleRef: 'r' }],
    (c) => ['RequestHandover', { ...c, reason: 'x' }],
    (c) => ['AcceptHandover', c],
    () => ['GiveAdvice', { kind: 'selfCare', textRef: 'r' }],
    () => ['RecordDiagnosis', { icd10: 'J02.9', certainty: 'provisional' }],
    (c) => ['CompleteConsult', { ...c, plannedOutcome: 'Resolved', summaryRef: 'r' }],
  ];
  const step = fc.record({
    who: fc.nat(3),
    act: fc.constantFrom(...acts),
    moveTo: fc.option(fc.constantFrom(...states), { nil: undefined }),
    later: fc.constantFrom(0, 60_000, 3_600_000),
  });
  const gated = [
    'ConsultClaimed',
    'ConsultStarted',
    'AssessmentRecorded',
    'DispositionDecided',
    'ConsultHandoverAccepted',
    'ConsultCompleted',
  ];

  test('lets no act pass of a clinician without a licence and a contract where the patient is at that instant', () => {
    fc.assert(
      fc.property(clinicians, fc.array(step, { minLength: 5, maxLength: 30 }), (people, steps) => {
        const facts = people.map(({ licensed, contracted, until }, i) =>
          in_(`clinician-${i}`, 'none', {
            licences: licensed.map((state) => ({ licenceId: `lic-${i}-${state}`, state, validFrom: 0, validUntil: until })),
            groupStates: contracted,
          }),
        );
        const story = queued();
        for (const { who, act, moveTo, later } of steps) {
          story.now += later;
          const by = facts[who % facts.length] as ClinicianFact;
          story.know({ clinician: by, holders: facts });
          if (moveTo) story.give('X', 'AttestLocation', { ...place, state: moveTo });
          const state = story.journey.intake.location?.state ?? '';
          const may = by.groupStates.includes(state) && by.licences.some((held) => held.state === state && story.now < held.validUntil);
          const [type, data] = act(consultOf(story));
          const { decided: made } = story.give('C', type, data, { who: by.clinicianId });
          const passed = made.events.filter((event) => 'licenceBasis' in event.data || gated.includes(event.type));
          if (passed.length > 0) expect(may).toBe(true);
          for (const {
            data: { licenceBasis },
          } of passed)
            if (licenceBasis) expect(licenceBasis).toMatchObject({ clinicianId: by.clinicianId, state });
        }
        // Who holds a consult where the licence does not reach has been asked to hand it over.
        for (const { clinicianId, handover, status } of Object.values(story.journey.consult.byId)) {
          const state = story.journey.intake.location?.state ?? '';
          const holder = facts.find((fact) => fact.clinicianId === clinicianId);
          const moved = story.happened.findLast(({ type }) => type === 'PatientLocationChanged');
          const taken = story.happened.findLast(({ type }) => type === 'ConsultClaimed' || type === 'ConsultHandoverAccepted');
          if (!holder || !moved || status === 'Completed' || (taken && taken.occurredAt > moved.occurredAt)) continue;
          const reaches =
            holder.groupStates.includes(state) &&
            holder.licences.some((held) => held.state === state && moved.occurredAt < held.validUntil);
          if (!reaches && taken && story.happened.indexOf(taken) < story.happened.indexOf(moved)) expect(handover).toBeDefined();
        }
      }),
      { numRuns: 150 },
    );
  });
});

test('A disposition after a hand-over is its new clinician\u2019s to complete', () => {
  const story = decided(6);
  must(story, 'C', 'RequestHandover', { ...consultOf(story), to: 'clinician-2', reason: 'shiftEnds' });
  as(story, 'clinician-2', 'AcceptHandover', consultOf(story));
  const end = { ...consultOf(story), plannedOutcome: 'Resolved', summaryRef: 'r' };
  expect(as(story, 'clinician-2', 'CompleteConsult', end).events).toContain('ConsultCompleted');
});
