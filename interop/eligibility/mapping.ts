// FHIR R4 CoverageEligibilityRequest and CoverageEligibilityResponse.
import { z } from 'zod';
import type { EligibilityAnswer, EligibilityQuestion } from './port.ts';

const patientSystem = 'urn:caretrail:patient';
const employerSystem = 'urn:caretrail:employer';
/** Our payers mark a high-deductible health plan with this extension; FHIR has no element for it. */
export const hdhpExtension = 'urn:caretrail:hdhp';

/** The question as a FHIR resource. */
export const toRequest = ({ key, patientId, employerId, at }: EligibilityQuestion) => ({
  resourceType: 'CoverageEligibilityRequest' as const,
  identifier: [{ system: 'urn:caretrail:effect', value: key }],
  status: 'active' as const,
  purpose: ['validation' as const],
  patient: { identifier: { system: patientSystem, value: patientId } },
  servicedDate: new Date(at).toISOString().slice(0, 10),
  created: new Date(at).toISOString(),
  insurer: { identifier: { system: employerSystem, value: employerId } },
});

const Extension = z.object({ url: z.string(), valueBoolean: z.boolean().optional() });
const Insurance = z.object({
  coverage: z.object({ reference: z.string().optional(), identifier: z.object({ value: z.string() }).optional() }),
  inforce: z.boolean().optional(),
  extension: z.array(Extension).optional(),
});

/** As much of the resource as the answer stands on. */
export const EligibilityResponse = z.object({
  resourceType: z.literal('CoverageEligibilityResponse'),
  outcome: z.enum(['queued', 'complete', 'error', 'partial']),
  insurance: z.array(Insurance).optional(),
  error: z.array(z.object({ code: z.object({ coding: z.array(z.object({ code: z.string() })).optional() }) })).optional(),
});
type EligibilityResponse = z.output<typeof EligibilityResponse>;

/** What the payer's resource means for us. */
export function fromResponse({ outcome, insurance = [], error = [] }: EligibilityResponse): EligibilityAnswer {
  if (outcome !== 'complete') return { outcome: 'undetermined', reason: codeOf(error[0]?.code.coding?.[0]?.code) ?? `answer-${outcome}` };
  const known = insurance.filter(({ inforce }) => inforce !== undefined);
  const cobOrder = known.findIndex(({ inforce }) => inforce) + 1;
  const inForce = known[cobOrder - 1];
  if (!inForce)
    return known.length === 0 ? { outcome: 'undetermined', reason: 'no-coverage-named' } : { outcome: 'denied', reason: 'not-in-force' };
  const coverageId = coverageIdOf(inForce.coverage);
  if (!coverageId) return { outcome: 'undetermined', reason: 'coverage-unnamed' };
  const hdhp = inForce.extension?.some(({ url, valueBoolean }) => url === hdhpExtension && valueBoolean) ?? false;
  return { outcome: 'confirmed', coverage: { coverageId, cobOrder, hdhp } };
}

const coverageIdOf = ({ reference, identifier }: z.output<typeof Insurance>['coverage']): string | undefined =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.exec(identifier?.value ?? reference?.replace(/^Coverage\//, '') ?? '')?.[0];

const codeOf = (code: string | undefined): string | undefined => /^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/.exec(code ?? '')?.[0];
