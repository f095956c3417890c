import { failPoint } from '../../activities/fail-point.ts';

/** How often the process would have died, place by place. */
function walk(setting: string | undefined, ...places: readonly (readonly [string, string?])[]): readonly number[] {
  let deaths = 0;
  const pass = failPoint(setting, () => {
    deaths += 1;
  });
  return places.map(([place, about]) => {
    pass(place, about);
    return deaths;
  });
}

const committed = ['execute.committed', 'StartJourney'] as const;
const other = ['execute.committed', 'OpenTask'] as const;

test('without a setting nobody dies anywhere', () => {
  expect(walk(undefined, committed, other)).toEqual([0, 0]);
});

test('a process dies at the named place, the first time unless another is named, and only once', () => {
  expect(walk('execute.committed', ['execute.decided'], committed, committed)).toEqual([0, 1, 1]);
  expect(walk('execute.committed:2', committed, other, committed)).toEqual([0, 1, 1]);
});

test('what passes there may be named too', () => {
  expect(walk('execute.committed/OpenTask', committed, other)).toEqual([0, 1]);
  expect(walk('execute.committed/OpenTask:2', other, committed, other)).toEqual([0, 0, 1]);
});
