// Delivery (domain reference 5.8 and 13.3).
import { z } from 'zod';
import { At, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';

export const Handling = z.enum(['adultSignature', 'coldChain']);
export type Handling = z.output<typeof Handling>;

export const Window = z.strictObject({ from: At, to: At });
export type Window = z.output<typeof Window>;

/** What a courier may say that moves a delivery: its rank, the event it becomes and the state it leads to (domain reference 13.3). */
export const courierStatuses = {
  'courier-assigned': { rank: 10, event: 'CourierAssigned', state: 'Assigned' },
  'at-pharmacy': { rank: 20, event: 'CourierArrivedAtPharmacy', state: 'AwaitingPickup' },
  'picked-up': { rank: 30, event: 'DeliveryPickedUp', state: 'PickedUp' },
  'en-route': { rank: 40, event: 'DeliveryDeparted', state: 'InTransit' },
  'at-door': { rank: 50, event: 'DeliveryArrivedAtDoor', state: 'AtDoor' },
  attempted: { rank: 55, event: 'DeliveryAttempted', state: 'Attempted' },
  refused: { rank: 55, event: 'DeliveryRefused', state: 'Refused' },
  'held-for-pickup': { rank: 60, event: 'DeliveryHeldForPickup', state: 'HeldForPickup' },
  returning: { rank: 70, event: 'DeliveryReturnStarted', state: 'Returning' },
  delivered: { rank: 100, event: 'DeliveryCompleted', state: 'Delivered' },
  returned: { rank: 100, event: 'DeliveryReturned', state: 'ReturnedToPharmacy' },
  cancelled: { rank: 100, event: 'DeliveryCancelled', state: 'Cancelled' },
  lost: { rank: 100, event: 'DeliveryLost', state: 'Lost' },
} as const;
export type CourierStatus = keyof typeof courierStatuses;

const leg = { deliveryId: Id, leg: z.int().min(1).max(1_000) };
const moved = event(
  {
    ...leg,
    vendor: Code.optional(),
    externalId: Id.optional(),
    rank: z.int().min(0).max(100),
    seal: Code.optional(),
    count: z.int().min(0).optional(),
    eta: At.optional(),
    reason: Code.optional(),
  },
  'deliveryId',
);
const atDoor = event(
  { ...leg, n: z.int().min(1), reason: Code.optional(), recipientKind: Code.optional(), proofRef: Ref.optional() },
  'deliveryId',
);
const address = event({ ...leg, addressRef: Ref.optional() }, 'deliveryId');

export const events = {
  DeliveryRequested: event(
    { ...leg, rxIds: z.array(Id).min(1).max(20), handling: z.array(Handling), window: Window, addressRef: Ref },
    'deliveryId',
  ),
  CourierAssigned: moved,
  CourierArrivedAtPharmacy: moved,
  DeliveryPickedUp: moved,
  DeliveryDeparted: moved,
  DeliveryArrivedAtDoor: moved,
  DeliveryDelayed: moved,
  DeliveryHeldForPickup: moved,
  DeliveryReturnStarted: moved,
  DeliveryReturned: moved,
  DeliveryLost: moved,
  DeliveryCancelled: moved,
  DeliveryAttempted: atDoor,
  DeliveryRefused: atDoor,
  DeliveryCompleted: atDoor,
  DeliveryStopRequested: event({ deliveryId: Id, reason: Code }, 'deliveryId'),
  DeliveryAddressProblemFound: address,
  DeliveryAddressCorrected: address,
} satisfies EventSchemas;
