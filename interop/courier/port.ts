import type { Instant } from '../../domain/kernel/time.ts';
import type { Called, Found } from '../port.ts';

/** All that a courier may know: who, where, when and how to handle it, never what it is or what it is for. */
export interface DeliveryToMake {
  readonly key: string;
  readonly reference: string;
  /** Our id of the place where it is picked up. */
  readonly pickupId: string;
  readonly recipient: { readonly name: string; readonly address: string };
  readonly window: { readonly from: Instant; readonly to: Instant };
  readonly handling: readonly ('adultSignature' | 'coldChain')[];
}

/** How far a delivery has come, in the words of the domain reference, section 13.3. */
export interface CourierState {
  /** Absent if the courier never had it. */
  readonly externalId?: string;
  /** `requested` while the courier has only taken it; undefined for a status that we do not know. */
  readonly status: DeliveryStatus | undefined;
  /** Why the courier gave up. */
  readonly reason?: string;
  readonly recipientKind?: 'adult';
  readonly proofRef?: string;
}

export type DeliveryStatus =
  | 'requested'
  | 'courier-assigned'
  | 'at-pharmacy'
  | 'picked-up'
  | 'en-route'
  | 'at-door'
  | 'attempted'
  | 'refused'
  | 'returning'
  | 'delivered'
  | 'returned'
  | 'cancelled';

/** A local courier. */
export interface Courier {
  create(delivery: DeliveryToMake): Promise<Called<CourierState>>;
  /** What became of the delivery that was created under this key. */
  find(key: string): Promise<Found<CourierState>>;
  /**
   * Ends a delivery on its way, by the key under which it was created. One that was never created is cancelled; of one that has
   * left the pharmacy the courier says how it goes on.
   */
  stop(wish: { readonly key: string; readonly created: string }): Promise<Called<CourierState>>;
}
