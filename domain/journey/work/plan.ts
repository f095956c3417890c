import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { schedule } from '../clocks.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';

export function plan({ work }: Journey): StagePlan {
  return { deadlines: dueTasks(work), effects: notices(work) };
}

/** Kinds whose due time is a clock of its own (domain reference, section 8). */
const clockedElsewhere: readonly string[] = ['urgentCall', 'postEdFollowUp'];

/** A task past its due time is a breach, which is what a deadline without an entry here emits. */
export const elapse: Elapse = {};

const dueTasks = ({ tasks }: Journey['work']): readonly Deadline[] =>
  Object.entries(tasks)
    .filter(([, { kind, status }]) => status === 'open' && !clockedElsewhere.includes(kind))
    .map(([entityId, { dueAt }]) => ({ name: 'task.due', entityId, dueAt }));

const notices = ({ wanted }: Journey['work']): readonly Effect[] =>
  Object.keys(wanted).map((noticeId) => ({ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId }));

/** A notice that did not go out is tried again at the times of its schedule, whichever stage asks for it; after the last it is given up. */
export function tryAgain(journey: Journey, notice: Effect): readonly Effect[] {
  const failing = journey.work.failing[notice.entityId];
  if (!failing) return [notice];
  const offset = schedule(journey, 'notice.retry')[failing.attempt - 1];
  return offset === undefined ? [] : [{ ...notice, attempt: failing.attempt + 1, notBefore: failing.since + offset }];
}
