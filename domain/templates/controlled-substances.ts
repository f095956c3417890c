import { instantOf } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/time.ts';
import type { Schedule } from './template.ts';

/** What a rule on controlled substances asks for. */
type Demand = 'evaluatedInPerson' | 'twoFactors' | 'monitoringQuery' | 'refillLimit';

/** One legal rule of R-25: for which schedules, from when to when, by which source, and whose it is. Counsel signs before live use. */
export interface ControlledSubstanceRule {
  readonly ruleId: string;
  readonly version: number;
  readonly demand: Demand;
  readonly schedules: readonly Schedule[];
  readonly effectiveFrom: Instant;
  readonly effectiveTo?: Instant;
  readonly owner: string;
  readonly source: string;
  /** Of `refillLimit` alone. */
  readonly refills?: { readonly most: number; readonly months: number };
}

const owner = 'clinical-owner-controlled-substances';
const always = instantOf({ year: 2010, month: 6, day: 1 }, 'America/New_York');

/** The rules that are known, by date. A rule that nobody has entered does not hold. */
export const controlledSubstanceRules: readonly ControlledSubstanceRule[] = [
  {
    // The temporary flexibilities, under which no evaluation in person is needed, run through 31 December 2026 (90 FR 61301).
    ruleId: 'cs-in-person-evaluation',
    version: 1,
    demand: 'evaluatedInPerson',
    schedules: ['II', 'III', 'IV', 'V'],
    effectiveFrom: instantOf({ year: 2027, month: 1, day: 1 }, 'America/New_York'),
    owner,
    source: 'Ryan Haight Act; 90 FR 61301, FR Doc 2025-24123',
  },
  {
    ruleId: 'cs-two-factors',
    version: 1,
    demand: 'twoFactors',
    schedules: ['II', 'III', 'IV', 'V'],
    effectiveFrom: always,
    owner,
    source: '21 CFR 1311.115',
  },
  {
    ruleId: 'cs-no-refills',
    version: 1,
    demand: 'refillLimit',
    schedules: ['II'],
    effectiveFrom: always,
    owner,
    source: '21 CFR 1306.12',
    refills: { most: 0, months: 0 },
  },
  {
    ruleId: 'cs-five-refills',
    version: 1,
    demand: 'refillLimit',
    schedules: ['III', 'IV'],
    effectiveFrom: always,
    owner,
    source: '21 CFR 1306.22',
    refills: { most: 5, months: 6 },
  },
  {
    // Which states ask for it differs; it is asked everywhere (default).
    ruleId: 'cs-monitoring-query',
    version: 1,
    demand: 'monitoringQuery',
    schedules: ['II', 'III', 'IV', 'V'],
    effectiveFrom: always,
    owner,
    source: 'state law; asked in every state (default)',
  },
];

/** The rules that hold for a schedule at an instant. */
export const rulesInForce = (schedule: Schedule, at: Instant): readonly ControlledSubstanceRule[] =>
  controlledSubstanceRules.filter(
    ({ schedules, effectiveFrom, effectiveTo }) =>
      schedules.includes(schedule) && effectiveFrom <= at && (effectiveTo === undefined || at < effectiveTo),
  );
