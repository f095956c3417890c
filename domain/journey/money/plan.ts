import type { Effect, StagePlan } from '../../kernel/plan.ts';
import { schedule } from '../clocks.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import type { Copay } from './state.ts';

export const plan = (journey: Journey): StagePlan => ({
  deadlines: [],
  effects: Object.entries(journey.money.copays)
    .flatMap(([chargeId, copay]) => [...request(journey, chargeId, copay), ...query(journey, chargeId, copay)])
    .concat(receipts(journey.money)),
});

/** Who paid alone gets a receipt, with which a health savings account pays back. */
const receipts = ({ charges, copays, receipts: issued }: Journey['money']): readonly Effect[] =>
  Object.entries(charges)
    .filter(
      ([chargeId, { arrangement }]) => arrangement === 'selfPay' && copays[chargeId]?.status === 'charged' && !issued.includes(chargeId),
    )
    .map(([chargeId]) => ({ id: `receipt.${chargeId}`, attempt: 1, kind: 'issue-receipt', entityId: chargeId }));

export const elapse: Elapse = {};

/** One attempt, then one for each offset of the schedule after the first certain failure. A declined card is not tried again. */
function request(journey: Journey, chargeId: string, { status, attempts, failures, failedAt, refused }: Copay): readonly Effect[] {
  const effect = { id: `copay.${chargeId}`, attempt: attempts + 1, kind: 'request-payment', entityId: chargeId };
  if (status === 'requested') return [effect];
  if (status !== 'failed' || refused || failedAt === undefined) return [];
  const offset = schedule(journey, 'copay.retry')[failures - 1];
  return offset === undefined ? [] : [{ ...effect, notBefore: failedAt + offset }];
}

/** what may have been paid is asked about, never charged again. */
function query(journey: Journey, chargeId: string, { status, queries, unknowns, unconfirmedAt }: Copay): readonly Effect[] {
  const offset = schedule(journey, 'copay.query')[unknowns];
  if (status !== 'unconfirmed' || unconfirmedAt === undefined || offset === undefined) return [];
  return [
    {
      id: `copay-query.${chargeId}`,
      attempt: queries + 1,
      kind: 'query-payment',
      entityId: chargeId,
      notBefore: unconfirmedAt + offset,
    },
  ];
}
