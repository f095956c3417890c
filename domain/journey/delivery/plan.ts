import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { clock } from '../clocks.ts';
import type { Obligation } from '../obligation.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { type Delivery, isOver, openIds, statusOf } from './state.ts';

export function plan(journey: Journey): StagePlan {
  const deliveries = Object.entries(journey.delivery.byId);
  return {
    deadlines: deliveries.flatMap(([deliveryId, delivery]) => courierLate(journey, deliveryId, delivery)),
    effects: deliveries.flatMap(([deliveryId, delivery]) => courierCall(deliveryId, delivery)),
  };
}

/** A late courier is a breach, which is what a deadline without an entry here emits. */
export const elapse: Elapse = {};

/** What forbids closure: a delivery that is not resolved (4). */
export const obligations = ({ delivery }: Journey): readonly Obligation[] => openIds(delivery).map((entityId) => ({ item: 4, entityId }));

/** Runs per leg, not while the address is in question, and later by as long as it was. */
function courierLate(journey: Journey, deliveryId: string, delivery: Delivery): readonly Deadline[] {
  const leg = delivery.legs[delivery.leg];
  if (!leg || isOver(statusOf(delivery)) || leg.unproven || leg.problemSince !== undefined) return [];
  return [{ name: 'delivery.courier', entityId: deliveryId, dueAt: leg.requestedAt + clock(journey, 'delivery.courier') + leg.paused }];
}

/** Stands until the courier says the first thing. */
function courierCall(deliveryId: string, delivery: Delivery): readonly Effect[] {
  const leg = delivery.legs[delivery.leg];
  if (!leg || leg.answered || isOver(statusOf(delivery))) return [];
  return [{ id: `courier.${deliveryId}.${delivery.leg}`, attempt: leg.call, kind: 'request-courier', entityId: deliveryId }];
}
