import type { Journeys } from '../activities/journeys.ts';
import { plan } from '../domain/journey/index.ts';
import { deadlineId } from '../domain/kernel/plan.ts';
import type { DueItem } from '../projections/due.ts';

/** Asks the journey itself whether it still waits for something: the view may be behind its stream. */
export const stillStands =
  (journeys: Pick<Journeys, 'load'>) =>
  async ({ journeyId, kind, id, attempt }: DueItem): Promise<boolean> => {
    const { deadlines, effects } = plan((await journeys.load(journeyId)).journey);
    if (kind === 'deadline') return deadlines.some((deadline) => deadlineId(deadline) === id);
    return effects.some((effect) => effect.id === id && effect.attempt === attempt);
  };
