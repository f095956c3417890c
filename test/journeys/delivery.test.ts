import { obligations as deliveryObligations } from '../../domain/journey/delivery/plan.ts';
import { openIds } from '../../domain/journey/delivery/state.ts';
import { obligations as prescriptionObligations } from '../../domain/journey/prescription/plan.ts';
import {
  aboutDelivery,
  clocksOf,
  clockTime,
  courierCalls,
  courierSays,
  deliveryOf,
  dispensed,
  handedOut,
  iso,
  pharmacySays,
  signedFor,
  standing,
  statusOfRx,
  verified,
} from './prescription-story.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';

describe('Handing out', () => {
  it('asks for a delivery where the patient wants the courier', () => {
    const story = verified();
    story.now = clockTime('14:50');
    const told = story.give('A', 'RecordDispense', dispensed);
    expect(told.events).toEqual(['MedicationDispensed', 'DeliveryRequested']);
    expect(told.decided.events[1]?.data).toEqual({
      ...aboutDelivery(story),
      leg: 1,
      rxIds: ['p1'],
      handling: ['adultSignature'],
      window: { from: clockTime('14:50'), to: clockTime('16:50') },
      addressRef: 'home-address',
    });
    expect([statusOfRx(story), standing(story)]).toEqual(['InDelivery', 'Requested']);
  });

  it('asks for none where the patient picks it up', () => {
    const story = verified();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
    expect(story.give('A', 'RecordDispense', dispensed).events).toEqual(['MedicationDispensed']);
    expect(statusOfRx(story)).toBe('Filled');
  });

  it('asks once: the rest of a partial fill needs no first delivery', () => {
    const story = verified();
    expect(story.give('A', 'RecordDispense', { ...dispensed, outcome: 'partial' }).events).toEqual([
      'MedicationPartiallyDispensed',
      'DeliveryRequested',
    ]);
    expect(story.give('A', 'RecordDispense', dispensed).events).toEqual(['MedicationDispensed']);
  });

  it('is known late, after the pharmacy said that it is ready: the delivery is asked for all the same', () => {
    const story = verified();
    pharmacySays(story, 'ready');
    expect(story.give('A', 'RecordDispense', dispensed).events).toEqual(['MedicationDispensed', 'DeliveryRequested']);
  });

  it('is known late, when the medicine is in hand: nobody is sent', () => {
    const story = verified();
    pharmacySays(story, 'picked-up');
    expect(story.give('A', 'RecordDispense', dispensed).events).toEqual(['MedicationDispensed']);
    expect(statusOfRx(story)).toBe('InHand');
  });

  it('keeps a whole fill when a partial one is known late (R-21)', () => {
    const story = verified();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
    story.give('A', 'RecordDispense', dispensed);
    story.give('A', 'RecordDispense', { ...dispensed, outcome: 'partial' });
    expect(statusOfRx(story)).toBe('Filled');
  });

  it('does not happen: the clinician is told, for the patient has no medicine', () => {
    const story = verified();
    const told = story.give('A', 'RecordDispense', { rxId: 'p1', outcome: 'not-dispensed', reason: 'as-told' });
    expect(told.events).toEqual(['MedicationNotDispensed', 'TaskOpened']);
    expect(statusOfRx(story)).toBe('NotFilled');
    expect(Object.values(story.journey.work.tasks)).toMatchObject([{ kind: 'callback', cites: ['p1'], ownerRole: 'C' }]);
  });

  it('of a prescription that nobody knows is unknown', () => {
    expect(verified().give('A', 'RecordDispense', { ...dispensed, rxId: 'p9' }).refusal).toBe('entity-unknown');
  });
});

