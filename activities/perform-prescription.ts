// Checking, sending, asking about and cancelling a prescription (domain reference 5.7, R-19, R-33).

import type { CancelAnswer, Held } from '../interop/pharmacy/port.ts';
import { type Called, type Found, referenceOf } from '../interop/port.ts';
import type { SafetyAnswer } from '../interop/safety/port.ts';
import type { Outcome, Performer } from './perform.ts';
import { callOnce } from './perform-calls.ts';
import { attemptKey, inquire, untilTaken } from './perform-once.ts';

/** A question changes nothing, so one that got no answer is put once more before it counts as not made. */
export const checkRxSafety: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const { byId, allergies, medications } = journey.prescription;
  const rxId = effect.entityId;
  const rx = byId[rxId];
  if (rx?.check?.status !== 'running') return null;
  const { rxnorm, quantity, days, check } = rx;
  const question = { rxnorm, quantity, days, allergies: allergies?.codes ?? [], medications: medications?.codes ?? [] };
  const ask = () => parts.parties.safety.check({ key: attemptKey(journeyId, effect), ...question });
  return callOnce(asked, 'safety', {
    send: async () => {
      const called = await ask();
      return called.outcome === 'succeeded' || called.outcome === 'refused' ? called : ask();
    },
    state: (called) => ({ type: 'RecordRxSafetyCheck', data: { rxId, checkId: check.checkId, ...safetyIn(called) } }),
  });
};

/** what was not checked counts as not checked, whatever the cause. */
function safetyIn(called: Called<SafetyAnswer>) {
  if (called.outcome !== 'succeeded') return { outcome: 'not-completed', reason: called.reason };
  const { databaseVersion, alerts } = called.answer;
  return alerts.length === 0 ? { outcome: 'passed', databaseVersion } : { outcome: 'alerts', databaseVersion, alerts };
}

/** The network knows a prescription by this key, whichever effect speaks of it. */
const networkKey = (journeyId: string, rxId: string): string => attemptKey(journeyId, { id: `rx-send.${rxId}` });

/**
 * Sends a prescription. The network holds one per key, but nothing rests on that: an attempt that nobody knows the end of is an outcome
 * of its own, after which the plan lists queries, and it sends again only once a query or a person has said that it is not there.
 */
export const sendPrescription: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const rxId = effect.entityId;
  const rx = journey.prescription.byId[rxId];
  const patientId = journey.intake.request?.patientId;
  if (rx?.status !== 'Signed' || !rx.pharmacyId || !patientId) return null;
  const { pharmacyId, rxnorm, sig, quantity, days } = rx;
  const person = await parts.people.person(patientId);
  const key = networkKey(journeyId, rxId);
  const { pharmacy } = parts.parties;
  const order = { key, reference: referenceOf({ journeyId, entityId: rxId }), pharmacyId, rxnorm, sig, quantity, days };
  return callOnce<Held>(asked, 'pharmacy', {
    send: async () => {
      if (!person) return { outcome: 'refused', reason: 'patient-unknown' };
      const { name, birthDate } = person;
      return pharmacy.send({ ...order, patient: { patientId, name, ...(birthDate && { birthDate }) } });
    },
    find: () => pharmacy.find(key),
    state: (called) => ({
      type: 'RecordRxTransmission',
      data: { rxId, attempt: effect.attempt, outcome: called.outcome, ...(called.outcome === 'succeeded' && called.answer) },
    }),
  });
};

export const queryPrescription: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const rxId = effect.entityId;
  if (journey.prescription.byId[rxId]?.status !== 'SendUnconfirmed') return null;
  return callOnce<Found<Held>>(asked, 'pharmacy', {
    send: () => inquire(() => parts.parties.pharmacy.find(networkKey(journeyId, rxId))),
    state: (called) => {
      const found = called.outcome === 'succeeded' ? called.answer : undefined;
      const held = found?.state === 'found' ? found.answer : {};
      return { type: 'RecordRxReconciliation', data: { rxId, attempt: effect.attempt, outcome: found?.state ?? 'unknown', ...held } };
    },
  });
};

/** A pharmacy may answer later, of its own accord; what certainly did not reach it is asked again. */
export const cancelPrescription: Performer = async ({ journey, effect, parts, journeyId }) => {
  const rxId = effect.entityId;
  if (journey.prescription.byId[rxId]?.status !== 'CancelRequested') return null;
  const key = attemptKey(journeyId, effect);
  const { pharmacy } = parts.parties;
  const wish = { key, reference: referenceOf({ journeyId, entityId: rxId }), prescriptionKey: networkKey(journeyId, rxId) };
  const called = await untilTaken<CancelAnswer>(parts.attempts, key, effect.attempt, {
    send: () => pharmacy.cancel(wish),
    find: () => pharmacy.findCancel(key),
    wordless: ['failed'],
  });
  const told = (outcome: string, reason?: string): Outcome => ({
    type: 'RecordRxCancelAnswer',
    data: { rxId, outcome, ...(reason && { reason }) },
    partner: 'pharmacy',
  });
  if (called.outcome === 'unknown') return told('unknown', called.reason);
  if (called.outcome !== 'succeeded') return told('denied', called.reason);
  const { response, reason } = called.answer;
  return response === 'pending' ? null : told(response === 'approved' ? 'confirmed' : 'denied', reason);
};
