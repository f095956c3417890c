import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';

export interface Lab {
  readonly byId: Readonly<Record<string, never>>;
}
export const initial: Lab = { byId: {} };

export function evolve(state: Lab, _happened: Happened<JourneyEvent>): Lab {
  return state;
}

/** Ids of those that are not terminal. */
export const openIds = (_state: Lab): readonly string[] => [];
