import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { clock } from '../clocks.ts';
import type { Obligation } from '../obligation.ts';
import { isDoseCritical } from '../prescription/prescribing.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { courierQueries } from './courier-query.ts';
import { type Delivery, isOver, isUnderWay, openIds, statusOf } from './state.ts';

export function plan(journey: Journey): StagePlan {
  const deliveries = Object.entries(journey.delivery.byId);
  return {
    deadlines: deliveries.flatMap(([deliveryId, delivery]) => late(journey, deliveryId, delivery)),
    effects: deliveries.flatMap(([deliveryId, delivery]) => [
      ...courierCall(deliveryId, delivery),
      ...stop(deliveryId, delivery),
      ...secondLeg(deliveryId, delivery),
      ...courierQueries(journey, deliveryId, delivery),
    ]),
  };
}

/** Somebody waits for a medicine that is late: a clinician if the delay is a danger of its own. */
const lateDelivery: Elapse[string] = (journey, { name, entityId, dueAt }, context) => {
  const rxIds = journey.delivery.byId[entityId]?.rxIds ?? [];
  const [rxId = entityId] = rxIds;
  const critical = isDoseCritical(journey, context.facts.pathway, rxIds);
  return [
    { type: 'SlaBreached', data: { clock: name, entityId, dueAt } },
    ...(critical ? taskUnlessOpen(journey, 'callback', rxId, context) : []),
  ];
};

export const elapse: Elapse = { 'delivery.courier': lateDelivery, 'delivery.mail': lateDelivery };

/** What forbids closure: a delivery that is not resolved (4). */
export const obligations = ({ delivery }: Journey): readonly Obligation[] => openIds(delivery).map((entityId) => ({ item: 4, entityId }));

/** Runs per leg, not while the address is in question, and later by as long as it was. */
function late(journey: Journey, entityId: string, delivery: Delivery): readonly Deadline[] {
  const leg = delivery.legs[delivery.leg];
  if (!leg || isOver(statusOf(delivery)) || leg.unproven || leg.stopped || leg.problemSince !== undefined) return [];
  if (delivery.service === 'mail')
    return leg.mailDueAt === undefined ? [] : [{ name: 'delivery.mail', entityId, dueAt: leg.mailDueAt + leg.paused }];
  return [{ name: 'delivery.courier', entityId, dueAt: leg.requestedAt + clock(journey, 'delivery.courier') + leg.paused }];
}

/** Stands until the courier says the first thing. What goes by mail is the pharmacy's to post. */
function courierCall(deliveryId: string, delivery: Delivery): readonly Effect[] {
  const leg = delivery.legs[delivery.leg];
  if (!leg || leg.answered || leg.stopped || delivery.service === 'mail' || isOver(statusOf(delivery))) return [];
  return [{ id: `courier.${deliveryId}.${delivery.leg}`, attempt: leg.call, kind: 'request-courier', entityId: deliveryId }];
}

/** Stands until the courier turns back or is done. The mail cannot be stopped. */
function stop(deliveryId: string, delivery: Delivery): readonly Effect[] {
  const leg = delivery.legs[delivery.leg];
  if (!leg?.stopped || delivery.service === 'mail' || !isUnderWay(statusOf(delivery))) return [];
  return [{ id: `courier-stop.${deliveryId}.${delivery.leg}`, attempt: 1, kind: 'stop-delivery', entityId: deliveryId }];
}

/** After the first attempt that failed the courier comes again; when a third time, the patient has to agree. */
function secondLeg(deliveryId: string, delivery: Delivery): readonly Effect[] {
  const leg = delivery.legs[delivery.leg];
  if (statusOf(delivery) !== 'Attempted' || delivery.attempts !== 1 || leg?.stopped || leg?.problemSince !== undefined) return [];
  return [{ id: `courier-again.${deliveryId}.${delivery.leg}`, attempt: 1, kind: 'request-next-leg', entityId: deliveryId }];
}
