import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';

export function plan({ work }: Journey): StagePlan {
  return { deadlines: dueTasks(work), effects: notices(work) };
}

/** A task past its due time is a breach, which is what a deadline without an entry here emits. */
export const elapse: Elapse = {};

const dueTasks = ({ tasks }: Journey['work']): readonly Deadline[] =>
  Object.entries(tasks)
    .filter(([, { status }]) => status === 'open')
    .map(([entityId, { dueAt }]) => ({ name: 'task.due', entityId, dueAt }));

const notices = ({ wanted }: Journey['work']): readonly Effect[] =>
  Object.keys(wanted).map((noticeId) => ({ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId }));
