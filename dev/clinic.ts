// The sample clinic: who works there, where, and under which contracts. All of it is made up.
import { instantOf } from '../domain/kernel/calendar.ts';
import type { ContractTerms } from '../domain/reference/employer.ts';

export const clinic = {
  zone: 'America/Los_Angeles',
  groupId: 'puget-medical-group',
  clinicianIds: ['clinician-okafor', 'clinician-lindqvist'],
  visitorIds: ['visitor-mbeki', 'visitor-sato'],
  areaId: 'sea-north',
  postalCodes: ['98101', '98102', '98103', '98105', '98115', '98125'],
  pharmacyId: 'harbor-pharmacy',
  siteId: 'site-home-visits',
  /** The employer of most people of the population, and one so small that its figures are mostly hidden. */
  employers: { large: 'harbor-mills', small: 'tidewater-cafe', smallCount: 63 },
} as const;

/** From when the sample's contracts, licences and areas are in force. */
export const inForceFrom = instantOf({ year: 2026, month: 1, day: 1 }, clinic.zone);
export const inForceUntil = instantOf({ year: 2030, month: 1, day: 1 }, clinic.zone);

const line = { payer: 'employer' } as const;

/** Virtual care is in the fee per member; a home visit costs a fee per use and a copay. */
export const terms: ContractTerms = {
  states: ['WA', 'OR'],
  groupIds: [clinic.groupId],
  rateVersion: 1,
  undeterminedPolicy: 'proceed',
  labPayer: 'employer',
  cancellationFeeCents: 0,
  billing: [
    {
      ...line,
      on: 'ConsultCompleted',
      code: '99421',
      stage: 'consult',
      modality: 'async',
      pos: '10',
      arrangement: 'pmpmIncluded',
      cents: 0,
      copayCents: 0,
    },
    {
      ...line,
      on: 'VisitEnded',
      code: '99342',
      stage: 'visit',
      modality: 'home',
      pos: '12',
      arrangement: 'usageFee',
      cents: 18_500,
      copayCents: 2_500,
    },
  ],
};

/** Day on which the first play of J-1 begins (domain reference, section 16). */
export const firstPlay = '2026-10-06';

/** Journey time of a clock that nobody has set yet: the morning of that day. */
export const firstMorning = instantOf({ year: 2026, month: 10, day: 6, hour: 8 }, clinic.zone);
