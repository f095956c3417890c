import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import { evolveVisit, requested, withDone } from './lifecycle.ts';
import { isTerminal, type Visit } from './visit.ts';

export { booked, goesToPatient, isTerminal, unbooked, type Visit, type VisitStatus } from './visit.ts';

export interface Visits {
  readonly byId: Readonly<Record<string, Visit>>;
}
export const initial: Visits = { byId: {} };

/** Ids of those that are not terminal, or whose visitor is still in the home. */
export const openIds = ({ byId }: Visits): readonly string[] =>
  Object.entries(byId)
    .filter(([, visit]) => !isTerminal(visit) || visit.timer)
    .map(([visitId]) => visitId);

/** The visit in progress at which the order's task is still to be done. */
export const openVisitOf = ({ byId }: Visits, orderId: string): Visit | undefined =>
  Object.values(byId).find(
    ({ status, tasks, openTasks }) =>
      status === 'InProgress' && tasks.some((task) => task.orderId === orderId && openTasks.includes(task.taskRef)),
  );

export function evolve(visits: Visits, happened: Happened<JourneyEvent>): Visits {
  const { data } = happened;
  if (happened.type === 'PointOfCareTestPerformed') return afterTest(visits, happened.data.orderId);
  if (!('visitId' in data) || data.visitId === undefined) return visits;
  const known = visits.byId[data.visitId];
  const visit = happened.type === 'VisitRequested' ? requested(happened) : known && evolveVisit(known, happened);
  return visit && visit !== known ? { byId: { ...visits.byId, [data.visitId]: visit } } : visits;
}

/** The test names its order; the visit that has a task for it has that task done. */
function afterTest({ byId }: Visits, orderId: string): Visits {
  const after = Object.entries(byId).map(([visitId, visit]) => [visitId, withDone(visit, 'pointOfCareTest', orderId)] as const);
  return { byId: Object.fromEntries(after) };
}
