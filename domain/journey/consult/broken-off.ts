import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { isOpen } from './state.ts';

/** From this level up, who breaks a consult off is called back (domain reference 5.12). */
const callbackLevel = 4;

/** A consult's part in the end of its journey: cancelled in the queue, ended by the patient once it has begun. */
export function consultBrokenOff(journey: Journey, consultId: string, ending: Ending): readonly JourneyEvent[] {
  const known = journey.consult.byId[consultId];
  if (!known || !isOpen(known)) return [];
  const { cause, reason } = ending;
  if (known.startedAt === undefined || cause === 'died') return [{ type: 'ConsultCancelled', data: { consultId, reason } }];
  const urgent = (journey.consult.disposition?.level ?? 9) <= callbackLevel || journey.intake.redFlags === 'raised';
  return [
    { type: 'ConsultEndedByPatient', data: { consultId, reason } },
    ...(urgent && cause === 'cancelled' ? taskUnlessOpen(journey, 'callback', consultId, ending) : []),
  ];
}
