import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { isOver, statusOf } from './state.ts';

/** The courier is to bring back what is on its way, once. */
export function deliveryCalledOff({ delivery }: Journey, deliveryId: string, { reason }: Pick<Ending, 'reason'>): readonly JourneyEvent[] {
  const known = delivery.byId[deliveryId];
  if (!known || known.stopRequested || isOver(statusOf(known))) return [];
  return [{ type: 'DeliveryStopRequested', data: { deliveryId, reason } }];
}

/** The same for all deliveries that carry a prescription. */
export const deliveriesStopped = (journey: Journey, rxId: string, ending: Pick<Ending, 'reason'>): readonly JourneyEvent[] =>
  Object.entries(journey.delivery.byId)
    .filter(([, { rxIds }]) => rxIds.includes(rxId))
    .flatMap(([deliveryId]) => deliveryCalledOff(journey, deliveryId, ending));
