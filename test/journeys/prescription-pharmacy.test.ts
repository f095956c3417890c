import { openIds } from '../../domain/journey/prescription/state.ts';
import {
  amoxicillin,
  clocksOf,
  handedOut,
  networkSays,
  pharmacySays,
  statusOfRx,
  transmitted,
  verified,
  withLists,
} from './prescription-story.ts';

const p1 = { rxId: 'p1' };

describe('What the pharmacy says', () => {
  it.each([
    ['rejected', ['PharmacyRejected', 'TaskOpened'], 'RejectedByPharmacy', 'rxReject'],
    ['stock-out', ['StockOutReported', 'TaskOpened'], 'OutOfStock', 'pharmacyChoice'],
  ])('%s opens a task for a person, once', (status, events, state, kind) => {
    const story = verified();
    expect(pharmacySays(story, status, { reason: 'as-told' }).events).toEqual(events);
    expect(statusOfRx(story)).toBe(state);
    expect(Object.values(story.journey.work.tasks)).toMatchObject([{ kind, cites: ['p1'], ownerRole: 'K' }]);
    expect(pharmacySays(story, status).events).toEqual([events[0]]);
  });

  it.each([
    ['ready', 'MedicationReadyForPickup', 'ReadyForPickup', true],
    ['picked-up', 'MedicationPickedUp', 'InHand', false],
    ['transferred', 'PrescriptionTransferred', 'Transferred', false],
  ])('%s', (status, event, state, open) => {
    const story = verified();
    expect(pharmacySays(story, status).events).toEqual([event]);
    expect(statusOfRx(story)).toBe(state);
    expect(openIds(story.journey.prescription)).toEqual(open ? ['p1'] : []);
  });

  it('takes back nothing that is in hand, and finds in hand what was given up (R-21)', () => {
    const returned = { rxId: 'p1', outcome: 'not-dispensed' };
    const story = verified();
    story.give('A', 'RecordDispense', returned);
    pharmacySays(story, 'picked-up');
    expect(statusOfRx(story)).toBe('InHand');
    story.give('A', 'RecordDispense', returned);
    expect(statusOfRx(story)).toBe('InHand');
  });

  it('waits for the payer and then goes back to where it was', () => {
    const story = verified();
    const asked = pharmacySays(story, 'prior-authorisation-required');
    expect(asked.events).toEqual(['PriorAuthorisationRequired']);
    pharmacySays(story, 'prior-authorisation-required');
    expect(statusOfRx(story)).toBe('PriorAuthorisation');
    expect(clocksOf(story)).toEqual(['rx.accept@2026-10-07T01:04:00.000Z']);
    const told = pharmacySays(story, 'prior-authorisation-decided', { decision: 'approved' });
    expect(told.events).toEqual(['PriorAuthorisationDecided']);
    expect(told.decided.events[0]?.data).toEqual({ ...asked.decided.events[0]?.data, decision: 'approved' });
    expect(statusOfRx(story)).toBe('VerifiedByPharmacy');
  });

  it('keeps what came while the payer decided', () => {
    const story = verified();
    pharmacySays(story, 'prior-authorisation-required');
    pharmacySays(story, 'stock-out');
    pharmacySays(story, 'prior-authorisation-decided', { decision: 'denied' });
    expect(statusOfRx(story)).toBe('OutOfStock');
  });

  it('late is recorded, and neither moves the prescription back nor asks anybody for anything (R-21)', () => {
    const story = handedOut();
    for (const status of ['verified', 'stock-out', 'rejected', 'ready', 'prior-authorisation-required']) {
      expect(pharmacySays(story, status).events).toHaveLength(1);
      expect(statusOfRx(story)).toBe('InDelivery');
    }
    expect(networkSays(story, 'failed', 2).events).toEqual(['PrescriptionSendFailed']);
    expect(story.effects('send-prescription')).toEqual([]);
    expect(clocksOf(story)).toEqual(['delivery.courier@2026-10-06T23:50:00.000Z']);
  });

  it('by telephone may leave out where: it is the pharmacy that has the prescription', () => {
    const story = transmitted();
    expect(story.give('K', 'RecordPharmacyStatus', { ...p1, status: 'verified' }).decided.events[0]?.data).toMatchObject({
      pharmacyId: 'pharmacy-1',
    });
    expect(story.give('K', 'RecordPharmacyStatus', { rxId: 'p9', status: 'verified' }).refusal).toBe('entity-unknown');
    const nowhere = withLists();
    nowhere.give('C', 'DraftPrescription', amoxicillin);
    expect(nowhere.give('K', 'RecordPharmacyStatus', { ...p1, status: 'verified' }).refusal).toBe('entity-unknown');
  });
});
