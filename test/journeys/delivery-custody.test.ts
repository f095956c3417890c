import { openIds } from '../../domain/journey/delivery/state.ts';
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
  pathwayWith,
  signedFor,
  standing,
  statusOfRx,
  tasksAbout,
  verified,
} from './prescription-story.ts';
import type { Story } from './story.ts';

const pharmacist = { pharmacistRef: 'pharmacist-7' };
const decides = (story: Story, decision: string, more: object = pharmacist) =>
  story.give('A', 'DecideReturnedItem', { ...aboutDelivery(story), decision, ...more });

describe('Stopping a delivery', () => {
  const stop = (story: Story, role: 'K' | 'P' | 'X' | 'T' = 'K') =>
    story.give(role, 'StopDelivery', { ...aboutDelivery(story), reason: 'moved-house' });

  it('asks the courier until it turns back or is done', () => {
    const story = handedOut();
    courierSays(story, 'en-route');
    expect(stop(story, 'P').events).toEqual(['DeliveryStopRequested']);
    expect(stop(story)).toMatchObject({ events: [], refusal: undefined });
    expect(story.effects('stop-delivery')).toHaveLength(1);
    expect(clocksOf(story)).toEqual([]);
    courierSays(story, 'at-door');
    expect(story.effects('stop-delivery')).toHaveLength(1);
    courierSays(story, 'returning');
    expect(story.effects('stop-delivery')).toEqual([]);
    expect(courierSays(story, 'returned').events).toEqual(['DeliveryReturned', 'TaskOpened']);
    expect(tasksAbout(story, aboutDelivery(story).deliveryId)).toEqual(['pharmacistDecision']);
  });

  it('is not possible once it is over or coming back, and unknown where there is none', () => {
    const story = handedOut();
    courierSays(story, 'returning');
    expect(stop(story).refusal).toBe('not-allowed-in-state');
    expect(story.give('K', 'StopDelivery', { deliveryId: 'd9', reason: 'error' }).refusal).toBe('entity-unknown');
  });

  it('leaves the way free for another leg, whose clock and calls are its own', () => {
    const story = handedOut();
    stop(story);
    expect(courierSays(story, 'cancelled').events).toEqual(['DeliveryCancelled']);
    expect(story.give('K', 'RequestDelivery', aboutDelivery(story)).events).toEqual(['DeliveryRequested']);
    expect([...courierCalls(story), ...story.effects('stop-delivery')]).toHaveLength(1);
  });
});

describe('An item that came back (R-18)', () => {
  const returned = (): Story => {
    const story = handedOut();
    courierSays(story, 'returned');
    return story;
  };

  it('is a pharmacist’s to decide, by name', () => {
    const story = returned();
    expect(decides(story, 'quarantined', {}).refusal).toBe('pharmacist-missing');
    expect(decides(story, 'quarantined').events).toEqual(['ReturnedItemQuarantined']);
    expect(decides(story, 'quarantined')).toMatchObject({ events: [], refusal: undefined });
    expect(standing(story)).toBe('Quarantined');
    expect(story.give('K', 'RequestDelivery', aboutDelivery(story)).refusal).toBe('not-allowed-in-state');
  });

  it.each([
    ['destroyed', 'ReturnedItemDestroyed', 'Destroyed'],
    ['restocked', 'ReturnedItemRestocked', 'Restocked'],
  ])('%s leaves a patient who waits, and a clinician who decides', (decision, event, state) => {
    const story = returned();
    expect(decides(story, decision).events).toEqual([event, 'TaskCompleted', 'TaskOpened']);
    expect([standing(story), statusOfRx(story), ...tasksAbout(story, 'p1')]).toEqual([state, 'InDelivery', 'callback']);
    expect(decides(story, decision === 'destroyed' ? 'restocked' : 'destroyed').refusal).toBe('not-allowed-in-state');
    expect(openIds(story.journey.delivery)).toEqual([]);
    courierSays(story, 'lost');
    expect(standing(story)).toBe(state);
  });

  it('ends its prescription once it is back on the shelf and the clinician has decided, in either order', () => {
    for (const shelvedFirst of [true, false]) {
      const story = returned();
      decides(story, 'restocked');
      const shelf = () => story.give('A', 'RecordDispense', { rxId: 'p1', outcome: 'returned-to-stock' });
      const taskId = story.entityOf('TaskOpened');
      if (shelvedFirst) expect(shelf().events).toEqual(['MedicationReturnedToStock']);
      expect(statusOfRx(story)).toBe('InDelivery');
      story.give('C', 'CompleteTask', { taskId, resultCode: 'prescribe-again' });
      if (!shelvedFirst) expect(statusOfRx(story)).toBe('InDelivery');
      if (!shelvedFirst) shelf();
      expect(statusOfRx(story)).toBe('NotFilled');
    }
  });

  it('of a cancelled prescription calls nobody', () => {
    const story = handedOut();
    story.give('C', 'CancelPrescription', { rxId: 'p1', reason: 'error' });
    courierSays(story, 'returned');
    expect(decides(story, 'restocked').events).toEqual(['ReturnedItemRestocked', 'TaskCompleted']);
  });

  it('has come back at all', () => {
    const story = handedOut();
    expect(decides(story, 'destroyed').refusal).toBe('not-allowed-in-state');
    expect(story.give('A', 'DecideReturnedItem', { deliveryId: 'd9', decision: 'destroyed', ...pharmacist }).refusal).toBe(
      'entity-unknown',
    );
  });
});

