import type { Outcome } from './closing/events.ts';
import { lastCompleted, openConsult, openConsults } from './consult/state.ts';
import { openIds as openDeliveries } from './delivery/state.ts';
import { isDeathKnown } from './emergency/state.ts';
import { openIds as openLabOrders } from './lab/state.ts';
import { openIds as openPrescriptions } from './prescription/state.ts';
import type { Journey } from './state.ts';
import { openIds as openVisits } from './visit/state.ts';

export type SuperState = 'Requested' | 'Screening' | 'Queued' | 'InTriage' | 'Planned' | 'InCare' | 'FollowUp' | 'Closing' | 'Closed';
export type Overlay = 'Emergency';

/** Where the journey stands (domain reference 4.1); the first match wins. */
export function superState(journey: Journey): SuperState {
  const { intake, consult, closing } = journey;
  if (closing.closed || intake.refused) return 'Closed';
  if (closing.requested && openChildren(journey).length === 0) return 'Closing';
  if (intake.acceptedAt === undefined) return intake.screeningStarted ? 'Screening' : 'Requested';
  if (!consult.disposition) return openConsult(consult)?.startedAt === undefined ? 'Queued' : 'InTriage';
  if (openChildren(journey).length > 0) return 'InCare';
  return windowOpen(journey) ? 'FollowUp' : 'Planned';
}

/** What lies over the state without hiding it. */
export const overlays = ({ emergency }: Journey): readonly Overlay[] => (emergency.open ? ['Emergency'] : []);

/** Ids of open visits, lab orders, prescriptions, deliveries and of consults after the first. */
export function openChildren({ consult, visit, lab, prescription, delivery }: Journey): readonly string[] {
  const [first] = Object.keys(consult.byId);
  const laterConsults = openConsults(consult).flatMap(({ consultId }) => (consultId === first ? [] : [consultId]));
  return [...laterConsults, ...openVisits(visit), ...openLabOrders(lab), ...openPrescriptions(prescription), ...openDeliveries(delivery)];
}

/** True while the patient may still write. */
const windowOpen = ({ followUp }: Journey): boolean => followUp.until !== undefined && !followUp.closed;

/** True while a consult, another child, an emergency case or the follow-up window is open, or a death waits to be reported. */
export const careGoesOn = (journey: Journey): boolean =>
  openConsult(journey.consult) !== undefined ||
  journey.emergency.open !== undefined ||
  isDeathKnown(journey.emergency) ||
  openChildren(journey).length > 0 ||
  windowOpen(journey);

/** The outcome that the last completed consult planned; nothing of it is left where every order was cancelled. */
export function plannedOutcome(journey: Journey): Outcome | undefined {
  const planned = lastCompleted(journey.consult)?.plannedOutcome;
  return planned && everyOrderCancelled(journey) ? 'Cancelled' : planned;
}

/** True when there were orders, and each of them was cancelled. */
function everyOrderCancelled({ visit, lab, prescription }: Journey): boolean {
  const ordered = [...Object.values(visit.byId), ...Object.values(lab.orders)].map(({ status }) => status === 'Cancelled');
  const prescribed = Object.values(prescription.byId).map(({ reached }) => reached === 'Cancelled');
  const orders = [...ordered, ...prescribed];
  return orders.length > 0 && orders.every((cancelled) => cancelled);
}
