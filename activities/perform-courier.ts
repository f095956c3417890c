import type { CourierState } from '../interop/courier/port.ts';
import { type Called, referenceOf } from '../interop/port.ts';
import type { Asked, Outcome, Performer } from './perform.ts';
import { attemptKey, resume, untilTaken } from './perform-once.ts';

/** The courier cannot be reached, or may have taken the delivery. The runner calls again, and then the courier is asked first. */
class CourierUnreached extends Error {
  override readonly name = 'CourierUnreached';
}

/**
 * Has a delivery created, once. Its course comes from the courier by itself, so there is no outcome while it is pending; a repeated
 * call asks how far it has come.
 * @throws CourierUnreached while nobody knows that the courier has it: the domain has no word for a delivery that is not asked for
 */
export const requestCourier: Performer = async (asked) => {
  const { journeyId, effect, parts } = asked;
  const key = attemptKey(journeyId, effect);
  const order = await orderOf(asked, key);
  if (!order) return null;
  const { courier } = parts.parties;
  const { recipient, ...delivery } = order;
  if (!recipient) return statusOutcome(asked, { status: 'address-problem' });
  const earlier = await parts.attempts.begin(key, effect.attempt);
  const call = { send: () => courier.create({ ...delivery, recipient }), find: () => courier.find(key) };
  const called: Called<CourierState> = earlier ? await resume(call) : await call.send();
  await parts.attempts.settle(key, effect.attempt, called.outcome, null);
  if (called.outcome === 'refused') return statusOutcome(asked, { status: 'cancelled', reason: called.reason });
  if (called.outcome !== 'succeeded') throw new CourierUnreached(`the courier did not take the delivery: ${called.reason}`);
  const { status } = called.answer;
  return status === undefined || status === 'requested' ? null : statusOutcome(asked, { vendor: 'courier', ...called.answer, status });
};

/** Stops the present leg. A courier who will not stop tells the rest by itself, and people know that it was to be stopped. */
export const stopDelivery: Performer = async (asked) => {
  const { journeyId, journey, effect, parts } = asked;
  const delivery = journey.delivery.byId[effect.entityId];
  const leg = delivery?.legs[delivery.leg];
  if (!delivery || !leg?.stopped) return null;
  const created = attemptKey(journeyId, { id: `courier.${effect.entityId}.${delivery.leg}` });
  const key = attemptKey(journeyId, effect);
  const called = await untilTaken<CourierState>(parts.attempts, key, effect.attempt, {
    send: () => parts.parties.courier.stop({ key, created }),
    wordless: ['failed', 'unknown'],
  });
  if (called.outcome !== 'succeeded') return null;
  const { status } = called.answer;
  return status === undefined || status === 'requested' ? null : statusOutcome(asked, { vendor: 'courier', ...called.answer, status });
};

/** The present leg, as the courier needs it; undefined once the courier has said something of it. */
async function orderOf({ journeyId, journey, effect, parts }: Asked, key: string) {
  const delivery = journey.delivery.byId[effect.entityId];
  const leg = delivery?.legs[delivery.leg];
  const patientId = journey.intake.request?.patientId;
  if (!delivery || !leg || leg.answered || leg.stopped || !patientId) return undefined;
  const [rxId = ''] = delivery.rxIds;
  const [person, address] = await Promise.all([parts.people.person(patientId), parts.people.text(patientId, delivery.addressRef)]);
  const to = address ?? person?.address;
  return {
    key,
    reference: referenceOf({ journeyId, entityId: effect.entityId, part: String(delivery.leg) }),
    pickupId: journey.prescription.byId[rxId]?.pharmacyId ?? 'unknown',
    window: leg.window,
    handling: delivery.handling,
    ...(person && to && { recipient: { name: person.name, address: to } }),
  };
}

const statusOutcome = ({ journey, effect }: Asked, said: object): Outcome => {
  const leg = journey.delivery.byId[effect.entityId]?.leg ?? 1;
  return { type: 'RecordDeliveryStatus', data: { deliveryId: effect.entityId, leg, ...said }, partner: 'courier' };
};