describe('The temperature on the way', () => {
  const cold = pathwayWith({ handling: ['coldChain'], storage: { from: 2, to: 8 } });
  const measured = (story: Story, celsius: number) =>
    story.give('A', 'RecordDeliveryTemperature', { ...aboutDelivery(story), leg: 1, celsius });

  it.each([2, 5.5, 8])('%d degrees are logged', (celsius) => {
    const story = handedOut(verified().know(cold));
    expect(measured(story, celsius).events).toEqual(['DeliveryTemperatureLogged']);
    expect(deliveryOf(story)?.excursion).toBe(false);
  });

  it.each([
    [1.9, 2],
    [8.1, 8],
  ])('%d degrees are a pharmacist’s to judge', (celsius, limit) => {
    const story = handedOut(verified().know(cold));
    const told = measured(story, celsius);
    expect(told.events).toEqual(['DeliveryTemperatureLogged', 'DeliveryExcursionDetected', 'TaskOpened']);
    expect(told.decided.events[1]?.data).toMatchObject({ celsius, limit });
    expect(tasksAbout(story, aboutDelivery(story).deliveryId)).toEqual(['pharmacistDecision']);
    expect([standing(story), deliveryOf(story)?.excursion]).toEqual(['Requested', true]);
    expect(measured(story, celsius).events).toEqual(['DeliveryTemperatureLogged', 'DeliveryExcursionDetected']);
  });

  it('matters only where the label says so, and to what is on the way', () => {
    const story = handedOut();
    expect(measured(story, 40).events).toEqual(['DeliveryTemperatureLogged']);
    expect(story.give('A', 'RecordDeliveryTemperature', { deliveryId: 'd9', celsius: 4 }).refusal).toBe('entity-unknown');
  });
});

describe('A medicine whose delay is a danger', () => {
  const critical = (): Story => handedOut(verified().know(pathwayWith({ doseCritical: true })));

  it.each(['lost', 'refused', 'cancelled', 'returned'])('%s: the clinician is told', (status) => {
    const story = critical();
    expect(courierSays(story, status).events).toHaveLength(3);
    expect(tasksAbout(story, 'p1')).toEqual(['callback']);
  });

  it('late: the clinician is told', () => {
    const story = critical();
    expect(story.elapse('delivery.courier').events).toEqual(['SlaBreached', 'TaskOpened']);
    expect(tasksAbout(story, 'p1')).toEqual(['callback']);
  });
});

describe('Trouble of an older leg, or of what is delivered', () => {
  it('opens no task (R-21)', () => {
    const story = handedOut();
    courierSays(story, 'attempted');
    story.give('K', 'RequestDelivery', aboutDelivery(story));
    expect(courierSays(story, 'lost').events).toEqual(['DeliveryLost']);
    const delivered = handedOut();
    courierSays(delivered, 'delivered', signedFor);
    expect(courierSays(delivered, 'lost').events).toEqual(['DeliveryLost']);
  });
});

describe('After the first failed attempt', () => {
  it('the courier comes again by itself, after the second somebody has to agree with the patient', () => {
    const story = handedOut();
    expect(story.effects('request-next-leg')).toEqual([]);
    courierSays(story, 'attempted');
    const { deliveryId } = aboutDelivery(story);
    expect(story.effects('request-next-leg')).toEqual([
      { id: `courier-again.${deliveryId}.1`, attempt: 1, kind: 'request-next-leg', entityId: deliveryId },
    ]);
    expect(story.give('T', 'RequestDelivery', { deliveryId }).events).toEqual(['DeliveryRequested']);
    courierSays(story, 'attempted', { leg: 2 });
    expect(story.effects('request-next-leg')).toEqual([]);
  });
});

describe('By mail', () => {
  const mailed = (): Story => {
    const story = verified();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'mail' });
    // A Thursday.
    story.now = clockTime('62:00');
    story.give('A', 'RecordDispense', dispensed);
    return story;
  };

  it('it takes three days of business, and the pharmacy posts it', () => {
    const story = mailed();
    expect(statusOfRx(story)).toBe('InDelivery');
    expect(courierCalls(story)).toEqual([]);
    expect(clocksOf(story)).toEqual([`delivery.mail@${iso('182:00')}`]);
    expect(story.elapse('delivery.mail').events).toEqual(['SlaBreached']);
  });

  it('a new leg goes by mail too, and no parcel is called back', () => {
    const story = mailed();
    expect(story.give('K', 'StopDelivery', { ...aboutDelivery(story), reason: 'error' }).events).toEqual(['DeliveryStopRequested']);
    expect(story.effects('stop-delivery')).toEqual([]);
    courierSays(story, 'lost');
    const told = story.give('K', 'RequestDelivery', aboutDelivery(story));
    expect(told.decided.events[0]?.data).toMatchObject({ leg: 2, service: 'mail' });
  });
});
