import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { uncollected } from './state.ts';

/** A lab order's part in the end of its journey: cancelled while nothing was taken; a result that is there is still reviewed. */
export function labOrderCalledOff({ lab }: Journey, orderId: string, { actor, reason }: Ending): readonly JourneyEvent[] {
  const order = lab.orders[orderId];
  return order && uncollected.includes(order.status) ? [{ type: 'LabOrderCancelled', data: { orderId, reason, by: actor.id } }] : [];
}
