// What a clinician orders, and how each order begins (domain reference 5.2).
import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import type { Context } from '../../kernel/command.ts';
import { accept, type Decision, refuse } from '../../kernel/decision.ts';
import { Id } from '../../kernel/event.ts';
import type { Template } from '../../templates/template.ts';
import type { JourneyEvent } from '../events.ts';
import type { Facts } from '../facts.ts';
import { LabOrder, labOrderDrafted } from '../lab/decide.ts';
import * as prescription from '../prescription/decide.ts';
import type { Journey } from '../state.ts';
import { isFlagged, VisitOrder, visitRequested } from '../visit/decide.ts';

const ordered = { activityId: Id.optional() };

/** One order. Referrals are not built yet; ordering one is refused as input. */
const Order = z.discriminatedUnion('kind', [
  VisitOrder.extend({ kind: z.literal('visit'), ...ordered }),
  LabOrder.extend({ kind: z.literal('lab'), ...ordered }),
  prescription.commands.DraftPrescription.data.extend({ kind: z.literal('prescription'), ...ordered }),
]);
type Order = z.output<typeof Order>;

/** The id that an order brings along; a visit gets its own. */
function ownId(order: Order): string | undefined {
  if (order.kind === 'lab') return order.orderId;
  return order.kind === 'prescription' ? order.rxId : undefined;
}

function namesEachOnce(orders: readonly Order[]): boolean {
  const ids = orders.flatMap((order) => ownId(order) ?? []);
  return new Set(ids).size === ids.length;
}

export const Orders = z.array(Order).min(1).max(20).refine(namesEachOnce, 'names an order twice');

type OrderContext = Context<Pick<Facts, 'clinician' | 'area' | 'pathway' | 'homeSafety'>>;

/** The list, then each order's own beginning; one order that is refused refuses them all. */
export function placed(
  journey: Journey,
  { orders, actor }: { readonly orders: readonly Order[]; readonly actor: Actor },
  context: OrderContext,
): Decision<JourneyEvent> {
  const { template } = context.facts.pathway;
  if (orders.some((order) => order.kind === 'lab' && journey.lab.orders[order.orderId])) return refuse('not-allowed-in-state');
  if (orders.some((order) => order.kind === 'visit' && isFlagged(order, context.facts.homeSafety))) return refuse('safety-flag');
  const beyond = orders.find((order) => !isInScope(order, template));
  if (beyond) return refuseAct(ownId(beyond) ?? 'journey', actor);
  const begun = orders.map((order, i) => {
    const orderId = ownId(order) ?? context.newId(`visit.${i}`);
    return { order, orderId, decision: begin(journey, { order, orderId, actor }, labelled(context, i)) };
  });
  const refused = begun.find(({ decision }) => !decision.accepted);
  if (refused) return refused.decision;
  const listed = begun.map(({ order: { kind, activityId }, orderId }) => ({ orderId, kind, ...(activityId && { activityId }) }));
  return accept<JourneyEvent>({ type: 'OrdersPlaced', data: { orders: listed } }, ...begun.flatMap(({ decision }) => decision.events));
}

/** True for what the signed pathway lets a clinician order; medicines are judged with the draft. */
function isInScope(order: Order, { visitPlaces, pointOfCareTests }: Template): boolean {
  if (order.kind === 'visit') return visitPlaces.includes(order.place);
  return order.kind === 'prescription' || order.loinc.every((loinc) => pointOfCareTests.some((test) => test.loinc === loinc));
}

const refuseAct = (entityId: string, { id: clinicianId }: Actor): Decision<JourneyEvent> =>
  refuse<JourneyEvent>('scope-exceeded', {
    type: 'ClinicalActRefused',
    data: { commandType: 'PlaceOrders', entityId, clinicianId, reason: 'scope-exceeded' },
  });

/** Several orders of one command must not share the ids of what they make. */
const labelled = (context: OrderContext, i: number): OrderContext => ({ ...context, newId: (label) => context.newId(`${label}.${i}`) });

function begin(
  journey: Journey,
  { order, orderId, actor }: { readonly order: Order; readonly orderId: string; readonly actor: Actor },
  context: OrderContext,
): Decision<JourneyEvent> {
  if (order.kind === 'visit') return accept(...visitRequested(journey, order, { visitId: orderId, area: context.facts.area }));
  if (order.kind === 'lab') return accept(...labOrderDrafted(order, context.newId('requisition')));
  const { kind: _kind, activityId: _activity, ...data } = order;
  return prescription.decide.DraftPrescription(journey, { type: 'DraftPrescription', data, actor }, context);
}
