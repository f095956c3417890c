import { deliveriesStopped } from '../delivery/called-off.ts';
import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { isFilled, isUnsigned, openIds } from './state.ts';

/**
 * A prescription's part in the end of its journey: the pharmacy is asked to cancel, and what it says is tracked. A draft
 * was never sent, so nobody has to confirm that it is cancelled.
 */
export function prescriptionCalledOff(journey: Journey, rxId: string, ending: Ending): readonly JourneyEvent[] {
  const rx = journey.prescription.byId[rxId];
  if (!rx || !openIds(journey.prescription).includes(rxId) || rx.status === 'CancelRequested') return [];
  const { by, reason, cause } = ending;
  const requested: JourneyEvent = { type: 'PrescriptionCancelRequested', data: { rxId, reason, by } };
  if (isUnsigned(rx)) return [requested, { type: 'PrescriptionCancelConfirmed', data: { rxId, reason: 'never-sent', by } }];
  const instructed = isFilled(rx) && cause !== 'died' ? taskUnlessOpen(journey, 'patientInstruction', rxId, ending) : [];
  return [requested, ...deliveriesStopped(journey, rxId, ending), ...instructed];
}
