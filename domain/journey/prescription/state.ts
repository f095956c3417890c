import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';

export interface Prescriptions {
  readonly byId: Readonly<Record<string, never>>;
}
export const initial: Prescriptions = { byId: {} };

export function evolve(state: Prescriptions, _happened: Happened<JourneyEvent>): Prescriptions {
  return state;
}

/** Ids of those that are not terminal. */
export const openIds = (_state: Prescriptions): readonly string[] => [];
