// What a partner tells thrice, in any order, happens once: the real executor over a journey that stands at one moment of J-1.
import { eventId } from '../../activities/ids.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import { tellers } from '../../dev/journeys/outside-facts.ts';
import { parties } from '../../dev/partners/parties.ts';
import * as journeys from '../../domain/journey/index.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import { minute } from '../../domain/kernel/time.ts';
import { toDelivery } from '../../interop/courier/mapping.ts';
import { toMessage } from '../../interop/pharmacy/client.ts';
import { commandOf } from '../../interop/webhooks.ts';
import type { NewEvent } from '../../store/event-store.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { executor, handClock, stored } from '../activities/execute-setting.ts';
import { cast, visitWindow as window } from '../journeys/cast.ts';
import { sampleFacts } from '../journeys/sample-facts.ts';
import { Story } from '../journeys/story.ts';

/** J-1 up to the first event of a type. */
function until(type: string): Story {
  const steps = j1(cast);
  const story = new Story(steps[0]?.at ?? 0, { slot: { ...sampleFacts.slot, window, earliest: window.from } });
  for (const step of steps) {
    if (story.happened.some((event) => event.type === type)) return story;
    story.now = step.at;
    const who = tellers[step.command];
    story.give(
      step.role,
      step.command,
      step.data(story.entityOf, () => 'ref-1'),
      who ? { who } : {},
    );
  }
  throw new Error(`no ${type} in J-1`);
}

const envelope = (event: Story['happened'][number], ordinal: number): NewEvent => ({
  ...event,
  id: eventId('journey-j1', event.commandId, ordinal),
  schemaVersion: 1,
  entityId: 'j1',
  recordedAt: event.occurredAt,
  zone: cast.zone,
  causationId: event.commandId,
  correlationId: 'j1',
  workflowId: '',
  runId: '',
  templateVersion: 'sore-throat@1',
  source: 'api',
  tenant: cast.employerId,
  patient: cast.patientId,
});

/** Gives the messages to a journey that stands where the story does. Returns the types of the new events and the journey after them. */
async function hear(story: Story, messages: readonly CommandMessage[]) {
  const store = memoryEventStore();
  await store.append(journeyStream('j1'), story.happened.map(envelope), 'none');
  const { execute } = executor({ store, clock: handClock(story.now + 120 * minute) });
  for (const message of messages) expect(await execute('j1', message, [])).toMatchObject({ answer: { accepted: true } });
  const events = await stored(store);
  const journey = events.reduce((before, event) => journeys.evolve(before, event as never), journeys.initial);
  return { types: events.slice(story.happened.length).map(({ type }) => type), journey };
}

const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length < 2 ? [items] : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));

/** Every order of the messages, each thrice: in a row, and again from the beginning. */
const thrice = <T>(messages: readonly T[]): readonly (readonly T[])[] =>
  permutations(messages).flatMap((order) => [order.flatMap((message) => [message, message, message]), [...order, ...order, ...order]]);

/** The commands that a stand-in's messages about one thing make. */
function commandsOf(source: 'pharmacy' | 'courier', body: object, at: number): readonly CommandMessage[] {
  const told = parties[source].tells({ id: 'thing-1', key: 'key-1', at, body });
  return told.map(({ id, body: said }) => {
    const mapped = commandOf({ source, externalId: id, body: said, receivedAt: at + 60 * minute });
    if (mapped.to !== 'command') throw new Error('a message that we cannot read');
    return mapped.message;
  });
}

const count = (types: readonly string[], wanted: readonly string[]) =>
  wanted.map((type) => [type, types.filter((happened) => happened === type).length]);
const once = (types: readonly string[]) => types.map((type) => [type, 1]);

test('a pharmacy: whatever the order, it verified once and dispensed once, and one delivery is asked for', async () => {
  const story = until('PrescriptionTransmitted');
  const order = { key: 'k', reference: 'j1/p1', pharmacyId: 'pharmacy-1', rxnorm: '723', sig: 'sig', quantity: 20, days: 10 };
  const messages = commandsOf('pharmacy', toMessage({ ...order, patient: { patientId: 'patient-1', name: 'Robin Doe' } }), story.now);
  const wanted = ['PrescriptionVerifiedByPharmacy', 'MedicationDispensed', 'DeliveryRequested'];
  for (const given of thrice(messages)) {
    const { types, journey } = await hear(story, given);
    expect(count(types, wanted)).toEqual(once(wanted));
    expect(types.toSorted()).toEqual(wanted.toSorted());
    expect(journey.prescription.byId['p1']?.status).toBe('InDelivery');
  }
});

test('a courier: whatever the order, each stretch happened once, and it is delivered', async () => {
  const story = until('DeliveryRequested');
  const [deliveryId = ''] = Object.keys(story.journey.delivery.byId);
  const delivery = {
    key: 'k',
    reference: `j1/${deliveryId}/1`,
    pickupId: 'pharmacy-1',
    recipient: { name: 'Robin Doe', address: '1 Pine Street, Seattle' },
    window: { from: story.now, to: story.now + 120 * minute },
    handling: ['adultSignature' as const],
  };
  const messages = commandsOf('courier', toDelivery(delivery), story.now);
  // The answer to a question tells the same as the message, under an id of its own.
  const asked = messages.map((message): CommandMessage => ({ ...message, id: `effect:${message.id}`, source: 'effect' }));
  const wanted = ['CourierAssigned', 'DeliveryPickedUp', 'DeliveryArrivedAtDoor', 'DeliveryCompleted'];
  for (const given of thrice(messages)) {
    const { types, journey } = await hear(story, [...given, ...asked]);
    expect(count(types, wanted)).toEqual(once(wanted));
    expect(types).toHaveLength(4);
    expect(Object.values(journey.delivery.byId).map(({ legs }) => legs[1]?.status)).toEqual(['Delivered']);
  }
});

test('an outcome that reaches us twice, from the call and from a later query, is one event', async () => {
  const story = until('CopayRequested');
  const chargeId = story.entityOf('CopayRequested');
  const says = (id: string): CommandMessage => ({
    id,
    type: 'RecordPayment',
    data: { chargeId, outcome: 'charged', cents: 2_500, paymentRef: 'pay-1' },
    actor: { kind: 'partner', id: 'payment', role: 'A' },
    source: 'effect',
  });
  const [call, query] = [says('effect:copay:1'), says('effect:copay-query:1')];
  for (const given of thrice([call, query])) expect((await hear(story, given)).types).toEqual(['CopayCharged']);
});
