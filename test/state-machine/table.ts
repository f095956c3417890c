import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Deadline } from '../../domain/kernel/plan.ts';
import type { Explored } from './exploring.ts';
import { type Machine, standings } from './machines.ts';
import type { Decider, Given, Play } from './play.ts';
import { giveInTime, waysOf } from './ways.ts';

/** A stage as the table shows it. */
export interface StageTable {
  readonly stage: string;
  /** The machines of the stage, the one whose states the table names first. */
  readonly machines: readonly Machine[];
  /** What the states of the table belong to. */
  readonly by: Machine;
  readonly commands: readonly CommandRow[];
}

/** What one command leads to: every answer with the states in which it was given. */
export interface CommandRow {
  readonly command: string;
  readonly accepted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly refused: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Before there is a thing of the kind that the table is about. */
export const none = 'none yet';

/** The stages with their commands, as the folders of the domain declare them; the clock is the journey's own. */
export async function commandsByStage({ commands }: Decider): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = resolve('domain/journey');
  const stages = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/decide.ts`));
  const declared = await Promise.all(
    stages.map(async (name) => {
      const stage = (await import(`${folder}/${name}/decide.ts`)) as { readonly commands: object };
      return [slice(name), Object.keys(stage.commands)] as const;
    }),
  );
  const own = new Set(declared.flatMap(([, names]) => names));
  return new Map([...declared, ['journey', Object.keys(commands).filter((name) => !own.has(name))]]);
}

/** The part of the journey that a folder's stage keeps: `follow-up` is `followUp`. */
const slice = (folder: string): string => folder.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Representatives of one state: of all that were found this many, evenly spread over the ways to them,
 * and those that were written down by hand.
 */
const perState = 6;

export async function tabulate(decider: Decider, machines: readonly Machine[], { plays, aside }: Explored): Promise<readonly StageTable[]> {
  const byStage = await commandsByStage(decider);
  const own = machines.filter(({ stage }) => stage === 'journey');
  const order = [...new Set(['journey', 'intake', ...machines.map(({ stage }) => stage), ...byStage.keys()])];
  return order.flatMap((stage) => {
    const ofStage = machines.filter((machine) => machine.stage === stage);
    const by = tableMachine(ofStage) ?? own[0];
    const commands = byStage.get(stage) ?? [];
    if (!by || (commands.length === 0 && ofStage.length === 0)) return [];
    const targets = representatives(by, plays, new Set(aside));
    return { stage, machines: ofStage, by, commands: commands.flatMap((command) => rowsOf(decider, command, targets)) };
  });
}

/** A single thing with few states, such as a survey, says little about what may be done. */
const tableMachine = (machines: readonly Machine[]): Machine | undefined =>
  machines.filter(({ path, states }) => path.includes('*') || states.length > 4).toSorted((a, b) => b.states.length - a.states.length)[0];

interface Target {
  readonly state: string;
  readonly play: Play;
  readonly entityId: string;
}

function representatives(machine: Machine, plays: readonly Play[], always: ReadonlySet<Play>): readonly Target[] {
  const found = new Map<string, Target[]>();
  for (const play of plays) {
    const standing = standings(play.journey, machine);
    const seen = standing.length > 0 ? standing : [{ entityId: '', state: none }];
    for (const { entityId, state } of seen) {
      const target = { state, play, entityId: entityId.split(' ')[0] ?? '' };
      found.set(state, [...(found.get(state) ?? []), target]);
    }
  }
  return [...found.values()].flatMap((targets) => {
    const step = Math.max(1, (targets.length - 1) / (perState - 1));
    return targets.filter(({ play }, i) => always.has(play) || Math.round(Math.round(i / step) * step) === i);
  });
}

/** Gives the command to every representative, in every way that is about its thing; each clock is a row. @throws if a rule throws */
function rowsOf(decider: Decider, type: string, targets: readonly Target[]): readonly CommandRow[] {
  const rows = new Map<string, { accepted: Map<string, Set<string>>; refused: Map<string, Set<string>> }>();
  for (const { state, play, entityId } of targets) {
    for (const given of waysOf(decider, play, type).filter((way) => isAbout(way, entityId, play))) {
      const { events, refusal } = giveInTime(decider, play, given);
      const command = type === 'ElapseDeadline' ? `${type} ${(given.data as Deadline).name}` : type;
      const row = rows.get(command) ?? { accepted: new Map(), refused: new Map() };
      rows.set(command, row);
      const types = events.map((event) => `\`${event.type}\``).join(' ');
      const [answers, answer] =
        refusal === undefined ? [row.accepted, types || 'nothing'] : [row.refused, `\`${refusal}\`${types && ` ${types}`}`];
      answers.set(answer, (answers.get(answer) ?? new Set()).add(state));
    }
  }
  return [...rows].map(([command, row]) => ({ command, ...row })).toSorted((a, b) => (type === 'ElapseDeadline' ? order(a, b) : 0));
}

const order = (a: CommandRow, b: CommandRow): number => a.command.localeCompare(b.command, 'en');

/** False if the command names another thing of the same kind. */
function isAbout({ data }: Given, entityId: string, { journey }: Play): boolean {
  if (entityId === '') return true;
  const values = Object.values(data).filter((value) => typeof value === 'string');
  return values.includes(entityId) || !values.some((value) => isSibling(journey, value, entityId));
}

/** True if both are keys of one collection. */
function isSibling(value: unknown, one: string, other: string): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (Object.hasOwn(value, one) && Object.hasOwn(value, other)) return true;
  return Object.values(value).some((inner) => isSibling(inner, one, other));
}

/** Whether a pair was tried at all: every state with every command of its stage. */
export const triedIn = ({ accepted, refused }: CommandRow): ReadonlySet<string> =>
  new Set([...accepted.values(), ...refused.values()].flatMap((states) => [...states]));

export const reached = (machine: Machine, plays: readonly Play[]): ReadonlySet<string> =>
  new Set(plays.flatMap(({ journey }) => standings(journey, machine).map(({ state }) => state)));
