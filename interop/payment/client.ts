import { z } from 'zod';
import { ask, call } from '../http.ts';
import type { Endpoint } from '../port.ts';
import type { ChargeToMake, PaymentService } from './port.ts';

const Charge = z
  .object({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/), amount: z.int().min(0) })
  .transform(({ id, amount }) => ({ paymentRef: id, cents: amount }));

/** The charge as the service takes it: an amount in cents, and no word about what it is for. */
export const toCharge = ({ reference, payerId, cents }: ChargeToMake) => ({
  amount: cents,
  currency: 'usd' as const,
  customer: payerId,
  metadata: { reference },
});

/** The payment service over HTTP. */
export const paymentClient = (endpoint: Endpoint): PaymentService => ({
  charge: (charge) => call(endpoint, { method: 'POST', path: '/charges', key: charge.key, body: toCharge(charge) }, Charge),
  find: (key) => ask(endpoint, `/charges/by-key/${encodeURIComponent(key)}`, Charge),
});
