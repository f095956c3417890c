import type { Facts } from '../../domain/journey/facts.ts';
import type { Contract } from '../../domain/reference/employer.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';

const year = 365 * 24 * 3_600_000;
export const firstDay = Date.UTC(2026, 9, 6, 16, 0);

const contract: Contract = {
  contractId: 'contract-1',
  version: 1,
  effectiveOn: Date.UTC(2026, 0, 1),
  terms: {
    states: ['WA'],
    groupIds: ['group-1'],
    rateVersion: 1,
    undeterminedPolicy: 'proceed',
    labPayer: 'employer',
    cancellationFeeCents: 0,
    billing: [
      {
        on: 'ConsultCompleted',
        code: '99421',
        stage: 'consult',
        modality: 'async',
        pos: '10',
        arrangement: 'pmpmIncluded',
        payer: 'employer',
        cents: 0,
        copayCents: 0,
      },
      {
        on: 'VisitEnded',
        code: '99342',
        stage: 'visit',
        modality: 'home',
        pos: '12',
        arrangement: 'usageFee',
        payer: 'employer',
        cents: 18_500,
        copayCents: 2_500,
      },
    ],
  },
};

const clinician: Facts['clinician'] = {
  clinicianId: 'clinician-1',
  groupId: 'group-1',
  scope: 'prescriber',
  licences: [{ licenceId: 'lic-wa', state: 'WA', validFrom: 0, validUntil: firstDay + year }],
  groupStates: ['WA'],
};

/** A state of the world in which J-1 runs through. */
export const sampleFacts: Facts = {
  pathway: { template: soreThroat, contract },
  start: {
    contract,
    template: soreThroat,
    onRoster: true,
    ageYears: 9,
    majorityOn: firstDay + 9 * year,
  },
  identity: { kinds: ['name', 'dateOfBirth'], matches: true },
  proxy: { relationship: 'parent' },
  clinician,
  holders: [clinician],
  offer: { available: true },
  area: { areaId: 'sea-north', version: 1, open: true, places: ['home', 'clinicSite'] },
  homeSafety: { scopes: [] },
  claim: { granted: true },
  slot: {
    window: { from: firstDay + 4 * 3_600_000, to: firstDay + 6 * 3_600_000 },
    placeMatches: true,
    expiresAt: 0,
    earliest: firstDay + 4 * 3_600_000,
  },
  visitor: { visitorId: 'visitor-1', onShift: true, skills: ['swab'], states: ['WA'], supplies: ['strep-test'], shiftVersion: 1 },
  pharmacy: {
    known: true,
    capabilities: ['courier'],
    calendar: { calendarId: 'pharmacy-1', version: 1, zone: 'America/Los_Angeles', days: [1, 2, 3, 4, 5, 6, 7], fromHour: 8, toHour: 22 },
  },
  device: { waiverRef: 'clia-waiver-1' },
  lab: { open: true },
  conversation: {},
};
