import type { CommandSpecs, Context } from '../kernel/command.ts';
import type { Decision } from '../kernel/decision.ts';
import type { Deadline, StagePlan } from '../kernel/plan.ts';
import type { JourneyEvent } from './events.ts';
import type { FactName, Facts } from './facts.ts';
import type { Journey } from './state.ts';

/** The reference facts of a journey on its way, which deadlines and standing rules may read. */
export type PathwayContext = Context<Pick<Facts, 'pathway'> & Partial<Pick<Facts, 'conversation'>>>;

/** What each of a stage's deadlines leads to, by clock. A clock that is not named here emits `SlaBreached`. */
export type Elapse = Readonly<Record<string, (journey: Journey, deadline: Deadline, context: PathwayContext) => readonly JourneyEvent[]>>;

/** What the journey asks of a stage, whichever it is. */
export interface Stage {
  readonly commands: CommandSpecs<FactName>;
  readonly decide: Readonly<Record<string, (journey: Journey, command: never, context: never) => Decision<JourneyEvent>>>;
  readonly elapse: Elapse;
  readonly plan: (journey: Journey) => StagePlan;
}
