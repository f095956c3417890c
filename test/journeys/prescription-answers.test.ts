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
  withLists,
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

describe('At the counter', () => {
  /** Ready to be fetched at 15:00. */
  const ready = (): Story => {
    const story = verified();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
    story.give('A', 'RecordDispense', { ...p1, outcome: 'dispensed' });
    story.now = clockTime('15:00');
    expect(pharmacySays(story, 'ready').events).toEqual(['MedicationReadyForPickup']);
    return story;
  };
  const reminders = (story: Story) => story.effects('send-notice').filter(({ entityId }) => entityId.startsWith('p1'));
  const days = (count: number): number => clockTime('15:00') + count * 24 * 3_600_000;
  const returned = (story: Story) => story.give('A', 'RecordDispense', { ...p1, outcome: 'returned-to-stock' });

  it('a medicine is picked up', () => {
    const story = ready();
    expect(statusOfRx(story)).toBe('ReadyForPickup');
    expect(pharmacySays(story, 'picked-up').events).toEqual(['MedicationPickedUp']);
    expect(statusOfRx(story)).toBe('InHand');
    expect([...clocksOf(story), ...reminders(story)]).toEqual([]);
  });

  it('the patient is reminded on day 3 and 7, and on day 10 somebody looks', () => {
    const story = ready();
    expect(reminders(story).map(({ entityId, notBefore }) => [entityId, notBefore])).toEqual([
      ['p1.pickup-1', days(3)],
      ['p1.pickup-2', days(7)],
    ]);
    const sent = { noticeId: 'p1.pickup-1', status: 'sent', kind: 'pickupReminder', recipientRole: 'P', channel: 'push', textVersion: 1 };
    story.give('A', 'RecordNotice', sent);
    expect(reminders(story).map(({ entityId }) => entityId)).toEqual(['p1.pickup-2']);
    expect(clocksOf(story)).toEqual([`rx.pickup@${new Date(days(10)).toISOString()}`]);
    expect(story.elapse('rx.pickup').events).toEqual(['SlaBreached']);
  });

  it('what nobody fetched goes back, and ends when the clinician has decided', () => {
    const story = ready();
    expect(returned(story).events).toEqual(['MedicationReturnedToStock', 'TaskOpened']);
    expect([statusOfRx(story), ...tasksAbout(story, 'p1')]).toEqual(['ReadyForPickup', 'callback']);
    expect([...clocksOf(story).filter((deadline) => deadline.startsWith('rx')), ...reminders(story)]).toEqual([]);
    story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'not-needed' });
    expect(statusOfRx(story)).toBe('NotFilled');
  });

  it('a decision that was taken back is none, and one on something else is another', () => {
    const story = ready();
    story.give('C', 'OpenTask', { taskId: 'other', kind: 'callback', cites: ['p1'] });
    story.give('C', 'CompleteTask', { taskId: 'other', resultCode: 'done' });
    returned(story);
    expect(statusOfRx(story)).toBe('ReadyForPickup');
    story.give('C', 'CancelTask', { taskId: story.entityOf('TaskOpened'), reason: 'error' });
    expect(statusOfRx(story)).toBe('ReadyForPickup');
  });

  it('takes nothing back that is in hand', () => {
    const story = ready();
    pharmacySays(story, 'picked-up');
    expect(returned(story).events).toEqual(['MedicationReturnedToStock']);
    expect(statusOfRx(story)).toBe('InHand');
  });

  it.each([
    ['counselled', 'PatientCounselled'],
    ['declined', 'CounsellingDeclined'],
  ])('the patient is told how to take it, or does not want to hear it: %s', (outcome, event) => {
    const told = ready().give('K', 'RecordCounselling', { ...p1, outcome, by: 'pharmacist-7' });
    expect(told.events).toEqual([event]);
    expect(told.decided.events[0]?.data).toMatchObject({ by: 'pharmacist-7' });
    expect(ready().give('A', 'RecordCounselling', { rxId: 'p9', outcome }).refusal).toBe('entity-unknown');
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

describe('A controlled substance (R-25)', () => {
  const controlled = (ruleIds = ['cs-two-factors']) =>
    pathwayWith({ schedule: 'IV' }, { controlledSubstances: { schedules: ['IV'], ruleIds } });
  const factors = ['knowledge', 'hardToken'];
  const asked = { ...p1, state: 'WA', queryRef: 'pdmp-1' };
  const ready = (pathway = controlled()): Story => {
    const story = drafted(withLists().know(pathway));
    story.give('A', 'RecordRxSafetyCheck', { ...p1, checkId: story.entityOf('RxSafetyCheckRequested'), outcome: 'passed' });
    return story;
  };
  const sign = (story: Story, more: object = { factors }) => {
    const told = story.give('C', 'SignPrescription', { ...p1, ...more });
    return [told.refusal, ...told.events, ...told.decided.events.map(({ data }) => ('ruleId' in data ? data.ruleId : undefined))];
  };

  it('is of the schedule that the pathway knows, whatever the draft says', () => {
    expect(ready().journey.prescription.byId.p1?.schedule).toBe('IV');
  });

  it('is never drafted where the pathway allows none, or not this schedule', () => {
    const order = { ...p1, rxnorm: '723', sig: 'once', quantity: 1, days: 1, schedule: 'II' };
    for (const pathway of [pathwayWith({}), pathwayWith({}, { controlledSubstances: { schedules: ['IV'], ruleIds: ['r1'] } })]) {
      const told = withLists().know(pathway).give('C', 'DraftPrescription', order);
      expect([told.refusal, ...told.events]).toEqual(['scope-exceeded', 'ClinicalActRefused']);
    }
  });

  it('takes the monitoring programme’s answer and two different factors', () => {
    const story = ready();
    expect(sign(story)).toEqual(['check-missing', 'ControlledSubstanceGateRefused', 'cs-monitoring-query']);
    expect(story.give('A', 'RecordPdmpQuery', asked).events).toEqual(['PdmpQueried']);
    for (const given of [{}, { factors: ['knowledge'] }, { factors: ['knowledge', 'knowledge'] }, { factors: ['knowledge', 'shoe-size'] }])
      expect(sign(story, given)).toEqual(['two-factors-missing', 'ControlledSubstanceGateRefused', 'cs-two-factors']);
    expect(statusOfRx(story)).toBe('ReadyToSign');
    expect(sign(story)).toEqual([undefined, 'PrescriptionSigned', undefined]);
    expect(story.give('A', 'RecordPdmpQuery', { ...asked, rxId: 'p9' }).refusal).toBe('entity-unknown');
  });

  it('is not signed where the pathway has come to allow none', () => {
    const story = ready();
    story.give('A', 'RecordPdmpQuery', asked);
    story.know(pathwayWith({}));
    expect(sign(story)).toEqual(['scope-exceeded', 'ControlledSubstanceGateRefused', 'template-controlled-substances']);
  });

  it('from 1 January 2027 takes an evaluation in person by the prescriber', () => {
    const story = ready();
    story.give('A', 'RecordPdmpQuery', asked);
    const expiry = Date.UTC(2027, 0, 1, 5);
    story.now = expiry;
    expect(sign(story)).toEqual(['rule-expired', 'ControlledSubstanceGateRefused', 'cs-in-person-evaluation']);
    const [consult] = Object.values(story.journey.consult.byId);
    const seen = (clinicianId: string) => {
      const byId = { 'consult-1': { ...consult, modality: 'clinicSite', startedAt: 0, clinicianId } } as never;
      story.journey = { ...story.journey, consult: { ...story.journey.consult, byId } };
    };
    seen('nurse-1');
    expect(sign(story)[0]).toBe('rule-expired');
    seen('clinician-1');
    expect(sign(story)[0]).toBeUndefined();
    const before = ready();
    before.give('A', 'RecordPdmpQuery', asked);
    before.now = expiry - 1;
    expect(sign(before)[0]).toBeUndefined();
  });

  it('is handed over to an adult who signs, and refilled five times in six months', () => {
    const story = ready(pathwayWith({ schedule: 'IV', handling: [] }, { controlledSubstances: { schedules: ['IV'], ruleIds: ['r1'] } }));
    story.give('A', 'RecordPdmpQuery', asked);
    sign(story);
    const told = story.give('A', 'RecordDispense', { ...p1, outcome: 'dispensed' });
    expect(told.decided.events[1]?.data).toMatchObject({ handling: ['adultSignature'] });
    const refill = (n: number): string | undefined => {
      story.give('A', 'RecordRefillRequest', { ...p1, refillId: `refill-${n}` });
      return story.give('C', 'AnswerRefill', { ...p1, refillId: `refill-${n}`, decision: 'approved' }).refusal;
    };
    expect([1, 2, 3, 4].map(refill)).toEqual([undefined, undefined, undefined, undefined]);
    const fifth = story.now;
    story.now += 181 * 24 * 3_600_000;
    expect(refill(5)).toBe('scope-exceeded');
    story.now = fifth;
    expect([refill(6), refill(7)]).toEqual([undefined, 'scope-exceeded']);
  });

  it('of Schedule II is never refilled', () => {
    const two = pathwayWith({ schedule: 'II' }, { controlledSubstances: { schedules: ['II'], ruleIds: ['r1'] } });
    const story = ready(two);
    story.give('A', 'RecordPdmpQuery', asked);
    sign(story);
    story.give('A', 'RecordRefillRequest', { ...p1, refillId: 'refill-1' });
    expect(story.give('C', 'AnswerRefill', { ...p1, refillId: 'refill-1', decision: 'approved' }).refusal).toBe('scope-exceeded');
  });
});
