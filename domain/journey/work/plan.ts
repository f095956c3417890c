import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { clock, schedule } from '../clocks.ts';
import { breachCalledUp, ladderAbove } from '../escalation.ts';
import { holderOf } from '../owner.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import * as ownership from './ownership.ts';
import { holdEnd } from './ownership.ts';

export function plan(journey: Journey): StagePlan {
  return { deadlines: [...dueTasks(journey.work), ...holdEnd(journey)], effects: notices(journey.work) };
}

/** Kinds whose due time is a clock of its own (domain reference, section 8). */
const clockedElsewhere: readonly string[] = ['urgentCall', 'postEdFollowUp'];

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
  'task.due': ({ work }, deadline, { newId }) =>
    breachCalledUp(deadline, ladderAbove(work.tasks[deadline.entityId]?.ownerRole ?? 'K'), newId),
  stuck: (_journey, { name, entityId, dueAt }, { newId }) => [
    { type: 'SlaBreached', data: { clock: name, entityId, dueAt } },
    { type: 'IncidentOpened', data: { incidentId: newId('incident'), category: stuckCategory, entityId } },
  ],
};

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
