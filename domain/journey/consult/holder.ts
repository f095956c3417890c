import { type Decision, refuse } from '../../kernel/decision.ts';
import type { JourneyEvent } from '../events.ts';
import { type Consult, isOpen } from './state.ts';

/** Lets only the clinician who holds an open consult act in it. */
export function held(
  known: Consult | undefined,
  clinicianId: string,
  act: (consult: Consult) => Decision<JourneyEvent>,
): Decision<JourneyEvent> {
  if (!known) return refuse('entity-unknown');
  if (!isOpen(known) || !known.clinicianId) return refuse('not-allowed-in-state');
  return known.clinicianId === clinicianId ? act(known) : refuse('not-your-role');
}

/** Lets anybody act on a consult that is open. */
export function whileOpen(known: Consult | undefined, act: (consult: Consult) => Decision<JourneyEvent>): Decision<JourneyEvent> {
  if (!known) return refuse('entity-unknown');
  return isOpen(known) ? act(known) : refuse('not-allowed-in-state');
}
