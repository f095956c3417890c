import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { cancellation } from './cancelling.ts';

/** A prescription's part in the end of its journey: it is cancelled; after a death there is nobody to instruct. */
export function prescriptionCalledOff(journey: Journey, rxId: string, { cause, actor, ...ending }: Ending): readonly JourneyEvent[] {
  const events = cancellation(journey, rxId, { ...ending, by: actor.id });
  return cause === 'died' ? events.filter(({ type }) => type !== 'TaskOpened') : events;
}
