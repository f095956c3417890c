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

const Message = z.discriminatedUnion('kind', [Status, Dispense]);

/** What a pharmacy's message says; undefined if it cannot be read. */
export function reportOfPharmacy(body: unknown): Report | undefined {
  const message = Message.safeParse(body).data;
  if (!message) return undefined;
  const { id: _id, kind, reference, at, ...said } = message;
  if (kind === 'dispense')
    return { says: 'fact', reference, at, type: 'RecordDispense', dataFor: ({ entityId }) => ({ rxId: entityId, ...said }) };
  const { pharmacy, ...status } = said as Omit<z.output<typeof Status>, 'id' | 'kind' | 'reference' | 'at'>;
  return {
    says: 'fact',
    reference,
    at,
    type: 'RecordPharmacyStatus',
    dataFor: ({ entityId }) => ({ rxId: entityId, ...status, ...(pharmacy && { pharmacyId: pharmacy }) }),
  };
}
