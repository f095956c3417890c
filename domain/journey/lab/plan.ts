import type { Deadline, StagePlan } from '../../kernel/plan.ts';
import { clock } from '../clocks.ts';
import { isSilent } from '../closing/state.ts';
import type { Obligation } from '../obligation.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { openIds, type Result } from './state.ts';

export const plan = (journey: Journey): StagePlan => ({
  deadlines: Object.entries(journey.lab.results).flatMap(([resultId, result]) => [
    ...review(journey, resultId, result),
    ...inform(journey, resultId, result),
  ]),
  effects: [],
});

/** An overdue review or an uninformed patient is a breach, which is what a deadline without an entry here emits. */
export const elapse: Elapse = {};

/**
 * Orders that are not terminal (1) and results that are not reviewed and communicated (2). Where nothing more may reach the
 * patient, a result that a clinician has reviewed is done with (domain reference 5.12).
 */
export const obligations = ({ lab, closing }: Journey): readonly Obligation[] => {
  const told = isSilent(closing);
  const isDone = ({ reviewedAt, informedAt }: Result): boolean => reviewedAt !== undefined && (told || informedAt !== undefined);
  const open = openIds(lab).filter((orderId) => !(told && lab.orders[orderId]?.status === 'Reviewed'));
  return [
    ...open.map((entityId) => ({ item: 1, entityId })),
    ...Object.entries(lab.results).flatMap(([entityId, result]) => (isDone(result) ? [] : [{ item: 2, entityId }])),
  ];
};

function review(journey: Journey, entityId: string, { abnormal, assignedAt, reviewedAt }: Result): readonly Deadline[] {
  if (assignedAt === undefined || reviewedAt !== undefined) return [];
  const name = abnormal ? 'review.abnormal' : 'review.normal';
  return [{ name, entityId, dueAt: assignedAt + clock(journey, name) }];
}

function inform(journey: Journey, entityId: string, { abnormal, reviewedAt, informedAt }: Result): readonly Deadline[] {
  if (reviewedAt === undefined || informedAt !== undefined || isSilent(journey.closing)) return [];
  const name = abnormal ? 'inform.abnormal' : 'inform.normal';
  return [{ name, entityId, dueAt: reviewedAt + clock(journey, name) }];
}
