// Uber Direct's event.delivery_status: at least once, in any order.
import { z } from 'zod';
import { ExternalId, IsoInstant, type Report } from '../report.ts';
import { Delivery, fromDelivery } from './mapping.ts';

const DeliveryEvent = z.object({ kind: z.literal('event.delivery_status'), id: ExternalId, created: IsoInstant, data: Delivery });

/** What a courier's message says; undefined if it cannot be read. */
export function reportOfCourier(body: unknown): Report | undefined {
  const event = DeliveryEvent.safeParse(body).data;
  if (!event) return undefined;
  const { status, ...said } = fromDelivery(event.data);
  if (status === undefined) return { says: 'unmapped', reason: 'status-unknown' };
  if (status === 'requested') return { says: 'nothing' };
  return {
    says: 'fact',
    reference: event.data.external_id,
    at: event.created,
    type: 'RecordDeliveryStatus',
    dataFor: ({ entityId, part }) => ({
      deliveryId: entityId,
      leg: legOf(part),
      status,
      vendor: 'courier',
      ...said,
    }),
  };
}

/** The third part of our reference is the leg. */
const legOf = (part: string | undefined): number => (part !== undefined && /^[1-9]\d{0,3}$/.test(part) ? Number(part) : 1);
