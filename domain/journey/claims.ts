import type { Command } from '../kernel/command.ts';
import type { Instant } from '../kernel/time.ts';
import type { Journey } from './state.ts';

/** A command on another stream that must be taken before the journey's own decision (domain reference 3.3). */
export interface Claim {
  readonly category: 'capacity' | 'visitor';
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** What a command has to claim first; most claim nothing. */
export function claimOf(_journey: Journey, _command: Command, _at: Instant): Claim | undefined {
  return undefined;
}
