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

/** A request to end a delivery, with the delivery as the ledger has it. */
const Ending = z.strictObject({ end: word });
type Ended = z.output<typeof Ending> & { readonly earlier?: LedgerEntry };
const isEnding = (body: unknown): body is Ended => typeof body === 'object' && body !== null && 'end' in body;

interface Course {
  readonly word: string;
  readonly after: number;
  readonly shown: { readonly status: string; readonly courier_imminent?: boolean };
}

const untilPickup = 15 * minute;
const untilDelivered = 58 * minute;
const backAfter = 30 * minute;

/** How every delivery goes, counted from when the parcel is ready. */
const course: readonly Course[] = [
  { word: 'assigned', after: 2 * minute, shown: { status: 'pickup' } },
  { word: 'picked-up', after: untilPickup, shown: { status: 'pickup_complete' } },
  { word: 'at-door', after: 55 * minute, shown: { status: 'dropoff', courier_imminent: true } },
  { word: 'delivered', after: untilDelivered, shown: { status: 'delivered' } },
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

/** What has left the pharmacy comes back as a delivery of its own. */
function ending({ id, at, body }: LedgerEntry, now: Instant): object {
  const { earlier } = body as Ended;
  if (!earlier) return { id, external_id: 'unknown', status: 'canceled' };
  if (instantOf(earlier, untilDelivered) <= at) return stands(earlier, now);
  return shown(earlier, { status: instantOf(earlier, untilPickup) <= at ? 'returned' : 'canceled' });
}

function tellsEnd({ id, at, body }: LedgerEntry): readonly Told[] {
  const { earlier } = body as Ended;
  if (!earlier || instantOf(earlier, untilPickup) > at || instantOf(earlier, untilDelivered) <= at) return [];
  const { external_id } = earlier.body as z.output<typeof DeliveryRequest>;
  const there = at + backAfter;
  const told = `evt_${id}.returned`;
  const data = { kind: 'delivery', id: `ret_${id}`, external_id, status: 'delivered' };
  return [
    {
      id: told,
      at: there,
      body: { kind: 'event.delivery_status', id: told, delivery_id: data.id, created: new Date(there).toISOString(), data },
    },
  ];
}

function tells(entry: LedgerEntry): readonly Told[] {
  if (isEnding(entry.body)) return tellsEnd(entry);
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
  schema: z.union([DeliveryRequest, Ending]),
  answer: (entry, now) => (isEnding(entry.body) ? ending(entry, now) : stands(entry, now)),
  tells,
  ends: {
    path: /^\/deliveries\/([^/]+)\/cancel$/,
    find: (body, entries) => entries.find(({ id }) => isEnding(body) && id === body.end),
    isTooLate: (earlier, now) => instantOf(earlier, untilDelivered) <= now,
  },
};
