// Uber Direct's deliveries, and their statuses by the table of the domain reference, section 13.3.
import { z } from 'zod';
import type { CourierState, DeliveryStatus, DeliveryToMake } from './port.ts';

const Verification = z.object({
  signature: z.object({ image_url: z.string().optional(), signer_name: z.string().optional() }).optional(),
  identification: z.object({ min_age_verified: z.boolean().optional() }).optional(),
});

/** As much of the courier's resource as we read. */
export const Delivery = z.object({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
  external_id: z.string(),
  status: z.string(),
  courier_imminent: z.boolean().optional(),
  undeliverable_reason: z.string().optional(),
  dropoff: z.object({ verification: Verification.optional() }).optional(),
});
export type Delivery = z.output<typeof Delivery>;

/** A delivery as the courier takes it. The item has no name: a courier carries a parcel. */
export const toDelivery = ({ key, reference, pickupId, recipient, window, handling }: DeliveryToMake) => ({
  external_id: reference,
  idempotency_key: key,
  pickup_business_id: pickupId,
  pickup_ready_dt: new Date(window.from).toISOString(),
  dropoff_name: recipient.name,
  dropoff_address: recipient.address,
  dropoff_deadline_dt: new Date(window.to).toISOString(),
  manifest_items: [{ name: 'Parcel', quantity: 1, ...(handling.includes('coldChain') && { temperature: 'cold' }) }],
  ...(handling.includes('adultSignature') && {
    dropoff_verification: { signature_requirement: { enabled: true }, identification: { min_age: 18 } },
  }),
});

/** What the courier's resource says, in our words. */
export function fromDelivery(delivery: Delivery): CourierState {
  const { signature, identification } = delivery.dropoff?.verification ?? {};
  const reason = delivery.undeliverable_reason?.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
  const proofRef = /[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.exec(signature?.image_url ?? '')?.[0];
  return {
    externalId: delivery.id,
    status: statusOf(delivery),
    ...(reason && { reason }),
    ...(identification?.min_age_verified && { recipientKind: 'adult' as const }),
    ...(proofRef && { proofRef }),
  };
}

/** The table of 13.3, its column for Uber Direct. A return is a new delivery, whose id begins with `ret_`. */
function statusOf({ id, status, courier_imminent: imminent, undeliverable_reason: reason }: Delivery): DeliveryStatus | undefined {
  if (id.startsWith('ret_')) return status === 'delivered' ? 'returned' : status === 'canceled' ? 'cancelled' : 'returning';
  switch (status) {
    case 'pending':
      return 'requested';
    case 'pickup':
      return imminent ? 'at-pharmacy' : 'courier-assigned';
    case 'pickup_complete':
      return 'picked-up';
    case 'dropoff':
      return imminent ? 'at-door' : 'en-route';
    case 'delivered':
      return 'delivered';
    case 'returned':
      return 'returning';
    case 'canceled':
      return reason === undefined ? 'cancelled' : (reasons[reason] ?? 'cancelled');
    default:
      return undefined;
  }
}

/** Why a courier gave up at the door. */
const reasons: Readonly<Record<string, DeliveryStatus>> = {
  customer_unavailable: 'attempted',
  recipient_intoxicated: 'attempted',
  cannot_find_customer: 'attempted',
  customer_rejected_order: 'refused',
};
