import type { Owner } from '../kernel/plan.ts';
import { openConsult } from './consult/state.ts';
import type { Journey } from './state.ts';

/** Who is answerable: the emergency case first, then who holds the open consult or a task, else a coordinator (domain reference 3.1). */
export function ownerOf({ emergency, consult, work, closing }: Journey): Owner | null {
  if (emergency.open) return { role: 'C' };
  const holder = openConsult(consult)?.clinicianId;
  if (holder) return { role: 'C', id: holder };
  const task = Object.values(work.tasks).find(({ status }) => status === 'open');
  if (task) return { role: task.ownerRole, ...(task.ownerId && { id: task.ownerId }) };
  return closing.closed ? null : { role: 'K' };
}
