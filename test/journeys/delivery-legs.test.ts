import {
  aboutDelivery,
  clocksOf,
  clockTime,
  courierCalls,
  courierSays,
  deliveryOf,
  handedOut,
  iso,
  signedFor,
  standing,
  statusOfRx,
} from './prescription-story.ts';
import type { Story } from './story.ts';

describe('A new leg', () => {
  const again = (story: Story, role: 'K' | 'T' | 'P' = 'K', more: object = {}) =>
    story.give(role, 'RequestDelivery', { ...aboutDelivery(story), ...more });

  it('follows an attempt, with a call, a clock and a window of its own', () => {
    const story = handedOut();
    courierSays(story, 'attempted');
    story.now = clockTime('16:00');
    const window = { from: clockTime('17:00'), to: clockTime('19:00') };
    const told = again(story, 'P', { window, addressRef: 'office-address' });
    expect(told.events).toEqual(['DeliveryRequested']);
    expect(told.decided.events[0]?.data).toMatchObject({
      leg: 2,
      rxIds: ['p1'],
      handling: ['adultSignature'],
      window,
      addressRef: 'office-address',
    });
    expect(standing(story)).toBe('Requested');
    expect(courierCalls(story)).toEqual([[`courier.${aboutDelivery(story).deliveryId}.2`, 1]]);
    expect(clocksOf(story)).toEqual([`delivery.courier@${iso('18:00')}`]);
  });

  it.each(['refused', 'held-for-pickup', 'returned', 'cancelled', 'lost'])('follows %s', (status) => {
    const story = handedOut();
    courierSays(story, status);
    expect(again(story).events).toEqual(['DeliveryRequested']);
    expect(deliveryOf(story)?.addressRef).toBe('home-address');
  });

  it('follows a hand-over that was none', () => {
    const story = handedOut();
    courierSays(story, 'delivered');
    expect(again(story).events).toEqual(['DeliveryRequested']);
  });

  it.each(['courier-assigned', 'en-route', 'at-door', 'returning'])('is refused while the courier has it: %s', (status) => {
    const story = handedOut();
    expect(again(story).refusal).toBe('not-allowed-in-state');
    courierSays(story, status);
    expect(again(story).refusal).toBe('not-allowed-in-state');
  });

  it('is refused when the medicine is in hand, or not to be handed out any more', () => {
    const delivered = handedOut();
    courierSays(delivered, 'delivered', signedFor);
    expect(again(delivered).refusal).toBe('not-allowed-in-state');
    const given = handedOut();
    courierSays(given, 'returned');
    given.give('A', 'RecordDispense', { rxId: 'p1', outcome: 'not-dispensed' });
    expect(again(given).refusal).toBe('not-allowed-in-state');
    expect(again(given, 'K', { deliveryId: 'd9' }).refusal).toBe('entity-unknown');
  });

  it('never goes out again by the system once it came back (R-18)', () => {
    const story = handedOut();
    courierSays(story, 'returned');
    expect(again(story, 'T').refusal).toBe('not-allowed-in-state');
    expect(again(story, 'K').refusal).toBeUndefined();
  });

  it('is not moved by what is said of the old one, unless that reached the recipient after all', () => {
    const story = handedOut();
    courierSays(story, 'attempted');
    again(story);
    courierSays(story, 'returned');
    expect(standing(story)).toBe('Requested');
    courierSays(story, 'delivered', signedFor);
    expect([statusOfRx(story), standing(story)]).toEqual(['InHand', 'Delivered']);
    expect([...courierCalls(story), ...clocksOf(story)]).toEqual([]);
  });

  it('that fails a third time is a person’s problem', () => {
    const story = handedOut();
    expect(courierSays(story, 'attempted').events).toEqual(['DeliveryAttempted']);
    again(story);
    expect(courierSays(story, 'attempted', { leg: 2 }).events).toEqual(['DeliveryAttempted']);
    again(story);
    const third = courierSays(story, 'attempted', { leg: 3 });
    expect(third.events).toEqual(['DeliveryAttempted', 'TaskOpened']);
    expect(third.decided.events[0]?.data).toMatchObject({ n: 3 });
    expect(Object.values(story.journey.work.tasks)).toMatchObject([{ kind: 'deliveryProblem', cites: [aboutDelivery(story).deliveryId] }]);
  });

  it('has failed for nobody once the delivery is done', () => {
    const story = handedOut();
    courierSays(story, 'delivered', signedFor);
    for (let n = 1; n <= 3; n += 1) expect(courierSays(story, 'attempted').events).toEqual(['DeliveryAttempted']);
  });
});

describe('The clock of the courier', () => {
  it('is two hours for each leg, and a breach when they are over', () => {
    const story = handedOut();
    expect(clocksOf(story)).toEqual([`delivery.courier@${iso('16:50')}`]);
    expect(story.elapse('delivery.courier').events).toEqual(['SlaBreached']);
    expect(clocksOf(story)).toEqual([]);
  });

  it('stands still while the address is in question', () => {
    const story = handedOut();
    courierSays(story, 'en-route');
    story.now = clockTime('15:00');
    courierSays(story, 'address-problem');
    expect(clocksOf(story)).toEqual([]);
    story.now = clockTime('15:10');
    courierSays(story, 'address-problem');
    story.now = clockTime('15:25');
    const told = story.give('X', 'CorrectDeliveryAddress', { ...aboutDelivery(story), addressRef: 'right-address' });
    expect(told.events).toEqual(['DeliveryAddressCorrected']);
    expect(clocksOf(story)).toEqual([`delivery.courier@${iso('17:15')}`]);
    expect(deliveryOf(story)?.addressRef).toBe('right-address');
    expect(courierCalls(story)).toEqual([]);
  });

  it('stands still for every problem of the leg', () => {
    const story = handedOut();
    for (const [found, corrected] of [
      ['15:00', '15:10'],
      ['15:20', '15:25'],
    ] as const) {
      story.now = clockTime(found);
      courierSays(story, 'address-problem');
      story.now = clockTime(corrected);
      story.give('K', 'CorrectDeliveryAddress', { ...aboutDelivery(story), addressRef: 'right-address' });
    }
    expect(clocksOf(story)).toEqual([`delivery.courier@${iso('17:05')}`]);
  });
});

describe('Correcting the address', () => {
  it('calls the courier again who had nowhere to go', () => {
    const story = handedOut();
    courierSays(story, 'address-problem');
    expect(courierCalls(story)).toEqual([]);
    story.give('K', 'CorrectDeliveryAddress', { ...aboutDelivery(story), addressRef: 'right-address' });
    expect(courierCalls(story)).toEqual([[`courier.${aboutDelivery(story).deliveryId}.1`, 2]]);
  });

  it('ahead of any problem changes where it goes, and no clock', () => {
    const story = handedOut();
    story.give('P', 'CorrectDeliveryAddress', { ...aboutDelivery(story), addressRef: 'right-address' });
    expect(clocksOf(story)).toEqual([`delivery.courier@${iso('16:50')}`]);
    expect(courierCalls(story)).toEqual([[`courier.${aboutDelivery(story).deliveryId}.1`, 1]]);
  });

  it('is refused for what is over, and unknown for what never was', () => {
    const story = handedOut();
    courierSays(story, 'delivered', signedFor);
    const correction = { ...aboutDelivery(story), addressRef: 'right-address' };
    expect(story.give('K', 'CorrectDeliveryAddress', correction).refusal).toBe('not-allowed-in-state');
    expect(story.give('K', 'CorrectDeliveryAddress', { ...correction, deliveryId: 'd9' }).refusal).toBe('entity-unknown');
  });
});
