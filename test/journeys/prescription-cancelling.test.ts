import { cancellation } from '../../domain/journey/prescription/cancelling.ts';
import {
  aboutDelivery,
  amoxicillin,
  carriedOut,
  clocksOf,
  clockTime,
  courierCalls,
  courierSays,
  drafted,
  handedOut,
  inTreatment,
  iso,
  networkSays,
  pharmacySays,
  readyToSign,
  signed,
  signedFor,
  standing,
  statusOfRx,
  tasksAbout,
  transmitted,
  verified,
  withLists,
} from './prescription-story.ts';
import type { Story } from './story.ts';

const p1 = { rxId: 'p1' };
const cancel = (story: Story, role: 'C' | 'P' | 'X' | 'T' = 'C', reason = 'not-needed') =>
  story.give(role, 'CancelPrescription', { ...p1, reason });
const pharmacyAnswers = (story: Story, outcome: string, more: object = {}) =>
  story.give('A', 'RecordRxCancelAnswer', { ...p1, outcome, ...more });
const cancelCalls = (story: Story) => story.effects('cancel-prescription').map(({ id, attempt }) => [id, attempt]);

describe('J-6: stock-out and a late cancel answer', () => {
  /** Verified at pharmacy A since 10:00, lists confirmed at 09:50. */
  const given = (): Story => {
    const story = inTreatment();
    story.now = clockTime('09:50');
    readyToSign(drafted(withLists(story)));
    story.give('C', 'SignPrescription', p1);
    networkSays(story, 'succeeded');
    story.now = clockTime('10:00');
    pharmacySays(story, 'verified');
    return story;
  };

  it('leaves exactly the events of the worked journey, and never two live prescriptions', () => {
    const story = given();
    const at = (time: string): Story => {
      story.now = clockTime(time);
      return story;
    };
    expect(pharmacySays(at('10:10'), 'stock-out').events).toEqual(['StockOutReported', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['pharmacyChoice']);
    expect(cancel(at('10:12'), 'C', 'stockOut').events).toEqual(['PrescriptionCancelRequested']);
    expect(statusOfRx(story)).toBe('CancelRequested');
    expect(pharmacyAnswers(at('10:13'), 'unknown').events).toEqual(['PrescriptionCancelUnconfirmed']);
    expect(statusOfRx(story)).toBe('CancelUnconfirmed');
    expect(at('10:15').give('P', 'ChooseReroute', { ...p1, pharmacyId: 'pharmacy-2' }).events).toEqual([
      'PharmacyRerouteChosen',
      'TaskCompleted',
    ]);
    const twin = at('10:20').give('C', 'DraftPrescription', { ...amoxicillin, rxId: 'p2' });
    expect([twin.refusal, ...twin.events]).toEqual(['live-twin']);
    expect(clocksOf(story)).toEqual([`rx.cancel@${iso('10:42')}`]);
    expect(story.elapse('rx.cancel').events).toEqual(['SlaBreached', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['pharmacyCall']);
    const told = pharmacyAnswers(at('10:52'), 'confirmed');
    expect(told.events).toEqual(['PrescriptionCancelConfirmed', 'TaskCompleted', 'PrescriptionDrafted', 'RxSafetyCheckRequested']);
    const p2 = story.entityOf('PrescriptionDrafted');
    expect(told.decided.events[2]?.data).toMatchObject({ rxId: p2, replaces: 'p1', pharmacyId: 'pharmacy-2', rxnorm: '723' });
    expect(carriedOut(at('10:53'), p2, 'pharmacy-2')).toEqual([
      ['RxSafetyCheckPassed'],
      ['PrescriptionSigned'],
      ['PrescriptionTransmitted'],
      ['PrescriptionVerifiedByPharmacy'],
    ]);
    expect([statusOfRx(story), statusOfRx(story, p2)]).toEqual(['Cancelled', 'VerifiedByPharmacy']);
    expect(story.journey.prescription.byId[p2]).toMatchObject({ pharmacyId: 'pharmacy-2', fulfilment: 'courier' });
    expect(pharmacyAnswers(story, 'confirmed').events).toEqual([]);
  });
});

describe('Cancelling (R-19)', () => {
  it('a draft ends it at once', () => {
    const story = drafted();
    expect(cancel(story, 'P').events).toEqual(['PrescriptionCancelRequested', 'PrescriptionCancelConfirmed']);
    expect(statusOfRx(story)).toBe('Cancelled');
    expect(story.effects('check-rx-safety')).toEqual([]);
    expect(cancel(story).refusal).toBe('not-allowed-in-state');
  });

  it('what may be on its way to the pharmacy stops the sending, and asks the pharmacy', () => {
    const story = signed();
    expect(cancel(story).events).toEqual(['PrescriptionCancelRequested']);
    expect(story.effects('send-prescription')).toEqual([]);
    expect(cancelCalls(story)).toEqual([['rx-cancel.p1.1', 1]]);
    expect(networkSays(story, 'unknown').events).toEqual(['PrescriptionSendUnconfirmed']);
    expect(story.effects('query-prescription')).toEqual([]);
    expect(pharmacyAnswers(story, 'denied').events).toEqual(['PrescriptionCancelDenied', 'TaskOpened']);
    expect(story.give('K', 'RecordRxReconciliation', { ...p1, outcome: 'notFound' }).events).toEqual(['PrescriptionReconciled']);
    expect(story.effects('send-prescription')).toEqual([]);
  });

  it('keeps what the pharmacy tells meanwhile, and goes back to it when it is denied', () => {
    const story = transmitted();
    cancel(story);
    expect(pharmacySays(story, 'verified').events).toEqual(['PrescriptionVerifiedByPharmacy']);
    expect(statusOfRx(story)).toBe('CancelRequested');
    expect(pharmacySays(story, 'stock-out').events).toEqual(['StockOutReported']);
    const told = pharmacyAnswers(story, 'denied', { reason: 'in-preparation' });
    expect(told.events).toEqual(['PrescriptionCancelDenied', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['patientCall']);
    expect(statusOfRx(story)).toBe('OutOfStock');
    expect(cancel(story).events).toEqual(['PrescriptionCancelRequested']);
    expect(cancelCalls(story)).toEqual([['rx-cancel.p1.2', 1]]);
  });

  it('twice is once', () => {
    const story = verified();
    cancel(story);
    expect(cancel(story, 'X')).toMatchObject({ events: [], refusal: undefined });
    pharmacyAnswers(story, 'unknown');
    expect(cancelCalls(story)).toEqual([]);
    expect(cancel(story, 'T')).toMatchObject({ events: [], refusal: undefined });
  });

  it('after the fill stops the delivery, and somebody tells the patient what to do', () => {
    const story = handedOut();
    courierSays(story, 'picked-up');
    expect(cancel(story).events).toEqual(['PrescriptionCancelRequested', 'DeliveryStopRequested', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['patientInstruction']);
    const { deliveryId } = aboutDelivery(story);
    expect(story.effects('stop-delivery')).toEqual([
      { id: `courier-stop.${deliveryId}.1`, attempt: 1, kind: 'stop-delivery', entityId: deliveryId },
    ]);
    expect(pharmacyAnswers(story, 'denied').events).toEqual(['PrescriptionCancelDenied']);
    expect(statusOfRx(story)).toBe('InDelivery');
    expect(courierSays(story, 'returning').events).toEqual(['DeliveryReturnStarted']);
    expect(story.effects('stop-delivery')).toEqual([]);
  });

  it('after the fill, where nothing is on its way, leaves the instruction', () => {
    const story = verified();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
    story.give('A', 'RecordDispense', { ...p1, outcome: 'dispensed' });
    expect(cancel(story).events).toEqual(['PrescriptionCancelRequested', 'TaskOpened']);
    expect(story.give('A', 'RecordDispense', { ...p1, outcome: 'returned-to-stock' }).events).toEqual(['MedicationReturnedToStock']);
    expect(statusOfRx(story)).toBe('NotFilled');
  });

  it('before the fill that comes all the same asks for no delivery', () => {
    const story = verified();
    cancel(story);
    expect(story.give('A', 'RecordDispense', { ...p1, outcome: 'dispensed' }).events).toEqual(['MedicationDispensed']);
    expect(statusOfRx(story)).toBe('CancelRequested');
    expect(courierCalls(story)).toEqual([]);
  });

  it('is refused when it is in hand: only a call is left', () => {
    const story = handedOut();
    courierSays(story, 'delivered', signedFor);
    const told = cancel(story);
    expect([told.refusal, ...told.events]).toEqual(['already-in-hand']);
  });

  it('of what nobody knows is unknown', () => {
    const story = verified();
    expect(story.give('C', 'CancelPrescription', { rxId: 'p9', reason: 'error' }).refusal).toBe('entity-unknown');
    expect(story.give('A', 'RecordRxCancelAnswer', { rxId: 'p9', outcome: 'confirmed' }).refusal).toBe('entity-unknown');
    expect(story.give('P', 'ChooseReroute', { rxId: 'p9', pharmacyId: 'pharmacy-2' }).refusal).toBe('entity-unknown');
  });

  it('has 30 minutes of the pharmacy’s day', () => {
    const story = transmitted();
    story.now = clockTime('21:50');
    cancel(story);
    expect(clocksOf(story)).toEqual([`rx.cancel@${iso('32:20')}`]);
    pharmacyAnswers(story, 'unknown');
    expect(clocksOf(story)).toEqual([`rx.cancel@${iso('32:20')}`]);
  });

  it('by telephone names who said so, and the call is done', () => {
    const story = verified();
    cancel(story);
    story.elapse('rx.cancel');
    const told = story.give('K', 'RecordRxCancelAnswer', { ...p1, outcome: 'confirmed', by: 'pharmacist-7' });
    expect(told.events).toEqual(['PrescriptionCancelConfirmed', 'TaskCompleted']);
    expect(told.decided.events[0]?.data).toMatchObject({ by: 'pharmacist-7' });
    expect(statusOfRx(story)).toBe('Cancelled');
  });

  it('by the pharmacy itself leaves a patient without a medicine: the clinician is told', () => {
    const story = verified();
    expect(pharmacyAnswers(story, 'confirmed').events).toEqual(['PrescriptionCancelConfirmed', 'TaskOpened']);
    expect([statusOfRx(story), ...tasksAbout(story, 'p1')]).toEqual(['Cancelled', 'callback']);
  });

  it('confirmed too late takes nothing out of a hand (R-21)', () => {
    const story = verified();
    cancel(story);
    pharmacySays(story, 'picked-up');
    expect(statusOfRx(story)).toBe('InHand');
    expect(pharmacyAnswers(story, 'confirmed').events).toEqual(['PrescriptionCancelConfirmed']);
    expect(statusOfRx(story)).toBe('InHand');
    expect(clocksOf(story)).toEqual([]);
  });

  it('denied for what is in hand already is a call to the patient', () => {
    const story = verified();
    cancel(story);
    pharmacySays(story, 'picked-up');
    expect(pharmacyAnswers(story, 'denied').events).toEqual(['PrescriptionCancelDenied', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['patientCall']);
  });

  it.each(['counter', 'courier'])('confirmed, and then in the patient’s hands by the %s: a call to the patient', (way) => {
    const story = handedOut();
    cancel(story);
    pharmacyAnswers(story, 'confirmed');
    const told = way === 'counter' ? pharmacySays(story, 'picked-up') : courierSays(story, 'delivered', signedFor);
    expect(told.events).toContain('TaskOpened');
    expect(tasksAbout(story, 'p1')).toEqual(['patientInstruction', 'patientCall']);
    expect(statusOfRx(story)).toBe('InHand');
  });

  it('is a pure function of one prescription, which the end of a journey can call', () => {
    const wish = { reason: 'journey-cancelled', by: 'patient-1', at: clockTime('15:00'), newId: (label: string) => label };
    const types = (story: Story, rxId = 'p1') => cancellation(story.journey, rxId, wish).map(({ type }) => type);
    expect(types(drafted())).toEqual(['PrescriptionCancelRequested', 'PrescriptionCancelConfirmed']);
    expect(types(verified())).toEqual(['PrescriptionCancelRequested']);
    expect(types(handedOut())).toEqual(['PrescriptionCancelRequested', 'DeliveryStopRequested', 'TaskOpened']);
    expect(types(verified(), 'p9')).toEqual([]);
    const over = verified();
    pharmacySays(over, 'transferred');
    expect(types(over)).toEqual([]);
  });
});

describe('Another pharmacy (R-16)', () => {
  const reroute = (story: Story, pharmacyId = 'pharmacy-2') => story.give('P', 'ChooseReroute', { ...p1, pharmacyId });

  it('chosen first has the old one cancelled', () => {
    const story = verified();
    pharmacySays(story, 'rejected');
    expect(reroute(story).events).toEqual(['PharmacyRerouteChosen']);
    expect(reroute(story)).toMatchObject({ events: [], refusal: undefined });
    expect(story.effects('cancel-for-reroute')).toEqual([{ id: 'rx-reroute.p1', attempt: 1, kind: 'cancel-for-reroute', entityId: 'p1' }]);
    expect(cancel(story, 'T', 'reroute').events).toEqual(['PrescriptionCancelRequested']);
    expect(story.effects('cancel-for-reroute')).toEqual([]);
  });

  it('drafts nothing on lists that are too old (R-15): the clinician has to ask again', () => {
    const story = verified();
    pharmacySays(story, 'stock-out');
    reroute(story);
    cancel(story);
    story.now = clockTime('38:02');
    expect(pharmacyAnswers(story, 'confirmed').events).toEqual(['PrescriptionCancelConfirmed', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['callback']);
  });

  it('falls when the cancel is denied: the first pharmacy has given it out', () => {
    const story = verified();
    reroute(story);
    cancel(story);
    pharmacyAnswers(story, 'denied');
    expect(story.effects('cancel-for-reroute')).toEqual([]);
    expect(pharmacyAnswers(story, 'confirmed').events).toEqual(['PrescriptionCancelConfirmed']);
  });

  it('is refused for the same pharmacy, an unknown one, a draft and what is filled', () => {
    expect(reroute(verified(), 'pharmacy-1').refusal).toBe('not-allowed-in-state');
    expect(reroute(verified().know({ pharmacy: { known: false, capabilities: [] } })).refusal).toBe('entity-unknown');
    expect(reroute(drafted()).refusal).toBe('not-allowed-in-state');
    expect(reroute(handedOut()).refusal).toBe('not-allowed-in-state');
  });
});

describe('A delivery that was stopped', () => {
  it('before anybody was called is not called any more', () => {
    const story = handedOut();
    expect(courierCalls(story)).toHaveLength(1);
    cancel(story);
    expect(courierCalls(story)).toEqual([]);
    expect(courierSays(story, 'cancelled').events).toEqual(['DeliveryCancelled']);
    expect([standing(story), ...tasksAbout(story, aboutDelivery(story).deliveryId)]).toEqual(['Cancelled']);
    expect(story.give('K', 'RequestDelivery', aboutDelivery(story)).refusal).toBe('not-allowed-in-state');
  });
});
