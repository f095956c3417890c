import { z } from 'zod';
import { ask, call } from '../http.ts';
import type { Endpoint } from '../port.ts';
import { ExternalCode } from '../report.ts';
import type { CancelAnswer, PharmacyNetwork, PrescriptionToSend } from './port.ts';

const Held = z.object({
  messageId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
  scriptVersion: z.string().regex(/^[0-9]{7}$/),
});

const CancelRxResponse = z
  .object({ response: z.enum(['approved', 'denied', 'pending']), reason: ExternalCode.optional() })
  .transform(({ response, reason }): CancelAnswer => ({ response, ...(reason && { reason }) }));

/** The prescription as the network takes it. */
export const toMessage = ({ reference, pharmacyId, rxnorm, sig, quantity, days, patient }: PrescriptionToSend) => ({
  message: 'NewRx' as const,
  reference,
  pharmacy: pharmacyId,
  patient,
  medication: { rxnorm, sig, quantity, daysSupply: days },
});

/** The prescription network over HTTP. */
export const pharmacyClient = (endpoint: Endpoint): PharmacyNetwork => ({
  send: (prescription) =>
    call(endpoint, { method: 'POST', path: '/prescriptions', key: prescription.key, body: toMessage(prescription) }, Held),
  find: (key) => ask(endpoint, `/prescriptions/by-key/${encodeURIComponent(key)}`, Held),
  cancel: ({ key, reference, prescriptionKey }) => {
    const body = { message: 'CancelRx', reference, prescription: prescriptionKey };
    return call(endpoint, { method: 'POST', path: '/prescriptions', key, body }, CancelRxResponse);
  },
  findCancel: (key) => ask(endpoint, `/prescriptions/by-key/${encodeURIComponent(key)}`, CancelRxResponse),
});