describe('The courier', () => {
  it.each([
    ['courier-assigned', 'CourierAssigned', 'Assigned', 10, undefined],
    ['at-pharmacy', 'CourierArrivedAtPharmacy', 'AwaitingPickup', 20, undefined],
    ['picked-up', 'DeliveryPickedUp', 'PickedUp', 30, undefined],
    ['en-route', 'DeliveryDeparted', 'InTransit', 40, undefined],
    ['at-door', 'DeliveryArrivedAtDoor', 'AtDoor', 50, undefined],
    ['held-for-pickup', 'DeliveryHeldForPickup', 'HeldForPickup', 60, undefined],
    ['returning', 'DeliveryReturnStarted', 'Returning', 70, undefined],
    ['returned', 'DeliveryReturned', 'ReturnedToPharmacy', 100, 'pharmacistDecision'],
    ['cancelled', 'DeliveryCancelled', 'Cancelled', 100, 'deliveryProblem'],
    ['lost', 'DeliveryLost', 'Lost', 100, 'deliveryProblem'],
  ])('says %s', (status, event, state, rank, kind) => {
    const story = handedOut();
    const told = courierSays(story, status, { seal: 'seal-4' });
    expect(told.events).toEqual([event, ...(kind ? ['TaskOpened'] : [])]);
    expect(Object.values(story.journey.work.tasks).map((task) => task.kind)).toEqual(kind ? [kind] : []);
    expect(told.decided.events[0]?.data).toMatchObject({ leg: 1, rank, vendor: 'courier', externalId: 'del_1', seal: 'seal-4' });
    expect(standing(story)).toBe(state);
    expect(openIds(story.journey.delivery)).toHaveLength(rank === 100 ? 0 : 1);
    expect(statusOfRx(story)).toBe('InDelivery');
  });

  it.each([
    ['attempted', ['DeliveryAttempted'], 'Attempted'],
    ['refused', ['DeliveryRefused', 'TaskOpened'], 'Refused'],
  ])('says %s, and at which attempt', (status, events, state) => {
    const story = handedOut();
    const told = courierSays(story, status, { reason: 'nobody-home' });
    expect(told.events).toEqual(events);
    expect(told.decided.events[0]?.data).toEqual({ ...aboutDelivery(story), leg: 1, n: 1, reason: 'nobody-home' });
    expect(standing(story)).toBe(state);
  });

  it('is called until the first word of the leg', () => {
    const story = handedOut();
    expect(courierCalls(story)).toEqual([[`courier.${aboutDelivery(story).deliveryId}.1`, 1]]);
    courierSays(story, 'delayed', { eta: clockTime('17:00') });
    expect(courierCalls(story)).toEqual([]);
  });

  it('says late what is long past: known, and nothing moves (R-21)', () => {
    const story = handedOut();
    courierSays(story, 'delivered', signedFor);
    expect(courierSays(story, 'picked-up').events).toEqual(['DeliveryPickedUp']);
    expect(courierSays(story, 'delayed').events).toEqual(['DeliveryDelayed']);
    expect(courierSays(story, 'address-problem').events).toEqual(['DeliveryAddressProblemFound']);
    expect(courierSays(story, 'returned').events).toEqual(['DeliveryReturned']);
    expect([statusOfRx(story), standing(story)]).toEqual(['InHand', 'Delivered']);
    expect(deliveryOf(story)?.legs[1]).toMatchObject({ delayed: false });
  });

  it('marks a delay without moving the delivery', () => {
    const story = handedOut();
    courierSays(story, 'en-route');
    expect(courierSays(story, 'delayed').decided.events[0]?.data).toMatchObject({ rank: 40 });
    expect(standing(story)).toBe('InTransit');
    expect(deliveryOf(story)?.legs[1]?.delayed).toBe(true);
  });

  it('speaks of deliveries and legs that exist', () => {
    const story = handedOut();
    expect(courierSays(story, 'en-route', { leg: 2 }).refusal).toBe('entity-unknown');
    expect(courierSays(story, 'en-route', { deliveryId: 'd9' }).refusal).toBe('entity-unknown');
  });
});

