// the gate before a controlled substance.
import type { RefusalCode } from '../../kernel/refusals.ts';
import { day, type Instant } from '../../kernel/time.ts';
import { type ControlledSubstanceRule, rulesInForce } from '../../templates/controlled-substances.ts';
import type { Schedule, Template } from '../../templates/template.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import type { Prescription } from './standing.ts';

/** Why the gate stays shut: the refusal, the rule behind it and the reason that stands on the event. */
export interface Shut {
  readonly code: RefusalCode;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly reason: string;
}

export interface Asked {
  readonly template: Template;
  readonly clinicianId: string;
  readonly at: Instant;
}

/** What a draft of this schedule meets: the pathway's own setting, then the law of the day. */
export function draftGate(journey: Journey, schedule: Schedule, { template, clinicianId, at }: Asked): Shut | undefined {
  const { controlledSubstances, version } = template;
  const unasked = { code: 'scope-exceeded', ruleId: 'template-controlled-substances', ruleVersion: version } as const;
  if (controlledSubstances === 'none') return { ...unasked, reason: 'template-none' };
  if (!controlledSubstances.schedules.includes(schedule)) return { ...unasked, reason: 'schedule-not-in-template' };
  const rule = demanding(schedule, 'evaluatedInPerson', at);
  if (!rule || evaluatedInPerson(journey, clinicianId)) return undefined;
  return shut('rule-expired', rule, 'not-evaluated-in-person');
}

/** The same at the signature, with what only the signature has to show. */
export function signatureGate(
  journey: Journey,
  { schedule, pdmpRef }: Prescription,
  { factors, ...asked }: Asked & { readonly factors: readonly string[] },
): Shut | undefined {
  if (!schedule) return undefined;
  const refused = draftGate(journey, schedule, asked);
  if (refused) return refused;
  const query = demanding(schedule, 'monitoringQuery', asked.at);
  if (query && !pdmpRef) return shut('check-missing', query, 'monitoring-programme-not-asked');
  const twoFactors = demanding(schedule, 'twoFactors', asked.at);
  if (twoFactors && countFactors(factors) < 2) return shut('two-factors-missing', twoFactors, 'two-factors-missing');
  return undefined;
}

export const gateRefused = (rxId: string, schedule: Schedule, { ruleId, ruleVersion, reason }: Shut): JourneyEvent => ({
  type: 'ControlledSubstanceGateRefused',
  data: { rxId, schedule, ruleId, ruleVersion, reason },
});

/** True if the law of the day lets this prescription be refilled once more. */
export function mayRefill({ schedule, refills, signedAt }: Prescription, at: Instant): boolean {
  const limit = schedule && demanding(schedule, 'refillLimit', at)?.refills;
  if (!limit) return true;
  const approved = Object.values(refills).filter((status) => status === 'approved').length;
  return approved < limit.most && signedAt !== undefined && at - signedAt <= limit.months * shortestMonth;
}

/** The shorter reading of "months", so that no refill is a day late. */
const shortestMonth = 30 * day;

const demanding = (schedule: Schedule, demand: ControlledSubstanceRule['demand'], at: Instant): ControlledSubstanceRule | undefined =>
  rulesInForce(schedule, at).find((rule) => rule.demand === demand);

const shut = (code: RefusalCode, { ruleId, version }: ControlledSubstanceRule, reason: string): Shut => ({
  code,
  ruleId,
  ruleVersion: version,
  reason,
});

/** The prescriber has seen the patient at a site; a visit by a nurse does not count. */
const evaluatedInPerson = ({ consult }: Journey, prescriberId: string): boolean =>
  Object.values(consult.byId).some(
    ({ modality, startedAt, clinicianId }) => modality === 'clinicSite' && startedAt !== undefined && clinicianId === prescriberId,
  );

/** Something known, something one is, something one has (source: 21 CFR 1311.115). */
const kinds: readonly string[] = ['knowledge', 'biometric', 'hardToken'];
const countFactors = (factors: readonly string[]): number => kinds.filter((kind) => factors.includes(kind)).length;
