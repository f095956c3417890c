import { readFileSync, writeFileSync } from 'node:fs';
import * as journeys from '../../domain/journey/index.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { explore } from './exploring.ts';
import { breaks, schemas, shapeOf, store, stored, wanted } from './golden.ts';
import { nameOf, readMachines } from './machines.ts';
import { pageOf } from './page.ts';
import { reached, tabulate, triedIn } from './table.ts';
import { worked } from './ways.ts';

const machines = readMachines();
const explored = explore(journeys, machines);
const tables = await tabulate(journeys, machines, explored);
const page = pageOf(tables, explored);
const path = 'docs/state-machine.md';

// Set by `npm run state-machine`, which writes down what the tests hold the code against.
if (process.env.CARETRAIL_WRITE_SAMPLES) {
  writeFileSync(path, page);
  store(wanted(explored));
}

/** States that no command leads to yet: tests that travel to a laboratory are not built. */
const notBuilt = ['lab orders Signed'];
/** States that a thing only passes through inside one decision. */
const passing = ['prescription Drafted'];

describe('the table of states and commands', () => {
  test('stands in the documents as the rules make it; else run: npm run state-machine', () => {
    expect(readFileSync(path, 'utf8')).toBe(page);
  });

  test('can be read by a person', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(1_500);
  });

  test('answers every command in every state of its stage', () => {
    const untried = tables.flatMap(({ by, commands }) => {
      const states = [...reached(by, explored.plays)];
      const asked = commands.filter(({ command }) => !command.startsWith('ElapseDeadline'));
      return asked.flatMap((row) => states.filter((state) => !triedIn(row).has(state)).map((state) => `${row.command} in ${state}`));
    });
    expect(untried).toEqual([]);
  });

  test('shows every command taken somewhere', () => {
    const never = tables.flatMap(({ commands }) => commands.filter(({ accepted }) => accepted.size === 0));
    expect(never.map(({ command }) => command)).toEqual([]);
  });

  test('holds every command of the journey', () => {
    const shown = tables.flatMap(({ commands }) => commands.map(({ command }) => command.split(' ')[0]));
    expect([...new Set(shown)].toSorted()).toEqual(Object.keys(journeys.commands).toSorted());
  });

  test('reaches every state that a type allows', () => {
    const missing = machines.flatMap((machine) => {
      const there = reached(machine, explored.plays);
      return machine.states.filter((state) => !there.has(state)).map((state) => `${nameOf(machine)} ${state}`);
    });
    expect(missing.toSorted()).toEqual([...notBuilt, ...passing].toSorted());
  });

  test('has seen every event of the journey', () => {
    expect(Object.keys(journeys.events).filter((type) => !explored.sampled.has(type))).toEqual([]);
  });

  test('names only clocks, refusals and events that the domain declares', () => {
    const events = explored.edges.map(({ event }) => event);
    expect(events.filter((type) => !(type in journeys.events))).toEqual([]);
  });
});

describe('stored events', () => {
  const golden = stored();

  test('there is one of every type in its present version and shape; else run: npm run state-machine', () => {
    expect(golden.filter(({ type }) => type in schemas)).toEqual([...wanted(explored)].toSorted(byName));
  });

  test('no shape has changed without a new version', () => {
    expect(
      golden.flatMap(({ type, shape }) => {
        const schema = schemas[type];
        return schema ? breaks(shape, shapeOf(schema), type) : [`${type} is gone`];
      }),
    ).toEqual([]);
  });

  test.each([
    ['a field that is gone', { a: 'string' }, {}, ['data.a is gone']],
    ['a field of another kind', { a: 'string' }, { a: 'number' }, ['data.a changed']],
    ['a field that was not required', { 'a?': 'string' }, { a: 'string' }, ['data.a is new and required', 'data.a? is gone']],
    ['a new field that is required', {}, { a: 'string' }, ['data.a is new and required']],
    ['a value that is gone', { a: { oneOf: ['x', 'y'] } }, { a: { oneOf: ['y'] } }, ['data.a.oneOf lost x']],
    ['a new field that is optional, and a new value', { a: { oneOf: ['x'] } }, { a: { oneOf: ['x', 'y'] }, 'b?': 'string' }, []],
  ])('what a changed shape breaks is told: %s', (_what, before, after, told) => {
    expect(breaks(before, after)).toEqual(told);
  });

  test('each is still read by its schema', () => {
    const unread = golden.filter(({ type, event }) => !schemas[type]?.safeParse(event.data).success);
    expect(unread.map(({ type }) => type)).toEqual([]);
  });

  test('each folds into a journey, wherever that stands', () => {
    for (const { journey } of worked(journeys)) {
      for (const { type, event } of golden) {
        if (!(type in journeys.events)) continue;
        const after = journeys.evolve(journey, event as never);
        expect([type, after.revision]).toEqual([type, journey.revision + 1]);
        journeys.plan(after);
      }
    }
  });

  test('each of another stream folds into its state', () => {
    for (const { events, evolve, initial } of Object.values(aggregates)) {
      for (const { event } of golden.filter(({ type }) => type in events)) expect(evolve(initial as never, event as never)).toBeDefined();
    }
  });
});

const byName = (a: { readonly type: string; readonly version: number }, b: { readonly type: string; readonly version: number }): number =>
  `${a.type}.${a.version}` < `${b.type}.${b.version}` ? -1 : 1;
