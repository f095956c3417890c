import { actedOutcome } from './closing/state.ts';
import { openConsult, openConsults } from './consult/state.ts';
import { openIds as openDeliveries } from './delivery/state.ts';
import { isDeathKnown } from './emergency/state.ts';
import { openIds as openLabOrders } from './lab/state.ts';
import { openIds as openPrescriptions } from './prescription/state.ts';
import type { Journey } from './state.ts';
import { openIds as openVisits } from './visit/state.ts';

export type SuperState = 'Requested' | 'Screening' | 'Queued' | 'InTriage' | 'Planned' | 'InCare' | 'FollowUp' | 'Closing' | 'Closed';
export type Overlay = 'Emergency' | 'OnHold';

/** Where the journey stands (domain reference 4.1); the first match wins. */
export function superState(journey: Journey): SuperState {
  const { intake, consult, closing } = journey;
  if (closing.closed || intake.refused) return 'Closed';
  if (closing.requested) return 'Closing';
  if (closing.reopened) return 'InCare';
  if (intake.acceptedAt === undefined) return intake.screeningStarted ? 'Screening' : 'Requested';
  if (!consult.disposition) return openConsult(consult)?.startedAt === undefined ? 'Queued' : 'InTriage';
  if (openChildren(journey).length > 0) return 'InCare';
  return windowOpen(journey) ? 'FollowUp' : 'Planned';
}

/** What lies over the state without hiding it. */
export const overlays = ({ emergency, work }: Journey): readonly Overlay[] => [
  ...(emergency.open ? (['Emergency'] as const) : []),
  ...(work.hold ? (['OnHold'] as const) : []),
];

/** Ids of open visits, lab orders, prescriptions, deliveries and of consults after the first. */
export function openChildren({ consult, visit, lab, prescription, delivery }: Journey): readonly string[] {
  const [first] = Object.keys(consult.byId);
  const laterConsults = openConsults(consult).flatMap(({ consultId }) => (consultId === first ? [] : [consultId]));
  return [...laterConsults, ...openVisits(visit), ...openLabOrders(lab), ...openPrescriptions(prescription), ...openDeliveries(delivery)];
}

/** True while the patient may still write. */
const windowOpen = ({ followUp }: Journey): boolean => followUp.until !== undefined && !followUp.closed;

/** An emergency has ended in a death that nobody has reported yet. */
export const deathToReport = ({ emergency, closing }: Journey): boolean => isDeathKnown(emergency) && !closing.acts.includes('Deceased');

/**
 * True while a consult, another child, an emergency case or the follow-up window is open, or a death waits to be reported; whoever
 * asked for the end waits for no window.
 */
export const careGoesOn = (journey: Journey): boolean =>
  openConsult(journey.consult) !== undefined ||
  journey.emergency.open !== undefined ||
  deathToReport(journey) ||
  openChildren(journey).length > 0 ||
  (windowOpen(journey) && actedOutcome(journey.closing) === undefined);
