import type { Effect } from '../../kernel/plan.ts';
import { schedule } from '../clocks.ts';
import type { Journey } from '../state.ts';
import { type Delivery, isOver, statusOf } from './state.ts';

/**
 * A courier's messages get lost, so that it is asked as well, again and again since its last word (domain reference 13.3). A question
 * that brings nothing new leaves no event; each word starts the questions anew, under an id of its own.
 */
export function courierQueries(journey: Journey, deliveryId: string, delivery: Delivery): readonly Effect[] {
  const leg = delivery.legs[delivery.leg];
  if (!leg || isOver(statusOf(delivery))) return [];
  return schedule(journey, 'courier.query').map((offset, i) => ({
    id: `courier-query.${deliveryId}.${delivery.leg}.${leg.told.length}`,
    attempt: i + 1,
    kind: 'query-courier',
    entityId: deliveryId,
    notBefore: leg.heardAt + offset,
  }));
}
