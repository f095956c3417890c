import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { At, Code, Id, Ref } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { isWanted } from '../prescription/standing.ts';
import type { Journey } from '../state.ts';
import * as custody from './custody.ts';
import { type CourierStatus, courierStatuses, Window } from './events.ts';
import { deliveryRequested, mayStop } from './legs.ts';
import { followsFrom } from './problems.ts';
import { type Delivery, type DeliveryStatus, isOver, type Leg, statusOf } from './state.ts';

const said = [...(Object.keys(courierStatuses) as CourierStatus[]), 'delayed', 'address-problem'] as const;
const wish = { roles: ['T', 'K', 'P', 'X'], facts: ['pathway'] } as const;
const reason = Code.optional();

export const commands = {
  RequestDelivery: { ...wish, data: z.strictObject({ deliveryId: Id, window: Window.optional(), addressRef: Ref.optional(), reason }) },
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
      reason,
      recipientKind: Code.optional(),
      proofRef: Ref.optional(),
    }),
  },
  CorrectDeliveryAddress: { ...wish, data: z.strictObject({ deliveryId: Id, addressRef: Ref, reason }) },
  StopDelivery: { ...wish, data: z.strictObject({ deliveryId: Id, reason: Code }) },
  ...custody.commands,
} satisfies CommandSpecs<FactName>;

export type Told = z.output<typeof commands.RecordDeliveryStatus.data>;

/** States of a leg after which the item may be sent out again. */
const sendable: readonly DeliveryStatus[] = ['Attempted', 'Refused', 'HeldForPickup', 'ReturnedToPharmacy', 'Cancelled', 'Lost'];

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RequestDelivery: (journey, { data: { deliveryId, window, addressRef }, actor }, { facts: { pathway }, at }) => {
    const delivery = journey.delivery.byId[deliveryId];
    if (!delivery) return refuse('entity-unknown');
    const status = statusOf(delivery);
    const misplaced = delivery.legs[delivery.leg]?.unproven === true;
    const wanted = delivery.rxIds.some((rxId) => isWanted(journey.prescription.byId[rxId]));
    if (!wanted || status === 'Delivered' || !(sendable.includes(status) || misplaced)) return refuse('not-allowed-in-state');
    // whether a returned item may go out again is a person's decision, never the system's.
    if (status === 'ReturnedToPharmacy' && actor.kind === 'system') return refuse('not-allowed-in-state');
    const { rxIds, handling, service } = delivery;
    const leg = { deliveryId, leg: delivery.leg + 1, rxIds, handling, service, addressRef: addressRef ?? delivery.addressRef };
    return accept(deliveryRequested(journey, leg, { at, pathway, ...(window && { window }) }));
  },

  RecordDeliveryStatus: (journey, { data }, context) => {
    const delivery = journey.delivery.byId[data.deliveryId];
    const leg = delivery?.legs[data.leg];
    if (!delivery || !leg) return refuse('entity-unknown');
    if (isToldAlready(leg, data.status)) return already;
    const event = statusEvent(delivery, data);
    return accept<JourneyEvent>(event, ...followsFrom(journey, { deliveryId: data.deliveryId, delivery, event }, context));
  },

  CorrectDeliveryAddress: ({ delivery: deliveries }, { data: { deliveryId, addressRef } }) => {
    const delivery = deliveries.byId[deliveryId];
    if (!delivery) return refuse('entity-unknown');
    if (isOver(statusOf(delivery))) return refuse('not-allowed-in-state');
    return accept({ type: 'DeliveryAddressCorrected', data: { deliveryId, leg: delivery.leg, addressRef } });
  },

  StopDelivery: ({ delivery: deliveries }, { data }) => {
    const delivery = deliveries.byId[data.deliveryId];
    if (!delivery) return refuse('entity-unknown');
    if (delivery.legs[delivery.leg]?.stopped) return already;
    return mayStop(delivery) ? accept({ type: 'DeliveryStopRequested', data }) : refuse('not-allowed-in-state');
  },

  ...custody.decide,
};

/** A webhook and an answer to our question tell the same; one event is enough. A hand-over may still be proven later. */
function isToldAlready({ told, unproven }: Leg, status: Told['status']): boolean {
  // These may happen more than once on one leg.
  if (status === 'delayed' || status === 'address-problem' || status === 'attempted') return false;
  return told.includes(courierStatuses[status].event) && !(status === 'delivered' && unproven);
}

function statusEvent({ legs, attempts }: Delivery, { status, recipientKind, proofRef, ...told }: Told): JourneyEvent {
  const { deliveryId, leg, reason: why } = told;
  if (status === 'address-problem') return { type: 'DeliveryAddressProblemFound', data: { deliveryId, leg } };
  if (status === 'attempted' || status === 'refused' || status === 'delivered') {
    const seen = { ...(why && { reason: why }), ...(recipientKind && { recipientKind }), ...(proofRef && { proofRef }) };
    return { type: courierStatuses[status].event, data: { deliveryId, leg, n: attempts + 1, ...seen } };
  }
  if (status !== 'delayed') return { type: courierStatuses[status].event, data: { ...told, rank: courierStatuses[status].rank } };
  const standing = Object.values(courierStatuses).find(({ state }) => state === legs[leg]?.status);
  return { type: 'DeliveryDelayed', data: { ...told, rank: standing?.rank ?? 0 } };
}
