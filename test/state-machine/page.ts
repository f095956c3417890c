import type { Explored } from './exploring.ts';
import { type Machine, nameOf } from './machines.ts';
import { none, reached, type StageTable, triedIn } from './table.ts';

const intro = `# The state machine

Where a journey and the things in it may stand, and what each command leads to there. Written by \`npm run state-machine\` from
the rules themselves: representative journeys (worked journey J-1 and ways aside from it) are given every command in every state.

- A diagram shows the changes of state that were seen, with the events that made them. A state that is only passed through inside
  one decision has no row of its own.
- A table shows, command by command, the events that it left and the refusals that it met, with the states of the thing that it is
  about. Where a command has many answers, what is in all of them stands first, and then each event that is in some. What differs within a state depends on the command's data, on the actor or on reference facts. "Nothing" is a command that
  has already had its effect. A role that may not give a command is refused with \`not-your-role\` everywhere.
`;

/** The page for people: a diagram and a table for each stage. */
export function pageOf(tables: readonly StageTable[], explored: Explored): string {
  return `${[intro, ...tables.map((table) => section(table, explored))].join('\n')}`;
}

function section({ stage, machines, by, commands }: StageTable, explored: Explored): string {
  const tried = new Set(commands.flatMap((row) => [...triedIn(row)]));
  const states = orderOf(by, explored).filter((state) => tried.has(state));
  const head = machines.map((machine) => diagram(machine, explored));
  const rows = commands.map(
    ({ command, accepted, refused }) => `| \`${command}\` | ${answersOf(accepted, states)} | ${answersOf(refused, states)} |`,
  );
  const about = by.stage === stage ? `the ${nameOf(by)}` : 'the journey';
  const table = [`States are those of ${about}: ${states.join(', ')}.\n`, '| Command | Accepted | Refused |', '|---|---|---|', ...rows, ''];
  return [`## ${stage}\n`, ...head, ...(rows.length > 0 ? table : [])].join('\n');
}

/** The states in the order in which journeys come to them, the others last. */
function orderOf(machine: Machine, { edges }: Explored): readonly string[] {
  const seen = edges.filter((edge) => edge.machine === machine).map(({ to }) => to);
  return [...new Set([none, ...seen, ...machine.states])];
}

function diagram(machine: Machine, explored: Explored): string {
  const arrows = new Map<string, string[]>();
  for (const { from = '[*]', to, event } of explored.edges.filter((edge) => edge.machine === machine)) {
    const arrow = `${from} --> ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), event]);
  }
  const lines = [...arrows]
    .map(([arrow, events]) => `  ${arrow}: ${events.toSorted().join(', ')}`)
    .toSorted(byStates(orderOf(machine, explored)));
  const there = reached(machine, explored.plays);
  const passed = new Set(explored.edges.filter((edge) => edge.machine === machine).map(({ to }) => to));
  const through = machine.states.filter((state) => passed.has(state) && !there.has(state)).toSorted();
  const missing = machine.states.filter((state) => !passed.has(state)).toSorted();
  const notes = [
    ...(through.length > 0 ? [`Only passed through: ${through.join(', ')}.\n`] : []),
    ...(missing.length > 0 ? [`No command leads here yet: ${missing.join(', ')}.\n`] : []),
  ];
  return [`### ${nameOf(machine)}: states\n`, '```mermaid', 'stateDiagram-v2', ...lines, '```', '', ...notes].join('\n');
}

/** Arrows in the order of the states that they leave, then of those that they lead to. */
function byStates(order: readonly string[]): (a: string, b: string) => number {
  const places = (line: string) => (/(\S+) --> (\w+)/.exec(line) ?? []).slice(1).map((state) => order.indexOf(state));
  return (a, b) => {
    const [from = 0, to = 0] = places(a);
    const [otherFrom = 0, otherTo = 0] = places(b);
    return from - otherFrom || to - otherTo;
  };
}

/** More answers than this are not told one by one. */
const most = 8;

/** Each answer with its states; of many, what they have in common, and each event that only some of them hold. */
function answersOf(answers: ReadonlyMap<string, ReadonlySet<string>>, states: readonly string[]): string {
  if (answers.size <= most) return placed(answers, states);
  const { nothing, ...events } = Object.fromEntries(answers);
  const all = new Set(Object.values(events).flatMap((where) => [...where]));
  const held = new Map<string, ReadonlySet<string>>();
  for (const [answer, where] of Object.entries(events))
    for (const event of answer.split(' ')) held.set(event, new Set([...(held.get(event) ?? []), ...where]));
  const isCommon = (event: string) => Object.keys(events).every((answer) => answer.split(' ').includes(event));
  const common = [...held.keys()].filter(isCommon);
  const some = new Map([...held].filter(([event]) => !isCommon(event)));
  const always = `${placeOf(all, states)}: ${common.join(' ')}`;
  return [
    ...(nothing ? [`${placeOf(nothing, states)}: nothing`] : []),
    always,
    `with it, as the case may be,<br>${placed(some, states)}`,
  ].join('<br>');
}

/** Answers in the same states stand together. */
function placed(answers: ReadonlyMap<string, ReadonlySet<string>>, states: readonly string[]): string {
  const byPlace = new Map<string, string[]>();
  for (const [answer, where] of answers) {
    const place = placeOf(where, states);
    byPlace.set(place, [...(byPlace.get(place) ?? []), answer]);
  }
  return [...byPlace]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([place, found]) => `${place}: ${found.toSorted().join(' · ')}`)
    .join('<br>');
}

/** The states by name, or, where that is shorter, all but some. */
function placeOf(where: ReadonlySet<string>, states: readonly string[]): string {
  const others = states.filter((state) => !where.has(state));
  if (others.length === 0) return 'everywhere';
  return others.length * 2 < where.size ? `all but ${others.join(', ')}` : states.filter((state) => where.has(state)).join(', ');
}
