import type { CommandSpecs } from './command.ts';
import type { Decision } from './decision.ts';
import type { EventSchemas, Happened } from './event.ts';

/** A stream other than a journey: the same decider contract, run directly, without a workflow (domain reference 3.2). */
export interface Aggregate<State = unknown> {
  /** First part of the stream's name: `<category>-<id>`. */
  readonly category: string;
  readonly events: EventSchemas;
  readonly commands: CommandSpecs;
  readonly initial: State;
  readonly evolve: (state: State, happened: never) => State;
  readonly decide: Readonly<Record<string, (state: never, command: never, context: never) => Decision>>;
}

/** The state of an aggregate after these events. */
export const foldAll = <State>({ evolve, initial }: Aggregate<State>, happened: readonly Happened[]): State =>
  happened.reduce((state, next) => evolve(state, next as never), initial);
