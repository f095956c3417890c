import type { z } from 'zod';
import type { FactName, Facts, VisitorFact } from '../domain/journey/facts.ts';
import type { Journey } from '../domain/journey/index.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { Command } from '../domain/kernel/command.ts';
import type { Instant } from '../domain/kernel/time.ts';
import { type Category, type States, streamOf } from '../domain/reference/index.ts';
import type { Template } from '../domain/templates/template.ts';
import type { Clock, Vault } from '../store/ports.ts';
import { careFacts, visitorFact } from './care-facts.ts';
import { personFacts } from './person-facts.ts';
import type { References, Standing } from './references.ts';
import { readText } from './vault-text.ts';

/** What is asked of every loader: the facts for one command on one journey at one instant. */
export interface Asked {
  readonly journey: Journey;
  readonly actor: Actor;
  /** The command's data; a loader reads only fields that are text. */
  readonly data: Readonly<Record<string, string | undefined>>;
  readonly at: Instant;
}

/** Through which a loader reads; the streams and versions that it has read are the decision's basis. */
export interface Reader {
  readonly templates: readonly Template[];
  readonly clock: Clock;
  load<C extends Category>(category: C, id: string): Promise<States[C]>;
  list<C extends Category>(category: C, idPrefix?: string): Promise<ReadonlyMap<string, Standing<States[C]>>>;
  /** Notes that a stream out of a list was used. */
  cite(category: Category, id: string, version: number): void;
  /** A text of the vault that is JSON of this shape. */
  text<S extends z.ZodType>(subject: string, reference: string, shape: S): Promise<z.output<S> | undefined>;
}

/** One loader per fact; the claim is the caller's to make. What nobody knows is absent. */
export type Loaders = {
  readonly [N in Exclude<FactName, 'claim'>]: (reader: Reader, asked: Asked) => Promise<Facts[N] | undefined>;
};

export interface FactsInput {
  readonly journey: Journey;
  readonly command: Command;
  readonly at: Instant;
}

/** Loads the facts that a journey's command names, and says which streams they were read from. */
export type LoadFacts = (
  names: readonly FactName[],
  input: FactsInput,
) => Promise<{ readonly facts: Partial<Facts>; readonly basis: Readonly<Record<string, number>> }>;

export interface FactsDependencies {
  readonly references: References;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly templates: readonly Template[];
}

export interface FactsReader {
  readonly load: LoadFacts;
  /** Whom the dispatch rule may send in an area now. */
  visitorsOnShift(areaId: string): Promise<readonly VisitorFact[]>;
}

const loaders: Loaders = { ...personFacts, ...careFacts };

export function createFacts(dependencies: FactsDependencies): FactsReader {
  return {
    async load(names, { journey, command: { actor, data }, at }) {
      const basis: Record<string, number> = {};
      const reader = readerOf(dependencies, basis);
      const asked = { journey, actor, data: data as Asked['data'], at };
      const wanted = names.filter((name) => name !== 'claim');
      const loaded = await Promise.all(wanted.map(async (name) => [name, await loaders[name](reader, asked)] as const));
      return { facts: Object.fromEntries(loaded.filter(([, fact]) => fact !== undefined)), basis };
    },

    async visitorsOnShift(areaId) {
      const now = await dependencies.clock.now();
      const visitors = [...(await dependencies.references.list('visitor'))].filter(([, { state }]) => state.shift?.areaId === areaId);
      return visitors.map(([visitorId, { state }]) => visitorFact(visitorId, state, now)).filter(({ onShift }) => onShift);
    },
  };
}

function readerOf({ references, vault, clock, templates }: FactsDependencies, basis: Record<string, number>): Reader {
  const cite = (category: Category, id: string, version: number): void => {
    if (version > 0) basis[streamOf(category, id)] = version;
  };
  return {
    templates,
    clock,
    cite,
    async load(category, id) {
      const { state, version } = await references.load(category, id);
      cite(category, id, version);
      return state;
    },
    list: (category, idPrefix) => references.list(category, idPrefix),
    text: async (subject, reference, shape) => read(await readText(vault, subject, reference), shape),
  };
}

function read<S extends z.ZodType>(body: string | undefined, shape: S): z.output<S> | undefined {
  if (body === undefined) return undefined;
  try {
    return shape.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
