import type { Effect, StagePlan } from '../../kernel/plan.ts';
import type { Elapse, Obligation } from '../stage.ts';
import type { Journey } from '../state.ts';

export const plan = ({ money }: Journey): StagePlan => ({ deadlines: [], effects: [...payments(money), ...receipts(money)] });

/** A copay is asked for once; after a refusal or an unknown outcome a person decides. */
const payments = ({ copays }: Journey['money']): readonly Effect[] =>
  Object.entries(copays)
    .filter(([, { status }]) => status === 'requested')
    .map(([chargeId]) => ({ id: `copay.${chargeId}`, attempt: 1, kind: 'request-payment', entityId: chargeId }));

/** Who paid alone gets a receipt, with which a health savings account pays back. */
const receipts = ({ charges, copays, receipts: issued }: Journey['money']): readonly Effect[] =>
  Object.entries(charges)
    .filter(
      ([chargeId, { arrangement }]) => arrangement === 'selfPay' && copays[chargeId]?.status === 'charged' && !issued.includes(chargeId),
    )
    .map(([chargeId]) => ({ id: `receipt.${chargeId}`, attempt: 1, kind: 'issue-receipt', entityId: chargeId }));

export const elapse: Elapse = {};

/** Charges are captured by the decision that earns them, so none is ever outstanding; a copay may still be open. */
export const obligations = (_journey: Journey): readonly Obligation[] => [];
