import type { Cast } from '../../dev/journeys/step.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';

const zone = 'America/Los_Angeles';

/** The people and places of J-1 where no clinic has to be loaded; they agree with the sample facts. */
export const cast: Cast = {
  patientId: 'patient-1',
  proxyId: 'parent-1',
  employerId: 'employer-1',
  clinicianId: 'clinician-1',
  visitorId: 'visitor-1',
  pharmacyId: 'pharmacy-1',
  groupId: 'group-1',
  areaKey: '98101',
  areaId: 'sea-north',
  firstDay: '2026-10-06',
  zone,
};

/** The window of J-1's home visit. */
export const visitWindow = {
  from: instantOf({ year: 2026, month: 10, day: 6, hour: 13 }, zone),
  to: instantOf({ year: 2026, month: 10, day: 6, hour: 15 }, zone),
};
