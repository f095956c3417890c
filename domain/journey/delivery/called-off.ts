import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { mayStop } from './legs.ts';

/** A delivery's part in the end of its journey: the courier is to bring back what is on its way, once. */
export function deliveryCalledOff({ delivery }: Journey, deliveryId: string, { reason }: Ending): readonly JourneyEvent[] {
  const known = delivery.byId[deliveryId];
  return known && mayStop(known) ? [{ type: 'DeliveryStopRequested', data: { deliveryId, reason } }] : [];
}
