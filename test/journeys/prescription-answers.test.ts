import {
  clocksOf,
  clockTime,
  drafted,
  handedOut,
  iso,
  pathwayWith,
  pharmacySays,
  statusOfRx,
  tasksAbout,
  transmitted,
  verified,
} from './prescription-story.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';

const p1 = { rxId: 'p1' };
const nurse = { clinician: { ...sampleFacts.clinician, scope: 'nurse' as const } };
const change = { ...p1, changeId: 'change-1' };
const pharmacyAsks = (story: Story, more: object = {}) =>
  story.give('A', 'RecordPharmacyChange', { ...change, kind: 'generic-substitution', ...more });
const prescriberSays = (story: Story, decision: string, more: object = {}) =>
  story.give('C', 'AnswerPharmacyChange', { ...change, decision, ...more });

describe('A change that the pharmacy asks for', () => {
  it('waits for the prescriber, who has four hours of the clinic’s day', () => {
    const story = verified();
    expect(pharmacyAsks(story, { reason: 'not-in-stock' }).events).toEqual(['PharmacyChangeRequested']);
    expect(statusOfRx(story)).toBe('ChangeRequested');
    // Asked at 14:04 of a day that ends at 17:00: the rest is due in the morning.
    expect(clocksOf(story)).toContain(`rx.change@${iso('33:04')}`);
    expect(pharmacyAsks(story)).toMatchObject({ events: [], refusal: undefined });
    expect(story.elapse('rx.change').events).toEqual(['SlaBreached', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toContain('callback');
  });

  it.each([
    ['approved', 'PharmacyChangeApproved'],
    ['denied', 'PharmacyChangeDenied'],
  ])('%s goes back to where the pharmacy was', (decision, event) => {
    const story = verified();
    pharmacyAsks(story);
    const told = prescriberSays(story, decision, { reasonCode: 'equivalent' });
    expect(told.events).toEqual([event]);
    expect(told.decided.events[0]?.data).toMatchObject({ ...change, kind: 'generic-substitution', reason: 'equivalent' });
    expect(statusOfRx(story)).toBe('VerifiedByPharmacy');
    expect(clocksOf(story).filter((deadline) => deadline.startsWith('rx.change'))).toEqual([]);
    expect(prescriberSays(story, decision).refusal).toBe('not-allowed-in-state');
  });

  it('is urgent where a delay is a danger', () => {
    const story = verified().know(pathwayWith({ doseCritical: true }));
    pharmacyAsks(story);
    expect(clocksOf(story)).toContain(`rx.change@${iso('15:04')}`);
  });

  it('is a licensed prescriber’s to answer (R-20)', () => {
    const story = verified();
    pharmacyAsks(story);
    story.know({ clinician: { ...sampleFacts.clinician, licences: [] } });
    expect(prescriberSays(story, 'approved').refusal).toBe('licence-not-valid-here');
    const told = prescriberSays(story.know(nurse), 'approved');
    expect([told.refusal, ...told.events]).toEqual(['scope-exceeded', 'ClinicalActRefused']);
  });

  it('after the fill is known, and waits for nobody (R-21)', () => {
    const story = handedOut();
    expect(pharmacyAsks(story).events).toEqual(['PharmacyChangeRequested']);
    expect(statusOfRx(story)).toBe('InDelivery');
    expect(clocksOf(story).filter((deadline) => deadline.startsWith('rx'))).toEqual([]);
    expect(prescriberSays(story, 'approved').refusal).toBe('not-allowed-in-state');
  });

  it('does not hide a wish to cancel, and is known only if it was asked', () => {
    const story = verified();
    story.give('C', 'CancelPrescription', { ...p1, reason: 'error' });
    pharmacyAsks(story);
    expect(statusOfRx(story)).toBe('CancelRequested');
    expect(prescriberSays(story, 'denied', { changeId: 'change-9' }).refusal).toBe('entity-unknown');
    expect(pharmacyAsks(story, { rxId: 'p9' }).refusal).toBe('entity-unknown');
  });
});

describe('A refill', () => {
  const refill = { ...p1, refillId: 'refill-1' };
  const answer = (story: Story, decision: string, more: object = {}) => story.give('C', 'AnswerRefill', { ...refill, decision, ...more });

  it.each([
    ['approved', 'RefillApproved'],
    ['denied', 'RefillDenied'],
  ])('is asked for by the pharmacy and %s by the prescriber', (decision, event) => {
    const story = handedOut();
    expect(story.give('A', 'RecordRefillRequest', refill).events).toEqual(['RefillRequested']);
    expect(story.give('A', 'RecordRefillRequest', refill)).toMatchObject({ events: [], refusal: undefined });
    expect(answer(story, decision).events).toEqual([event]);
    expect(answer(story, decision).refusal).toBe('not-allowed-in-state');
  });

  it('that nobody asked for is unknown, and a nurse approves none', () => {
    const story = handedOut();
    expect(answer(story, 'approved').refusal).toBe('entity-unknown');
    story.give('A', 'RecordRefillRequest', refill);
    expect(answer(story.know(nurse), 'approved').refusal).toBe('scope-exceeded');
    expect(story.give('A', 'RecordRefillRequest', { ...refill, rxId: 'p9' }).refusal).toBe('entity-unknown');
  });

  it('after the journey has closed is a clinician’s task', () => {
    const story = handedOut();
    story.journey = { ...story.journey, closing: { ...story.journey.closing, closed: { outcome: 'Resolved', at: story.now } as never } };
    expect(story.give('A', 'RecordRefillRequest', refill).events).toEqual(['RefillRequested', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['callback']);
  });
});

describe('A draft', () => {
  const revise = (story: Story, more: object = {}) => story.give('C', 'RevisePrescription', { ...p1, ...more });

  it('is revised in part, and checked anew', () => {
    const story = drafted();
    const told = revise(story, { quantity: 30, days: 15 });
    expect(told.events).toEqual(['PrescriptionRevised', 'RxSafetyCheckRequested']);
    expect(told.decided.events[0]?.data).toMatchObject({
      rxId: 'p1',
      rxnorm: '723',
      quantity: 30,
      days: 15,
      citesResults: ['result-1'],
      pharmacyId: 'pharmacy-1',
    });
    expect(story.journey.prescription.byId.p1).toMatchObject({ status: 'SafetyChecking', quantity: 30 });
  });

  it('is refused as a new one would be', () => {
    const story = drafted();
    expect(revise(story, { rxnorm: '7804' }).refusal).toBe('scope-exceeded');
    expect(revise(story, { replaces: 'p9' }).refusal).toBe('entity-unknown');
    story.now = clockTime('38:02');
    expect(revise(story).refusal).toBe('list-not-confirmed');
    expect(revise(story, { rxId: 'p9' }).refusal).toBe('entity-unknown');
    expect(revise(transmitted()).refusal).toBe('not-allowed-in-state');
  });

  it('is not moved by what somebody says of it: what nobody has signed, nobody can have', () => {
    for (const [command, said] of [
      ['RecordRxTransmission', { attempt: 1, outcome: 'failed' }],
      ['RecordRxReconciliation', { outcome: 'notFound' }],
      ['RecordPharmacyStatus', { status: 'stock-out', pharmacyId: 'pharmacy-1' }],
      ['RecordDispense', { outcome: 'not-dispensed' }],
      ['RecordRxCancelAnswer', { outcome: 'confirmed' }],
    ] as const) {
      const story = drafted();
      expect(story.give('A', command, { ...p1, ...said }).events).toHaveLength(1);
      expect([statusOfRx(story), ...story.effects('send-prescription'), ...tasksAbout(story, 'p1')]).toEqual(['SafetyChecking']);
    }
  });

  it('is refused while a twin is live (I-7)', () => {
    const story = drafted();
    story.give('C', 'DraftPrescription', { rxId: 'p2', rxnorm: '723', sig: 'once', quantity: 5, days: 5 });
    story.give('A', 'RecordRxSafetyCheck', { rxId: 'p2', checkId: story.entityOf('RxSafetyCheckRequested'), outcome: 'passed' });
    story.give('C', 'SignPrescription', { rxId: 'p2' });
    expect(revise(story, { quantity: 1 }).refusal).toBe('live-twin');
  });
});

describe('The payer', () => {
  it('who says no leaves somebody to find another way', () => {
    const story = verified();
    pharmacySays(story, 'prior-authorisation-required');
    expect(pharmacySays(story, 'prior-authorisation-decided', { decision: 'denied' }).events).toEqual([
      'PriorAuthorisationDecided',
      'TaskOpened',
    ]);
    expect(tasksAbout(story, 'p1')).toEqual(['rxReject']);
  });
});
