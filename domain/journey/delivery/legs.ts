// The legs of a delivery: asking for one, and stopping it.
import { afterOpenDays } from '../../kernel/calendar.ts';
import { day, type Instant } from '../../kernel/time.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { Pathway } from '../facts.ts';
import type { Journey } from '../state.ts';
import type { Handling, Service, Window } from './events.ts';
import { type Delivery, isOver, isUnderWay, statusOf } from './state.ts';

interface LegWish {
  readonly deliveryId: string;
  readonly leg: number;
  readonly rxIds: readonly string[];
  readonly handling: readonly Handling[];
  readonly addressRef: string;
  readonly service: Service;
}

interface LegContext {
  readonly at: Instant;
  readonly pathway: Pathway;
  readonly window?: Window;
}

/**
 * The wish for one leg. A courier has the length of its clock unless somebody agreed on another window; the mail has days of
 * business, and when they end stands on the event.
 */
export function deliveryRequested(journey: Journey, wish: LegWish, { at, pathway, window }: LegContext): JourneyEvent {
  const { rxIds, handling, service, ...leg } = wish;
  const byMail = service === 'mail';
  const to = byMail
    ? afterOpenDays(at, Math.max(1, Math.round(clock(journey, 'delivery.mail') / day)), pathway.template.operationsCalendar)
    : at + clock(journey, 'delivery.courier');
  const due = byMail && { service, basis: { due: { 'delivery.mail': to } } };
  return {
    type: 'DeliveryRequested',
    data: { ...leg, rxIds: [...rxIds], handling: [...handling], window: window ?? { from: at, to }, ...due },
  };
}

/** Everything on its way with this prescription is stopped, once. */
export const stopDeliveries = ({ delivery: { byId } }: Journey, rxId: string, reason: string): readonly JourneyEvent[] =>
  Object.entries(byId)
    .filter(([, delivery]) => delivery.rxIds.includes(rxId) && mayStop(delivery))
    .map(([deliveryId]) => ({ type: 'DeliveryStopRequested', data: { deliveryId, reason } }));

/** It is under way, and nobody has stopped it. */
export const mayStop = (delivery: Delivery): boolean =>
  !isOver(statusOf(delivery)) && isUnderWay(statusOf(delivery)) && delivery.legs[delivery.leg]?.stopped !== true;
