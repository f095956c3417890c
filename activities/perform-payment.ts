// Charging what the patient owes now, and asking what became of it (domain reference 6.1, R-33).

import type { Charged } from '../interop/payment/port.ts';
import { type Called, type Found, referenceOf } from '../interop/port.ts';
import type { Performer } from './perform.ts';
import { callOnce } from './perform-calls.ts';
import { attemptKey, inquire, type Stated } from './perform-once.ts';
import { addressee } from './perform-person.ts';

/** The payment service knows a charge by this key, whichever attempt or query speaks of it. */
const chargeKey = (journeyId: string, chargeId: string): string => attemptKey(journeyId, { id: `copay.${chargeId}` });

/** Charges once. A declined card is a refusal; what nobody knows the end of is asked about, by the query that the plan then lists. */
export const requestPayment: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const copay = journey.money.copays[effect.entityId];
  if (!journey.intake.request || (copay?.status !== 'requested' && copay?.status !== 'failed')) return null;
  const key = chargeKey(journeyId, effect.entityId);
  const { payment } = parts.parties;
  const { cents } = copay;
  const charge = { key, reference: referenceOf({ journeyId, entityId: effect.entityId }), payerId: addressee(journey), cents };
  return callOnce(asked, 'payment', {
    send: () => payment.charge(charge),
    find: () => payment.find(key),
    state: (called) => paymentIn(called, { chargeId: effect.entityId, cents, attempt: effect.attempt }),
  });
};

/** Asks what became of a charge. One that is certainly not there has failed, and may be tried again. */
export const queryPayment: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const chargeId = effect.entityId;
  const copay = journey.money.copays[chargeId];
  if (copay?.status !== 'unconfirmed') return null;
  const named = { chargeId, cents: copay.cents, query: effect.attempt };
  return callOnce<Found<Charged>>(asked, 'payment', {
    send: () => inquire(() => parts.parties.payment.find(chargeKey(journeyId, chargeId))),
    state: (called) => paymentIn(foundIn(called), named),
  });
};

interface Named {
  readonly chargeId: string;
  readonly cents: number;
  readonly attempt?: number;
  readonly query?: number;
}

function paymentIn(called: Called<Charged>, { chargeId, ...named }: Named): Stated {
  if (called.outcome === 'succeeded') return { type: 'RecordPayment', data: { chargeId, outcome: 'charged', ...called.answer } };
  const outcome = called.outcome === 'unknown' ? 'unconfirmed' : called.outcome;
  return { type: 'RecordPayment', data: { chargeId, ...named, outcome, reason: called.reason } };
}

function foundIn(called: Called<Found<Charged>>): Called<Charged> {
  if (called.outcome !== 'succeeded') return called;
  const found = called.answer;
  if (found.state === 'found') return { outcome: 'succeeded', answer: found.answer };
  return found.state === 'notFound' ? { outcome: 'failed', reason: 'not-found' } : { outcome: 'unknown', reason: found.reason };
}
