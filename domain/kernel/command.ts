import type { z } from 'zod';
import type { Actor, Role } from './actor.ts';
import type { Decision } from './decision.ts';
import type { AnyEvent } from './event.ts';
import type { Instant } from './time.ts';

/** A command, its data already checked against its schema. */
export interface Command<T extends string = string, D = unknown> {
  readonly type: T;
  readonly data: D;
  readonly actor: Actor;
}

/** What an aggregate declares for one command: who may give it, what it must carry, what must be known to decide it. */
export interface CommandSpec<F extends string = string> {
  readonly roles: readonly Role[];
  readonly data: z.ZodObject;
  /** Names of the facts to load before the decision. */
  readonly facts?: readonly F[];
  /** The partner whose fact this is; no other adapter may give it. */
  readonly source?: string;
  /** A clinical act: the licence gate stands before it. */
  readonly clinical?: true;
  /** Taken on a closed journey too: an outside fact, or one of the few acts that section 5 names. */
  readonly afterClose?: true;
}
export type CommandSpecs<F extends string = string> = Readonly<Record<string, CommandSpec<F>>>;

export type CommandOf<C extends CommandSpecs, T extends keyof C & string = keyof C & string> = {
  [N in T]: Command<N, z.output<C[N]['data']>>;
}[T];

/** Ids of what a decision creates: the same command always makes the same ones. */
export type NewId = (label: string) => string;

/** All that a decision may know besides the state: no clock, no randomness. */
export interface Context<F = unknown> {
  readonly facts: F;
  /** When the command is decided. */
  readonly now: Instant;
  /** When what the command says happened in the world; equals `now` unless the command says otherwise. */
  readonly at: Instant;
  readonly newId: NewId;
  /** Id of the decision's event with this ordinal, 0 for the first. */
  readonly eventId: (ordinal: number) => string;
}

/** The facts that a command named; a decision sees no others. */
export type FactsOf<Spec extends CommandSpec, Facts> = Pick<
  Facts,
  Spec['facts'] extends readonly (infer N)[] ? Extract<N, keyof Facts> : never
>;

/** One decision per declared command; a missing one does not compile. */
export type Decisions<C extends CommandSpecs, State, E extends AnyEvent, Facts = Record<never, never>> = {
  readonly [T in keyof C & string]: (state: State, command: CommandOf<C, T>, context: Context<FactsOf<C[T], Facts>>) => Decision<E>;
};