describe('Handing over', () => {
  it('to an adult who signs puts the medicine into the patient’s hands', () => {
    const story = handedOut();
    const told = courierSays(story, 'delivered', signedFor);
    expect(told.events).toEqual(['DeliveryCompleted']);
    expect(told.decided.events[0]?.data).toEqual({ ...aboutDelivery(story), leg: 1, n: 1, ...signedFor });
    expect([statusOfRx(story), standing(story)]).toEqual(['InHand', 'Delivered']);
    expect(clocksOf(story)).toEqual([]);
  });

  it.each([
    ['nobody', {}],
    ['an adult who did not sign', { recipientKind: 'adult' }],
    ['a child', { recipientKind: 'minor', proofRef: 'proof-1' }],
  ])('to %s is known and looked into, but is no delivery (R-17)', (_whom, seen) => {
    const story = handedOut();
    courierSays(story, 'at-door');
    expect(courierSays(story, 'delivered', seen).events).toEqual(['DeliveryCompleted', 'TaskOpened']);
    expect(Object.values(story.journey.work.tasks)).toMatchObject([{ kind: 'deliveryProblem', ownerRole: 'D' }]);
    expect([statusOfRx(story), standing(story)]).toEqual(['InDelivery', 'AtDoor']);
    expect(openIds(story.journey.delivery)).toHaveLength(1);
    expect(courierSays(story, 'delivered', seen).events).toEqual(['DeliveryCompleted']);
    expect(clocksOf(story)).toEqual([`task.due@${iso('15:50')}`]);
  });

  it('is a delivery once somebody shows the proof', () => {
    const story = handedOut();
    courierSays(story, 'delivered');
    const proven = { ...aboutDelivery(story), leg: 1, status: 'delivered', ...signedFor };
    expect(story.give('K', 'RecordDeliveryStatus', proven).events).toEqual(['DeliveryCompleted']);
    expect([statusOfRx(story), standing(story)]).toEqual(['InHand', 'Delivered']);
    expect(courierSays(story, 'delivered').events).toEqual([]);
    expect([statusOfRx(story), standing(story)]).toEqual(['InHand', 'Delivered']);
  });

  test('told by a webhook and by an answer to our question is one event', () => {
    const story = handedOut();
    expect(courierSays(story, 'courier-assigned').events).toEqual(['CourierAssigned']);
    expect(courierSays(story, 'courier-assigned')).toMatchObject({ events: [], refusal: undefined });
    expect(courierSays(story, 'attempted').events).toEqual(['DeliveryAttempted']);
    expect(courierSays(story, 'attempted').events).toEqual(['DeliveryAttempted']);
  });

  it('takes an adult for cold goods, and nobody for the rest', () => {
    const carrying = (handling: ('adultSignature' | 'coldChain')[]): Story => {
      const { template } = sampleFacts.pathway;
      const medicines = [{ rxnorm: '723', label: 'Amoxicillin', handling }];
      return handedOut(verified().know({ pathway: { ...sampleFacts.pathway, template: { ...template, medicines } } }));
    };
    expect(courierSays(carrying(['coldChain']), 'delivered').events).toEqual(['DeliveryCompleted', 'TaskOpened']);
    const plain = carrying([]);
    expect(courierSays(plain, 'delivered').events).toEqual(['DeliveryCompleted']);
    expect(statusOfRx(plain)).toBe('InHand');
  });
});

describe('Closing', () => {
  it('waits for every prescription and every delivery (item 4)', () => {
    const story = handedOut();
    const { deliveryId } = aboutDelivery(story);
    const open = () => [...prescriptionObligations(story.journey), ...deliveryObligations(story.journey)];
    expect(open()).toEqual([
      { item: 4, entityId: 'p1' },
      { item: 4, entityId: deliveryId },
    ]);
    courierSays(story, 'lost');
    expect(open()).toEqual([{ item: 4, entityId: 'p1' }]);
    courierSays(story, 'delivered', signedFor);
    expect(open()).toEqual([]);
  });
});
