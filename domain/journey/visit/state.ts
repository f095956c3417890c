import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';

export interface Visits {
  readonly byId: Readonly<Record<string, never>>;
}
export const initial: Visits = { byId: {} };

export function evolve(state: Visits, _happened: Happened<JourneyEvent>): Visits {
  return state;
}

/** Ids of those that are not terminal. */
export const openIds = (_state: Visits): readonly string[] => [];
