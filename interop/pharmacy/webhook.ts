import { z } from 'zod';
import { ExternalCode, ExternalId, IsoInstant, type Report } from '../report.ts';

const about = { id: ExternalId, reference: z.string(), at: IsoInstant };

const Status = z.object({
  ...about,
  kind: z.literal('status'),
  status: z.enum([
    'verified',
    'rejected',
    'stock-out',
    'prior-authorisation-required',
    'prior-authorisation-decided',
    'ready',
    'picked-up',
    'transferred',
  ]),
  pharmacy: ExternalId.optional(),
  authorisationId: ExternalId.optional(),
  decision: z.enum(['approved', 'denied']).optional(),
  reason: ExternalCode.optional(),
});

const Dispense = z.object({
  ...about,
  kind: z.literal('dispense'),
  outcome: z.enum(['dispensed', 'partial', 'not-dispensed', 'returned-to-stock']),
  ndc: ExternalCode.optional(),
  quantity: z.number().min(0).optional(),
  patientCents: z.int().min(0).optional(),
  reason: ExternalCode.optional(),
});

const CancelResponse = z.object({
  ...about,
  kind: z.literal('cancel-response'),
  outcome: z.enum(['confirmed', 'denied']),
  reason: ExternalCode.optional(),
});

const Change = z.object({
  ...about,
  kind: z.literal('change'),
  changeId: ExternalId,
  change: ExternalCode,
  reason: ExternalCode.optional(),
});

const Renewal = z.object({ ...about, kind: z.literal('renewal'), refillId: ExternalId, reason: ExternalCode.optional() });

const Counselling = z.object({
  ...about,
  kind: z.literal('counselling'),
  outcome: z.enum(['counselled', 'declined']),
  by: ExternalId.optional(),
});

const Message = z.discriminatedUnion('kind', [Status, Dispense, CancelResponse, Change, Renewal, Counselling]);

/** The command that each kind of message makes. */
const commands = {
  status: 'RecordPharmacyStatus',
  dispense: 'RecordDispense',
  'cancel-response': 'RecordRxCancelAnswer',
  change: 'RecordPharmacyChange',
  renewal: 'RecordRefillRequest',
  counselling: 'RecordCounselling',
} as const;

/** What a pharmacy's message says; undefined if it cannot be read. */
export function reportOfPharmacy(body: unknown): Report | undefined {
  const message = Message.safeParse(body).data;
  if (!message) return undefined;
  const { id: _id, kind, reference, at, ...said } = message;
  return { says: 'fact', reference, at, type: commands[kind], dataFor: ({ entityId }) => ({ rxId: entityId, ...inOurWords(said) }) };
}

/** Their names of the pharmacy and of the kind of a change. */
function inOurWords(message: object) {
  const { pharmacy, change, ...said } = message as { readonly pharmacy?: string; readonly change?: string };
  return { ...said, ...(pharmacy && { pharmacyId: pharmacy }), ...(change && { kind: change }) };
}
