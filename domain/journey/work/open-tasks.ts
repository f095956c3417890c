import type { Context } from '../../kernel/command.ts';
import type { TaskKind } from '../../templates/template.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from './decide.ts';

/** A task about one entity, unless somebody has the same one in hand already. */
export function taskUnlessOpen(
  journey: Journey,
  kind: TaskKind,
  entityId: string,
  { at, newId }: Pick<Context, 'at' | 'newId'>,
): readonly JourneyEvent[] {
  const open = openTasks(journey, kind).some(([, { cites }]) => cites.includes(entityId));
  return open ? [] : [taskOpened(journey, kind, { taskId: newId(`${kind}.${entityId}`), at, cites: [entityId] })];
}

/** Open tasks of a kind are done with this answer, all of them or those about one entity. */
export const completed = (journey: Journey, kind: TaskKind, resultCode: string, about?: string): readonly JourneyEvent[] =>
  openTasks(journey, kind)
    .filter(([, { cites }]) => about === undefined || cites.includes(about))
    .map(([taskId]) => ({ type: 'TaskCompleted', data: { taskId, resultCode } }));

/** Open tasks of one kind, with their ids. */
const openTasks = ({ work }: Journey, kind: TaskKind) =>
  Object.entries(work.tasks).filter(([, task]) => task.kind === kind && task.status === 'open');

/** Every open task that does not outlive the closure falls with the journey (domain reference 5.1). */
export const tasksFall = ({ work }: Journey): readonly JourneyEvent[] =>
  Object.entries(work.tasks)
    .filter(([, { status, outlivesClosure }]) => status === 'open' && !outlivesClosure)
    .map(([taskId]) => ({ type: 'TaskCancelled', data: { taskId, resultCode: 'journeyClosed' } }));
