import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';

export interface Copay {
  readonly cents: number;
  readonly status: 'requested' | 'charged' | 'failed' | 'unconfirmed';
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
  const copay = (chargeId: string, status: Copay['status'], cents: number): Money => ({
    ...money,
    copays: { ...money.copays, [chargeId]: { cents, status } },
  });
  // What was not paid is still owed in full, whatever the answer says of an amount.
  const unpaid = ({ chargeId, cents }: { chargeId: string; cents: number }, status: Copay['status']): Money =>
    copay(chargeId, status, money.copays[chargeId]?.cents ?? cents);
  switch (type) {
    case 'ChargeCaptured': {
      const { chargeId, code, cents, payer, arrangement, evidence, renderingClinicianId: clinicianId } = data;
      const charge = { code, cents, payer, arrangement, at, evidence, ...(clinicianId && { clinicianId }) };
      return { ...money, charges: { ...money.charges, [chargeId]: charge } };
    }
    case 'CopayRequested':
      return copay(data.chargeId, 'requested', data.cents);
    case 'CopayCharged':
      return copay(data.chargeId, 'charged', data.cents);
    // A late word of failure never takes back what was paid.
    case 'CopayFailed':
      return money.copays[data.chargeId]?.status === 'charged' ? money : unpaid(data, 'failed');
    case 'CopayUnconfirmed':
      return money.copays[data.chargeId]?.status === 'requested' ? unpaid(data, 'unconfirmed') : money;
    case 'ReceiptIssued':
      return { ...money, receipts: [...money.receipts, data.chargeId] };
    default:
      return money;
  }
}
