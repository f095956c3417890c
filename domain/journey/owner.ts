import type { Owner } from '../kernel/plan.ts';
import { openConsults } from './consult/state.ts';
import type { Journey } from './state.ts';
import { openIds as openVisits } from './visit/state.ts';

/**
 * Who is answerable: who holds the open emergency case, else whom somebody has made the owner, else who holds the open consult,
 * a visit or a task, else a coordinator (domain reference 3.1). A closed journey is owned as long as something of it is to be done.
 */
export function ownerOf(journey: Journey): Owner | null {
  const { closed, recoveries } = journey.closing;
  if (!closed) return holderOf(journey) ?? { role: 'K' };
  return taskHolder(journey) ?? (Object.keys(recoveries).length > 0 ? { role: 'K' } : null);
}

/** Whoever has it in hand; nobody, if it is any coordinator's. */
export function holderOf(journey: Journey): Owner | undefined {
  const { emergency, consult, visit, work } = journey;
  if (emergency.open) return { role: 'C' };
  if (work.owner) return work.owner;
  const holder = openConsults(consult).find(({ clinicianId }) => clinicianId)?.clinicianId;
  if (holder) return { role: 'C', id: holder };
  const visitor = openVisits(visit)
    .map((visitId) => visit.byId[visitId])
    .find((open) => open?.accepted)?.visitorId;
  return visitor ? { role: 'V', id: visitor } : taskHolder(journey);
}

function taskHolder({ work }: Journey): Owner | undefined {
  const task = Object.values(work.tasks).find(({ status }) => status === 'open');
  return task && { role: task.ownerRole, ...(task.ownerId && { id: task.ownerId }) };
}
