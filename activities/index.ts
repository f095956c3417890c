import type { Effect } from '../domain/kernel/plan.ts';
import type { CommandMessage, SetAside, Step } from '../workflows/messages.ts';

/** What a journey's run may ask for. */
export interface Activities {
  /** Where the journey stands, when no command brings a Step. */
  open(journeyId: string, setAside: readonly SetAside[]): Promise<Step>;
  /** Decides one command and records what follows from it; a repeated command id brings the recorded answer back. */
  execute(journeyId: string, message: CommandMessage, setAside: readonly SetAside[]): Promise<Step>;
  /** Makes the call that an effect stands for. The outcome is a command; none yet if the partner has taken it and answers later. */
  perform(journeyId: string, effect: Effect): Promise<CommandMessage | null>;
}
