import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import { type CourierStatus, courierStatuses, type Handling, type Service, type Window } from './events.ts';

type Standing = (typeof courierStatuses)[CourierStatus];
/** What a pharmacist decided of an item that came back; no courier's word moves it any more. */
export type ReturnedStatus = 'Quarantined' | 'Destroyed' | 'Restocked';
export type DeliveryStatus = 'Requested' | Standing['state'] | ReturnedStatus;

/** One trip of a courier. Ranks are compared inside it. */
export interface Leg {
  readonly status: DeliveryStatus;
  readonly requestedAt: Instant;
  /** When the courier last had something to say; at first, when the leg was asked for. */
  readonly heardAt: Instant;
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
  /** By when the mail has to bring it. */
  readonly mailDueAt?: Instant;
  /** Somebody wants it stopped. */
  readonly stopped: boolean;
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
  readonly service: Service;
  /** It was warmer or colder on the way than its label allows. */
  readonly excursion: boolean;
  readonly returned?: ReturnedStatus;
  /** Failed attempts over all legs. */
  readonly attempts: number;
}

export interface Deliveries {
  readonly byId: Readonly<Record<string, Delivery>>;
}
export const initial: Deliveries = { byId: {} };

const terminal: readonly DeliveryStatus[] = [
  'Delivered',
  'ReturnedToPharmacy',
  'Cancelled',
  'Lost',
  'Quarantined',
  'Destroyed',
  'Restocked',
];
export const isOver = (status: DeliveryStatus): boolean => terminal.includes(status);

/** The courier has it, or is to fetch it: it could still reach the patient. */
export const isUnderWay = (status: DeliveryStatus): boolean => !isOver(status) && status !== 'Returning';

const standings: readonly Standing[] = Object.values(courierStatuses);
const rankOf = (status: DeliveryStatus): number => standings.find(({ state }) => state === status)?.rank ?? 0;

/** Where a delivery stands: with its present leg, unless an earlier one reached the recipient after all. */
export function statusOf({ legs, leg, returned }: Delivery): DeliveryStatus {
  const delivered = Object.values(legs).some(({ status }) => status === 'Delivered');
  return delivered ? 'Delivered' : (returned ?? legs[leg]?.status ?? 'Requested');
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
  if (type === 'DeliveryRequested') return requested(deliveries, at, data);
  if (!('deliveryId' in data)) return deliveries;
  const { deliveryId } = data;
  const delivery = deliveries.byId[deliveryId];
  if (!delivery) return deliveries;
  const returned = returnedBy[type];
  if (returned) return put(deliveries, deliveryId, { ...delivery, returned });
  if (type === 'DeliveryExcursionDetected') return put(deliveries, deliveryId, { ...delivery, excursion: true });
  const number = 'leg' in data ? data.leg : delivery.leg;
  const leg = delivery.legs[number];
  if (!leg) return deliveries;
  const heard = { ...evolveLeg(leg, happened, delivery.handling), told: [...leg.told, type], heardAt: Math.max(leg.heardAt, at) };
  const after = { ...delivery, legs: { ...delivery.legs, [number]: heard } };
  if (type === 'DeliveryAttempted') return put(deliveries, deliveryId, { ...after, attempts: data.n });
  if (type === 'DeliveryAddressCorrected' && data.addressRef) return put(deliveries, deliveryId, { ...after, addressRef: data.addressRef });
  return put(deliveries, deliveryId, after);
}

const returnedBy: Partial<Record<JourneyEvent['type'], ReturnedStatus>> = {
  ReturnedItemQuarantined: 'Quarantined',
  ReturnedItemDestroyed: 'Destroyed',
  ReturnedItemRestocked: 'Restocked',
};

type Wish = Extract<JourneyEvent, { type: 'DeliveryRequested' }>['data'];

function requested(deliveries: Deliveries, requestedAt: Instant, data: Wish): Deliveries {
  const { deliveryId, leg, rxIds, handling, addressRef, window, service = 'courier' } = data;
  const before = deliveries.byId[deliveryId];
  const mailDueAt = data.basis?.due?.['delivery.mail'];
  const fresh: Leg = {
    status: 'Requested',
    requestedAt,
    heardAt: requestedAt,
    window,
    call: 1,
    answered: false,
    delayed: false,
    paused: 0,
    unproven: false,
    stopped: false,
    ...(mailDueAt !== undefined && { mailDueAt }),
    told: [],
  };
  const legs = { ...before?.legs, [leg]: fresh };
  return put(deliveries, deliveryId, {
    rxIds,
    handling,
    addressRef,
    service,
    excursion: before?.excursion ?? false,
    leg,
    legs,
    attempts: before?.attempts ?? 0,
  });
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
    case 'DeliveryStopRequested':
      return { ...leg, stopped: true };
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

/** What a courier showed of the hand-over. */
export const proofOf = ({ recipientKind, proofRef }: Extract<JourneyEvent, { type: 'DeliveryCompleted' }>['data']) => ({
  ...(recipientKind && { recipientKind }),
  ...(proofRef && { proofRef }),
});

/** True if a courier's word is about the present leg and does not come too late for it. */
export function moves({ leg, legs }: Delivery, { type, data }: JourneyEvent): boolean {
  const standing = standings.find(({ event }) => event === type);
  const present = legs[leg];
  if (!standing || !present || !('leg' in data) || data.leg !== leg) return false;
  return present.status !== 'Delivered' && standing.rank >= rankOf(present.status);
}

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
