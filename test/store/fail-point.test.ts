import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failPoints } from '../../store/fail-point.ts';

let folder = '';
let deaths = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caretrail-fail-points-'));
  deaths = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const die = (): void => {
  deaths += 1;
};
const arm = (place: string): void => writeFileSync(join(folder, 'armed'), place);

/** How often the process would have died, place by place. */
function walk(place: string, ...places: readonly (readonly [string, string?])[]): readonly number[] {
  arm(place);
  const pass = failPoints(folder, die);
  return places.map(([here, about]) => {
    pass(here, about);
    return deaths;
  });
}

const committed = ['execute.committed', 'StartJourney'] as const;
const other = ['execute.committed', 'OpenTask'] as const;

test('without a folder nobody dies anywhere, and nothing is written down', () => {
  arm('execute.committed');
  failPoints(undefined, die)(...committed);
  expect(deaths).toBe(0);
  expect(() => readFileSync(join(folder, 'passed'))).toThrow('ENOENT');
});

test('a process dies at the named place, the first time unless another is named, and only once', () => {
  expect(walk('execute.committed', ['execute.decided'], committed, committed)).toEqual([0, 1, 1]);
  deaths = 0;
  expect(walk('execute.committed:2', committed, other, committed)).toEqual([0, 1, 1]);
});

test('what passes there may be named too', () => {
  expect(walk('execute.committed/OpenTask', committed, other)).toEqual([0, 1]);
  deaths = 0;
  expect(walk('execute.committed/OpenTask:2', other, committed, other)).toEqual([0, 0, 1]);
});

test('a place may be named while the process runs, and counts from then on', () => {
  const pass = failPoints(folder, die);
  pass(...committed);
  arm('execute.committed:2');
  pass(...committed);
  expect(deaths).toBe(0);
  pass(...committed);
  expect(deaths).toBe(1);
});

test('every place that is passed is written down, with what passed', () => {
  walk('', committed, ['run.starts']);
  expect(readFileSync(join(folder, 'passed'), 'utf8')).toBe('execute.committed/StartJourney\nrun.starts\n');
});
