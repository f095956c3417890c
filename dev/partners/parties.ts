import { z } from 'zod';
import { hdhpExtension } from '../../interop/eligibility/mapping.ts';
import { courier } from './courier.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Party, PartyName } from './party.ts';
import { pharmacy } from './pharmacy.ts';

const word = z.string().min(1).max(300);
const Identified = z.strictObject({ identifier: z.strictObject({ system: word, value: word }) });
const declined = { status: 422, code: 'refused' };
const nothing = (): readonly never[] => [];

const EligibilityRequest = z.strictObject({
  resourceType: z.literal('CoverageEligibilityRequest'),
  identifier: z.array(z.strictObject({ system: word, value: word })),
  status: z.literal('active'),
  purpose: z.array(z.literal('validation')),
  patient: Identified,
  servicedDate: z.iso.date(),
  created: z.iso.datetime(),
  insurer: Identified,
});

/** Everybody is covered whose id does not begin with `uncovered`. */
const eligibility: Party = {
  path: '/CoverageEligibilityRequest/$submit',
  idPrefix: 'elig',
  refusal: declined,
  schema: EligibilityRequest,
  tells: nothing,
  answer: ({ id, body }) => {
    const { patient, insurer, created, purpose } = body as z.output<typeof EligibilityRequest>;
    const memberId = patient.identifier.value;
    const coverage = { reference: `Coverage/cov-${memberId.slice(0, 90)}` };
    const inforce = !memberId.startsWith('uncovered');
    return {
      resourceType: 'CoverageEligibilityResponse',
      id,
      status: 'active',
      purpose,
      patient,
      created,
      request: { identifier: { value: id } },
      outcome: 'complete',
      insurer,
      insurance: [{ coverage, inforce, extension: [{ url: hdhpExtension, valueBoolean: false }] }],
    };
  },
};

const safety: Party = {
  path: '/checks',
  idPrefix: 'chk',
  refusal: declined,
  schema: z.strictObject({
    medicine: z.strictObject({ rxnorm: word, quantity: z.number(), days: z.number() }),
    allergies: z.array(word),
    medications: z.array(word),
  }),
  tells: nothing,
  answer: () => ({ databaseVersion: '2026-10', alerts: [] }),
};

const Charge = z.strictObject({
  amount: z.int().min(1),
  currency: z.literal('usd'),
  customer: word,
  metadata: z.strictObject({ reference: word }),
});

const payment: Party = {
  path: '/charges',
  idPrefix: 'pay',
  refusal: { status: 402, code: 'card-declined' },
  schema: Charge,
  tells: nothing,
  answer: ({ id, body }) => ({ id, status: 'succeeded', amount: (body as z.output<typeof Charge>).amount }),
};

const Notice = z.strictObject({
  to: word,
  channel: word,
  template: z.strictObject({ name: word, version: z.int() }),
  metadata: z.strictObject({ reference: word, recipientRole: word }),
});

/** Delivers at once. */
const notices: Party = {
  path: '/notices',
  idPrefix: 'ntc',
  refusal: declined,
  schema: Notice,
  answer: ({ id }: LedgerEntry) => ({ id, status: 'accepted' }),
  tells: ({ id, at, body }) => {
    const { channel, template, metadata } = body as z.output<typeof Notice>;
    const receipt = `${id}.delivered`;
    const notice = { id, channel, template, metadata };
    return [{ id: receipt, at, body: { id: receipt, kind: 'delivered', created: new Date(at).toISOString(), notice } }];
  },
};

/** Every stand-in, by name. */
export const parties: Readonly<Record<PartyName, Party>> = { eligibility, safety, pharmacy, courier, payment, notices };
