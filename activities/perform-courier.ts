import { courierStatuses } from '../domain/journey/delivery/events.ts';
import type { Leg } from '../domain/journey/delivery/state.ts';
import { plan } from '../domain/journey/index.ts';
import type { CourierState } from '../interop/courier/port.ts';
import { type Called, type Found, referenceOf } from '../interop/port.ts';
import type { Asked, Outcome, Performer } from './perform.ts';
import { callOnce } from './perform-calls.ts';
import { attemptKey, inquire, resume, untilTaken } from './perform-once.ts';

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

/**
 * Asks how far a delivery has come, so that a message that was lost loses nothing. What is known already is no outcome; nor is a leg
 * that the courier does not know, which is still to be asked for.
 */
export const queryCourier: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const delivery = journey.delivery.byId[effect.entityId];
  const leg = delivery?.legs[delivery.leg];
  if (!delivery || !leg || !(await isLatestQuestion(asked))) return null;
  const key = attemptKey(journeyId, { id: `courier.${effect.entityId}.${delivery.leg}` });
  return callOnce<Found<CourierState>>(asked, 'courier', {
    send: () => inquire(() => parts.parties.courier.find(key)),
    state: (called) => {
      if (called.outcome !== 'succeeded' || called.answer.state !== 'found') return null;
      const state = called.answer.answer;
      return isNews(leg, state) ? statusOutcome(asked, { vendor: 'courier', ...state }) : null;
    },
  });
};

/** After a pause several questions are due at once: only the last is put. One that the plan no longer lists is not put at all. */
async function isLatestQuestion({ journey, effect, parts }: Asked): Promise<boolean> {
  const now = await parts.clock.now();
  const due = plan(journey).effects.filter(({ id, notBefore = 0 }) => id === effect.id && notBefore <= now);
  return due.at(-1)?.attempt === effect.attempt;
}

/** The courier shows the same until something happens; a hand-over may still be proven. */
function isNews({ told, unproven }: Leg, { status, recipientKind, proofRef }: CourierState): boolean {
  if (status === undefined || status === 'requested') return false;
  if (!told.includes(courierStatuses[status].event)) return true;
  return status === 'delivered' && unproven && recipientKind !== undefined && proofRef !== undefined;
}

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
