import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import { type CourierStatus, courierStatuses, type Handling, type Window } from './events.ts';

type Standing = (typeof courierStatuses)[CourierStatus];
export type DeliveryStatus = 'Requested' | Standing['state'];

/** One trip of a courier. Ranks are compared inside it. */
export interface Leg {
  readonly status: DeliveryStatus;
  readonly requestedAt: Instant;
  readonly window: Window;
  /** Number of the call to the courier that is under way, or was the last. */
  readonly call: number;
  /** The courier has said something since that call. */
  readonly answered: boolean;
  readonly delayed: boolean;
  /** Since when the courier cannot find the address. */
  readonly problemSince?: Instant;
  /** How long address problems that are solved have paused the clock. */
  readonly paused: number;
  /** Handed over without the recipient check that the item needs. */
  readonly unproven: boolean;
  /** Types of the events that the courier's word has left. */
  readonly told: readonly string[];
}

/** One custody chain from the pharmacy to the recipient. */
export interface Delivery {
  readonly rxIds: readonly string[];
  readonly handling: readonly Handling[];
  readonly addressRef: string;
  /** Number of the present leg. */
  readonly leg: number;
  readonly legs: Readonly<Record<number, Leg>>;
  /** The courier is to bring the present leg back. */
  readonly stopRequested?: true;
  /** Failed attempts over all legs. */
  readonly attempts: number;
}

export interface Deliveries {
  readonly byId: Readonly<Record<string, Delivery>>;
}
export const initial: Deliveries = { byId: {} };

const terminal: readonly DeliveryStatus[] = ['Delivered', 'ReturnedToPharmacy', 'Cancelled', 'Lost'];
export const isOver = (status: DeliveryStatus): boolean => terminal.includes(status);

const standings: readonly Standing[] = Object.values(courierStatuses);
const rankOf = (status: DeliveryStatus): number => standings.find(({ state }) => state === status)?.rank ?? 0;

/** Where a delivery stands: with its present leg, unless an earlier one reached the recipient after all. */
export function statusOf({ legs, leg }: Delivery): DeliveryStatus {
  const delivered = Object.values(legs).some(({ status }) => status === 'Delivered');
  return delivered ? 'Delivered' : (legs[leg]?.status ?? 'Requested');
}

/** True if the item came into the hands that it needs: those of an adult who signed, for what needs an adult or cold. */
export function recipientChecked(
  handling: readonly Handling[],
  seen: { readonly recipientKind?: string; readonly proofRef?: string },
): boolean {
  return handling.length === 0 || (seen.recipientKind === 'adult' && seen.proofRef !== undefined);
}

/** Ids of those that are not terminal. */
export const openIds = ({ byId }: Deliveries): readonly string[] =>
  Object.entries(byId).flatMap(([deliveryId, delivery]) => (isOver(statusOf(delivery)) ? [] : [deliveryId]));

export function evolve(deliveries: Deliveries, happened: Happened<JourneyEvent>): Deliveries {
  const { type, data, occurredAt: at } = happened;
  if (type === 'DeliveryRequested') {
    const { deliveryId, leg, rxIds, handling, addressRef, window } = data;
    const before = deliveries.byId[deliveryId];
    const fresh: Leg = {
      status: 'Requested',
      requestedAt: at,
      window,
      call: 1,
      answered: false,
      delayed: false,
      paused: 0,
      unproven: false,
      told: [],
    };
    const legs = { ...before?.legs, [leg]: fresh };
    return put(deliveries, deliveryId, { rxIds, handling, addressRef, leg, legs, attempts: before?.attempts ?? 0 });
  }
  if (!('deliveryId' in data)) return deliveries;
  const delivery = deliveries.byId[data.deliveryId];
  if (type === 'DeliveryStopRequested')
    return delivery ? put(deliveries, data.deliveryId, { ...delivery, stopRequested: true }) : deliveries;
  const leg = delivery?.legs[data.leg];
  if (!delivery || !leg) return deliveries;
  const heard = { ...evolveLeg(leg, happened, delivery.handling), told: [...leg.told, type] };
  const after = { ...delivery, legs: { ...delivery.legs, [data.leg]: heard } };
  if (type === 'DeliveryAttempted') return put(deliveries, data.deliveryId, { ...after, attempts: data.n });
  if (type === 'DeliveryAddressCorrected' && data.addressRef)
    return put(deliveries, data.deliveryId, { ...after, addressRef: data.addressRef });
  return put(deliveries, data.deliveryId, after);
}

const put = ({ byId }: Deliveries, deliveryId: string, delivery: Delivery): Deliveries => ({ byId: { ...byId, [deliveryId]: delivery } });

function evolveLeg(leg: Leg, { type, data, occurredAt: at }: Happened<JourneyEvent>, handling: readonly Handling[]): Leg {
  switch (type) {
    case 'DeliveryDelayed':
      return { ...leg, answered: true, delayed: !isOver(leg.status) };
    case 'DeliveryAddressProblemFound':
      return { ...leg, answered: true, ...(!isOver(leg.status) && { problemSince: leg.problemSince ?? at }) };
    case 'DeliveryAddressCorrected':
      return solved(leg, at);
    case 'DeliveryCompleted':
      // The hand-over is a fact, but not a delivery: the state stays where it was until somebody shows the proof.
      if (!recipientChecked(handling, proofOf(data))) return { ...leg, answered: true, unproven: leg.status !== 'Delivered' };
      return move(leg, courierStatuses.delivered);
    default: {
      const standing = standings.find(({ event }) => event === type);
      return standing ? move(leg, standing) : leg;
    }
  }
}

const proofOf = ({ recipientKind, proofRef }: Extract<JourneyEvent, { type: 'DeliveryCompleted' }>['data']) => ({
  ...(recipientKind && { recipientKind }),
  ...(proofRef && { proofRef }),
});

/** what ranks lower than the state is known, and moves nothing; what is in the right hands stays there. */
function move(leg: Leg, { rank, state }: Standing): Leg {
  const moves = leg.status !== 'Delivered' && rank >= rankOf(leg.status);
  const status = moves ? state : leg.status;
  const { problemSince: _ended, ...rest } = leg;
  return isOver(status)
    ? { ...rest, status, answered: true, delayed: false, unproven: leg.unproven && status !== 'Delivered' }
    : { ...leg, status, answered: true };
}

/** The clock goes on; a courier who has not set out is called again, now that there is somewhere to go. */
function solved({ problemSince, ...leg }: Leg, at: Instant): Leg {
  if (problemSince === undefined) return leg;
  const after = { ...leg, paused: leg.paused + Math.max(0, at - problemSince) };
  return leg.status === 'Requested' ? { ...after, call: leg.call + 1, answered: false } : after;
}
