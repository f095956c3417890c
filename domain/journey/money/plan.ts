import type { StagePlan } from '../../kernel/plan.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';

/** A copay is asked for once; after a refusal or an unknown outcome a person decides. */
export const plan = ({ money }: Journey): StagePlan => ({
  deadlines: [],
  effects: Object.entries(money.copays)
    .filter(([, { status }]) => status === 'requested')
    .map(([chargeId]) => ({ id: `copay.${chargeId}`, attempt: 1, kind: 'request-payment', entityId: chargeId })),
});

export const elapse: Elapse = {};
