import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { mayBeUrgent } from './queue.ts';
import { isOpen } from './state.ts';

/** A consult's part in the end of its journey: cancelled in the queue, ended by the patient once it has begun. */
export function consultBrokenOff(journey: Journey, consultId: string, ending: Ending): readonly JourneyEvent[] {
  const known = journey.consult.byId[consultId];
  if (!known || !isOpen(known)) return [];
  const { cause, reason } = ending;
  if (known.startedAt === undefined || cause === 'died') return [{ type: 'ConsultCancelled', data: { consultId, reason } }];
  return [
    { type: 'ConsultEndedByPatient', data: { consultId, reason } },
    ...(mayBeUrgent(journey) && cause === 'cancelled' ? taskUnlessOpen(journey, 'callback', consultId, ending) : []),
  ];
}
