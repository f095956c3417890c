import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';

export interface Money {
  readonly byId: Readonly<Record<string, never>>;
}
export const initial: Money = { byId: {} };

export function evolve(state: Money, _happened: Happened<JourneyEvent>): Money {
  return state;
}

/** Ids of those that are not terminal. */
export const openIds = (_state: Money): readonly string[] => [];
