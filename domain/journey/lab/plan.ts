import type { Deadline, StagePlan } from '../../kernel/plan.ts';
import { clock } from '../clocks.ts';
import type { Elapse, Obligation } from '../stage.ts';
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

/** Orders that are not terminal (1) and results that are not reviewed and communicated (2). */
export const obligations = ({ lab }: Journey): readonly Obligation[] => [
  ...openIds(lab).map((entityId) => ({ item: 1, entityId })),
  ...Object.entries(lab.results)
    .filter(([, { reviewedAt, informedAt }]) => reviewedAt === undefined || informedAt === undefined)
    .map(([entityId]) => ({ item: 2, entityId })),
];

function review(journey: Journey, entityId: string, { abnormal, assignedAt, reviewedAt }: Result): readonly Deadline[] {
  if (assignedAt === undefined || reviewedAt !== undefined) return [];
  const name = abnormal ? 'review.abnormal' : 'review.normal';
  return [{ name, entityId, dueAt: assignedAt + clock(journey, name) }];
}

function inform(journey: Journey, entityId: string, { abnormal, reviewedAt, informedAt }: Result): readonly Deadline[] {
  if (reviewedAt === undefined || informedAt !== undefined) return [];
  const name = abnormal ? 'inform.abnormal' : 'inform.normal';
  return [{ name, entityId, dueAt: reviewedAt + clock(journey, name) }];
}
