import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { At, Code, Id, Ref } from '../../kernel/event.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { openIds as openPrescriptions } from '../prescription/state.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { type CourierStatus, courierStatuses, type Handling, Window } from './events.ts';
import { type Delivery, type DeliveryStatus, isOver, type Leg, recipientChecked, statusOf } from './state.ts';

const said = [...(Object.keys(courierStatuses) as CourierStatus[]), 'delayed', 'address-problem'] as const;

export const commands = {
  RequestDelivery: {
    roles: ['T', 'K', 'P', 'X'],
    facts: ['pathway'],
    data: z.strictObject({ deliveryId: Id, window: Window.optional(), addressRef: Ref.optional(), reason: Code.optional() }),
  },
  RecordDeliveryStatus: {
    roles: ['A', 'K'],
    source: 'courier',
    facts: ['pathway'],
    afterClose: true,
    data: z.strictObject({
      deliveryId: Id,
      leg: z.int().min(1).max(1_000),
      status: z.enum(said),
      vendor: Code.optional(),
      externalId: Id.optional(),
      seal: Code.optional(),
      count: z.int().min(0).optional(),
      eta: At.optional(),
      reason: Code.optional(),
      recipientKind: Code.optional(),
      proofRef: Ref.optional(),
    }),
  },
  CorrectDeliveryAddress: {
    roles: ['T', 'K', 'P', 'X'],
    facts: ['pathway'],
    data: z.strictObject({ deliveryId: Id, addressRef: Ref, reason: Code.optional() }),
  },
} satisfies CommandSpecs<FactName>;

type Told = z.output<typeof commands.RecordDeliveryStatus.data>;

/** States of a leg after which the item may be sent out again. */
const sendable: readonly DeliveryStatus[] = ['Attempted', 'Refused', 'HeldForPickup', 'ReturnedToPharmacy', 'Cancelled', 'Lost'];

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RequestDelivery: (journey, { data: { deliveryId, window, addressRef }, actor }, { at }) => {
    const delivery = journey.delivery.byId[deliveryId];
    if (!delivery) return refuse('entity-unknown');
    const status = statusOf(delivery);
    const stillWanted = delivery.rxIds.some((rxId) => openPrescriptions(journey.prescription).includes(rxId));
    const misplaced = delivery.legs[delivery.leg]?.unproven === true;
    if (!stillWanted || status === 'Delivered' || !(sendable.includes(status) || misplaced)) return refuse('not-allowed-in-state');
    // whether a returned item may go out again is a person's decision, never the system's.
    if (status === 'ReturnedToPharmacy' && actor.kind === 'system') return refuse('not-allowed-in-state');
    const { rxIds, handling } = delivery;
    const leg = { deliveryId, leg: delivery.leg + 1, rxIds, handling, addressRef: addressRef ?? delivery.addressRef };
    return accept(deliveryRequested(journey, leg, { at, ...(window && { window }) }));
  },

  RecordDeliveryStatus: (journey, { data }, context) => {
    const delivery = journey.delivery.byId[data.deliveryId];
    const leg = delivery?.legs[data.leg];
    if (!delivery || !leg) return refuse('entity-unknown');
    if (isToldAlready(leg, data.status)) return already;
    const problem = needsHelp(journey, delivery, data) ? taskUnlessOpen(journey, 'deliveryProblem', data.deliveryId, context) : [];
    return accept<JourneyEvent>(statusEvent(delivery, data), ...problem);
  },

  CorrectDeliveryAddress: ({ delivery: deliveries }, { data: { deliveryId, addressRef } }) => {
    const delivery = deliveries.byId[deliveryId];
    if (!delivery) return refuse('entity-unknown');
    if (isOver(statusOf(delivery))) return refuse('not-allowed-in-state');
    return accept({ type: 'DeliveryAddressCorrected', data: { deliveryId, leg: delivery.leg, addressRef } });
  },
};

/** A webhook and an answer to our question tell the same; one event is enough. A hand-over may still be proven later. */
function isToldAlready({ told, unproven }: Leg, status: Told['status']): boolean {
  // These may happen more than once on one leg.
  if (status === 'delayed' || status === 'address-problem' || status === 'attempted') return false;
  return told.includes(courierStatuses[status].event) && !(status === 'delivered' && unproven);
}

function statusEvent({ legs, attempts }: Delivery, { status, recipientKind, proofRef, ...told }: Told): JourneyEvent {
  const { deliveryId, leg, reason } = told;
  if (status === 'address-problem') return { type: 'DeliveryAddressProblemFound', data: { deliveryId, leg } };
  if (status === 'attempted' || status === 'refused' || status === 'delivered') {
    const seen = { ...(reason && { reason }), ...(recipientKind && { recipientKind }), ...(proofRef && { proofRef }) };
    return { type: courierStatuses[status].event, data: { deliveryId, leg, n: attempts + 1, ...seen } };
  }
  if (status !== 'delayed') return { type: courierStatuses[status].event, data: { ...told, rank: courierStatuses[status].rank } };
  const standing = Object.values(courierStatuses).find(({ state }) => state === legs[leg]?.status);
  return { type: 'DeliveryDelayed', data: { ...told, rank: standing?.rank ?? 0 } };
}

/** A last failed attempt, or a hand-over without its recipient check, is somebody's work at once. */
function needsHelp(journey: Journey, delivery: Delivery, { status, recipientKind, proofRef }: Told): boolean {
  if (statusOf(delivery) === 'Delivered') return false;
  if (status === 'attempted') return delivery.attempts + 1 >= clock(journey, 'delivery.attempts');
  if (status !== 'delivered') return false;
  return !recipientChecked(delivery.handling, { ...(recipientKind && { recipientKind }), ...(proofRef && { proofRef }) });
}

interface LegWish {
  readonly deliveryId: string;
  readonly leg: number;
  readonly rxIds: readonly string[];
  readonly handling: readonly Handling[];
  readonly addressRef: string;
}

/** The wish for one leg; the courier has the length of its clock unless somebody agreed on another window. */
export const deliveryRequested = (
  journey: Journey,
  { rxIds, handling, ...leg }: LegWish,
  { at, window = { from: at, to: at + clock(journey, 'delivery.courier') } }: { at: number; window?: Window },
): JourneyEvent => ({ type: 'DeliveryRequested', data: { ...leg, rxIds: [...rxIds], handling: [...handling], window } });
