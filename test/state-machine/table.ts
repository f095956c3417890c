import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Deadline } from '../../domain/kernel/plan.ts';
import type { Explored } from './exploring.ts';
import { isKeyed, type Machine, standings } from './machines.ts';
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

export async function tabulate(
  decider: Decider,
  machines: readonly Machine[],
  { plays, aside, taken }: Explored,
): Promise<readonly StageTable[]> {
  const byStage = await commandsByStage(decider);
  const own = machines.filter(({ stage }) => stage === 'journey');
  const order = [...new Set(['journey', 'intake', ...machines.map(({ stage }) => stage), ...byStage.keys()])];
  return order.flatMap((stage) => {
    const ofStage = machines.filter((machine) => machine.stage === stage);
    const by = tableMachine(ofStage) ?? own[0];
    const commands = byStage.get(stage) ?? [];
    if (!by || (commands.length === 0 && ofStage.length === 0)) return [];
    const targets = representatives(by, plays, new Set(aside));
    const rows = commands.flatMap((command) => {
      const taking = taken.get(command);
      const others = taking && targets.every(({ play }) => play !== taking) ? targetsIn(by, taking) : [];
      return rowsOf(decider, command, { by, targets: [...targets, ...others] });
    });
    return { stage, machines: ofStage, by, commands: rows };
  });
}

/** A single thing, such as the survey, says little about what may be done. */
const tableMachine = (machines: readonly Machine[]): Machine | undefined =>
  machines.filter(isKeyed).toSorted((a, b) => b.states.length - a.states.length)[0];

interface Target {
  readonly state: string;
  readonly play: Play;
  readonly entityId: string;
}

function representatives(machine: Machine, plays: readonly Play[], always: ReadonlySet<Play>): readonly Target[] {
  const found = new Map<string, Target[]>();
  for (const play of plays) {
    for (const target of targetsIn(machine, play)) found.set(target.state, [...(found.get(target.state) ?? []), target]);
  }
  return [...found.values()].flatMap((targets) => {
    const step = Math.max(1, (targets.length - 1) / (perState - 1));
    return targets.filter(({ play }, i) => always.has(play) || Math.round(Math.round(i / step) * step) === i);
  });
}

/** Everything that the machine describes in this journey, or that there is nothing of the kind. */
function targetsIn(machine: Machine, play: Play): readonly Target[] {
  const seen = standings(play.journey, machine);
  if (seen.length === 0) return [{ state: none, play, entityId: '' }];
  return seen.map(({ state, entityId }) => ({ state, play, entityId: keyOf(entityId) }));
}

const keyOf = (entityId: string): string => entityId.split(' ')[0] ?? '';

interface About {
  readonly by: Machine;
  readonly targets: readonly Target[];
}

/** Gives the command to every representative, in every way that is about its thing; each clock is a row. @throws if a rule throws */
function rowsOf(decider: Decider, type: string, { by, targets }: About): readonly CommandRow[] {
  const rows = new Map<string, { accepted: Map<string, Set<string>>; refused: Map<string, Set<string>> }>();
  for (const { state, play, entityId } of targets) {
    const others = standings(play.journey, by).map((standing) => keyOf(standing.entityId));
    for (const given of waysOf(decider, play, type).filter((way) => isAbout(way, entityId, others))) {
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
function isAbout({ data }: Given, entityId: string, all: readonly string[]): boolean {
  const values = Object.values(data);
  return entityId === '' || values.includes(entityId) || !values.some((value) => all.includes(value));
}

/** Whether a pair was tried at all: every state with every command of its stage. */
export const triedIn = ({ accepted, refused }: CommandRow): ReadonlySet<string> =>
  new Set([...accepted.values(), ...refused.values()].flatMap((states) => [...states]));

export const reached = (machine: Machine, plays: readonly Play[]): ReadonlySet<string> =>
  new Set(plays.flatMap(({ journey }) => standings(journey, machine).map(({ state }) => state)));
