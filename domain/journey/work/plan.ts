import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { clock } from '../clocks.ts';
import { escalationRaised, ladderAbove } from '../escalation.ts';
import type { JourneyEvent } from '../events.ts';
import { holderOf } from '../owner.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import * as ownership from './ownership.ts';
import { holdEnd } from './ownership.ts';

export function plan(journey: Journey): StagePlan {
  return { deadlines: [...dueTasks(journey.work), ...holdEnd(journey)], effects: notices(journey.work) };
}

/** An open journey for which nothing is due and for which nobody in particular answers; asked only when nothing else is due. */
export function stuck(journey: Journey): readonly Deadline[] {
  const { closing, work, heardAt } = journey;
  const known = Object.values(work.incidents).some(({ category, open }) => category === stuckCategory && open);
  if (closing.closed || known || holderOf(journey)) return [];
  return [{ name: 'stuck', entityId: 'journey', dueAt: heardAt + clock(journey, 'stuck') }];
}
const stuckCategory = 'stuck';

/** What each of the stage's deadlines leads to. */
export const elapse: Elapse = {
  ...ownership.elapse,
  'task.due': ({ work }, { name, entityId: taskId, dueAt }, { newId }) => {
    const ownerRole = work.tasks[taskId]?.ownerRole ?? 'K';
    const breached: JourneyEvent = { type: 'SlaBreached', data: { clock: name, entityId: taskId, dueAt } };
    return [breached, escalationRaised(ladderAbove(ownerRole), newId, taskId)];
  },
  stuck: (_journey, { name, entityId, dueAt }, { newId }) => [
    { type: 'SlaBreached', data: { clock: name, entityId, dueAt } },
    { type: 'IncidentOpened', data: { incidentId: newId('incident'), category: stuckCategory, entityId } },
  ],
};

const dueTasks = ({ tasks }: Journey['work']): readonly Deadline[] =>
  Object.entries(tasks)
    .filter(([, { status }]) => status === 'open')
    .map(([entityId, { dueAt }]) => ({ name: 'task.due', entityId, dueAt }));

const notices = ({ wanted }: Journey['work']): readonly Effect[] =>
  Object.keys(wanted).map((noticeId) => ({ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId }));
