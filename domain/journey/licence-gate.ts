import type { LicenceBasis } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import type { JourneyEvent } from './events.ts';
import type { ClinicianFact } from './facts.ts';

/** The licence and group contract under which this clinician may act in a state at an instant; undefined if there is none. */
export function licenceBasis(clinician: ClinicianFact, state: string, at: Instant): LicenceBasis | undefined {
  const licence = clinician.licences.find((held) => held.state === state && held.validFrom <= at && at < held.validUntil);
  if (!licence || !clinician.groupStates.includes(state)) return undefined;
  return { clinicianId: clinician.clinicianId, state, licenceId: licence.licenceId, groupId: clinician.groupId };
}

/** The gate let the clinician pass, and under what. */
export const licenceVerified = ({ clinicianId, state, licenceId, groupId }: LicenceBasis): JourneyEvent => ({
  type: 'LicenceVerified',
  data: { clinicianId, state, licenceId, groupContractId: groupId },
});

export const licenceRefused = (clinicianId: string, state: string): JourneyEvent => ({
  type: 'LicenceGateRefused',
  data: { clinicianId, state, reason: 'licence-not-valid-here' },
});
