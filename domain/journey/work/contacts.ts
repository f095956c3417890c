import type { Instant } from '../../kernel/time.ts';
import { clock } from '../clocks.ts';
import type { Journey } from '../state.ts';

/** What came of trying to reach the patient since they were last reached. */
export interface Tries {
  readonly lastAt: Instant;
  /** As many attempts as the SLA set asks for, by two channels or more: nobody need try again. */
  readonly exhausted: boolean;
}

/** A contact ladder needs more than one way to reach somebody (domain reference 5.15, practice for patients who do not answer). */
const leastChannels = 2;

export function triesToReach(journey: Journey): Tries {
  const { unreached } = journey.work;
  const channels = new Set(unreached.map(({ channel }) => channel));
  return {
    lastAt: unreached.at(-1)?.at ?? 0,
    exhausted: unreached.length >= clock(journey, 'contact.attempts') && channels.size >= leastChannels,
  };
}
