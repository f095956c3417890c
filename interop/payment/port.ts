import type { Called, Found } from '../port.ts';

/** What somebody owes now. The card stands with the payment service, under our random id of the person who pays. */
export interface ChargeToMake {
  readonly key: string;
  readonly reference: string;
  readonly payerId: string;
  readonly cents: number;
}

export interface Charged {
  readonly paymentRef: string;
  readonly cents: number;
}

/** The payment service. A card that is declined is a refusal. */
export interface PaymentService {
  charge(charge: ChargeToMake): Promise<Called<Charged>>;
  /** What became of the charge that was made under this key. */
  find(key: string): Promise<Found<Charged>>;
}
