import type { Owner } from '../kernel/plan.ts';
import { openConsults } from './consult/state.ts';
import type { Journey } from './state.ts';
import { openIds as openVisits } from './visit/state.ts';

/** Who is answerable: the emergency case first, then who holds the open consult, a visit or a task, else a coordinator (domain reference 3.1). */
export function ownerOf({ emergency, consult, visit, work, closing }: Journey): Owner | null {
  if (emergency.open) return { role: 'C' };
  const holder = openConsults(consult).find(({ clinicianId }) => clinicianId)?.clinicianId;
  if (holder) return { role: 'C', id: holder };
  const visitor = openVisits(visit)
    .map((visitId) => visit.byId[visitId])
    .find((open) => open?.accepted)?.visitorId;
  if (visitor) return { role: 'V', id: visitor };
  const task = Object.values(work.tasks).find(({ status }) => status === 'open');
  if (task) return { role: task.ownerRole, ...(task.ownerId && { id: task.ownerId }) };
  return closing.closed ? null : { role: 'K' };
}
