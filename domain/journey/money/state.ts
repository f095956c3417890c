import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';

/** What became of asking for it so far. */
export interface Copay {
  readonly cents: number;
  readonly status: 'requested' | 'charged' | 'failed' | 'unconfirmed';
  readonly paymentRef?: string;
  /** The last attempt that has an outcome, be it that nobody knows. */
  readonly attempts: number;
  /** Certain failures since it was last to be asked for afresh, and when the first of them was. */
  readonly failures: number;
  readonly failedAt?: Instant;
  /** The card was declined; asking again would not help. */
  readonly refused: boolean;
  /** Queries that were answered. */
  readonly queries: number;
  /** Of these, answers that knew nothing of the present attempt. */
  readonly unknowns: number;
  readonly unconfirmedAt?: Instant;
}

export interface Charge {
  readonly code: string;
  readonly cents: number;
  readonly payer: string;
  readonly arrangement: string;
  readonly at: Instant;
  readonly clinicianId?: string;
  readonly evidence: readonly string[];
}

export interface Money {
  readonly charges: Readonly<Record<string, Charge>>;
  /** What the patient owes now, by charge. */
  readonly copays: Readonly<Record<string, Copay>>;
  /** Charges for which the patient has a receipt. */
  readonly receipts: readonly string[];
}
export const initial: Money = { charges: {}, copays: {}, receipts: [] };

export function evolve(money: Money, { type, data, occurredAt: at }: Happened<JourneyEvent>): Money {
  switch (type) {
    case 'ChargeCaptured': {
      const { chargeId, code, cents, payer, arrangement, evidence, renderingClinicianId: clinicianId } = data;
      const charge = { code, cents, payer, arrangement, at, evidence, ...(clinicianId && { clinicianId }) };
      return { ...money, charges: { ...money.charges, [chargeId]: charge } };
    }
    case 'CopayRequested':
      return put(money, data.chargeId, { ...untried, cents: data.cents });
    case 'CopayCharged': {
      const copay = money.copays[data.chargeId] ?? untried;
      const { cents, paymentRef } = data;
      return put(money, data.chargeId, { ...copay, cents, status: 'charged', ...(paymentRef && { paymentRef }) });
    }
    case 'CopayFailed':
    case 'CopayUnconfirmed': {
      // What was not paid is still owed in full, whatever the answer says of an amount.
      const copay = money.copays[data.chargeId] ?? { ...untried, cents: data.cents };
      const after = type === 'CopayFailed' ? failed(copay, data, at) : unconfirmed(copay, data, at);
      return put(money, data.chargeId, after);
    }
    case 'ReceiptIssued':
      return { ...money, receipts: [...money.receipts, data.chargeId] };
    default:
      return money;
  }
}

const untried: Copay = { cents: 0, status: 'requested', attempts: 0, failures: 0, refused: false, queries: 0, unknowns: 0 };

const put = (money: Money, chargeId: string, copay: Copay): Money => ({ ...money, copays: { ...money.copays, [chargeId]: copay } });

interface Which {
  readonly attempt?: number | undefined;
  readonly query?: number | undefined;
}

/** A word that comes late: of what was paid, of an attempt that is over, or of a query that no longer matters. */
function isLate({ status, attempts, queries }: Copay, { attempt = attempts + 1, query }: Which): boolean {
  if (query !== undefined) return status !== 'unconfirmed' || query <= queries;
  return status === 'charged' || attempt <= attempts;
}

/** A query that finds nothing clears the way for the next attempt; anything but a certain failure is not tried again. */
function failed(copay: Copay, told: Which & { readonly outcome?: 'refused' | 'failed' | undefined }, at: Instant): Copay {
  if (isLate(copay, told)) return copay;
  const { failedAt, unconfirmedAt: _over, ...rest } = copay;
  if (told.query !== undefined) return { ...rest, status: 'requested', failures: 0, queries: told.query, unknowns: 0 };
  const attempts = told.attempt ?? copay.attempts + 1;
  const refused = told.outcome !== 'failed';
  return { ...rest, status: 'failed', attempts, refused, failures: copay.failures + 1, failedAt: failedAt ?? at };
}

function unconfirmed(copay: Copay, told: Which, at: Instant): Copay {
  // Without a number nobody knows that it is not of the attempt that certainly failed.
  if (isLate(copay, told) || (copay.status === 'failed' && told.attempt === undefined)) return copay;
  if (told.query !== undefined) return { ...copay, queries: told.query, unknowns: copay.unknowns + 1 };
  return { ...copay, status: 'unconfirmed', attempts: told.attempt ?? copay.attempts + 1, unknowns: 0, unconfirmedAt: at };
}
