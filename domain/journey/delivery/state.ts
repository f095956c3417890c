import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';

export interface Deliveries {
  readonly byId: Readonly<Record<string, never>>;
}
export const initial: Deliveries = { byId: {} };

export function evolve(state: Deliveries, _happened: Happened<JourneyEvent>): Deliveries {
  return state;
}

/** Ids of those that are not terminal. */
export const openIds = (_state: Deliveries): readonly string[] => [];
