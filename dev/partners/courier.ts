import { z } from 'zod';
import { type Instant, minute } from '../../domain/kernel/time.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Party, Told } from './party.ts';

const word = z.string().min(1).max(500);

/** All that a courier is told: a field more is refused, so that no medicine and no diagnosis can slip in. */
const DeliveryRequest = z.strictObject({
  external_id: word,
  idempotency_key: word,
  pickup_business_id: word,
  pickup_ready_dt: z.iso.datetime(),
  dropoff_name: word,
  dropoff_address: word,
  dropoff_deadline_dt: z.iso.datetime(),
  manifest_items: z.array(z.strictObject({ name: z.literal('Parcel'), quantity: z.literal(1), temperature: z.literal('cold').optional() })),
  dropoff_verification: z
    .strictObject({
      signature_requirement: z.strictObject({ enabled: z.literal(true) }),
      identification: z.strictObject({ min_age: z.literal(18) }),
    })
    .optional(),
});

interface Course {
  readonly word: string;
  readonly after: number;
  readonly shown: { readonly status: string; readonly courier_imminent?: boolean };
}

/** How every delivery goes, counted from when the parcel is ready. */
const course: readonly Course[] = [
  { word: 'assigned', after: 2 * minute, shown: { status: 'pickup' } },
  { word: 'picked-up', after: 15 * minute, shown: { status: 'pickup_complete' } },
  { word: 'at-door', after: 55 * minute, shown: { status: 'dropoff', courier_imminent: true } },
  { word: 'delivered', after: 58 * minute, shown: { status: 'delivered' } },
];

/** The delivery as it stands after a stretch of its course. */
function shown({ id, body }: LedgerEntry, so: Course['shown']): object {
  const { external_id, dropoff_verification } = body as z.output<typeof DeliveryRequest>;
  const verification = dropoff_verification && {
    signature: { image_url: `https://courier.invalid/proof/proof-${id}` },
    identification: { min_age_verified: true },
  };
  const dropoff = so.status === 'delivered' && verification ? { dropoff: { verification } } : {};
  return { kind: 'delivery', id, external_id, ...so, ...dropoff };
}

/** Nothing happens before the courier has taken the order, however long the parcel has been ready. */
const instantOf = ({ at, body }: LedgerEntry, after: number): Instant =>
  Math.max(at, Date.parse((body as z.output<typeof DeliveryRequest>).pickup_ready_dt) + after);

function tells(entry: LedgerEntry): readonly Told[] {
  return course.map(({ word: name, after, shown: so }) => {
    const at = instantOf(entry, after);
    const id = `evt_${entry.id}.${name}`;
    const created = new Date(at).toISOString();
    return { id, at, body: { kind: 'event.delivery_status', id, delivery_id: entry.id, created, data: shown(entry, so) } };
  });
}

const stands = (entry: LedgerEntry, now: Instant): object =>
  shown(entry, course.findLast(({ after }) => instantOf(entry, after) <= now)?.shown ?? { status: 'pending' });

/** A courier in the manner of Uber Direct. */
export const courier: Party = {
  path: '/deliveries',
  idPrefix: 'del',
  refusal: { status: 422, code: 'address_undeliverable' },
  schema: DeliveryRequest,
  answer: stands,
  tells,
};
