import { dice, drawn, eachOnce, everyPoint } from './plan.ts';
import { counting, type Hits, points } from './points.ts';

/** Passes these places during two steps, after one that comes before the first step. */
function counted(first: readonly string[], second: readonly string[]): Hits {
  const passed = ['api.authenticated/PublishSlotCapacity', 'api.replying/PublishSlotCapacity'];
  const counts = counting({ passed: () => passed });
  passed.push('view.written/board');
  counts.onStep(0);
  passed.push(...first);
  counts.onStep(1);
  passed.push(...second);
  return counts.hits();
}

test('a hit is known by its step and its number within that step; what comes before the first step does not count', () => {
  const hits = counted(['view.written/board', 'view.written/due'], ['view.written/board']);
  expect(hits.get('view.written')).toEqual([
    { point: 'view.written', step: 0, nth: 1 },
    { point: 'view.written', step: 0, nth: 2 },
    { point: 'view.written', step: 1, nth: 1 },
  ]);
  expect(hits.has('api.authenticated')).toBe(false);
});

test('a run that continues counts only while a client waits, under the number that it has among all', () => {
  const hits = counted(
    ['run.continues', 'api.authenticated/GrantConsent', 'run.continues', 'api.accepted/GrantConsent', 'run.continues'],
    [],
  );
  expect(hits.get('run.continues')).toEqual([{ point: 'run.continues', step: 0, nth: 2 }]);
});

test('each place is killed at its first, middle and last hit, and clients change with the parity of the seed', () => {
  const places = Array.from({ length: 5 }, () => 'execute.decided/GrantConsent');
  const hits = counted(places, places);
  const [odd] = everyPoint(hits, 1, ['execute.decided']);
  const [even] = everyPoint(hits, 2, ['execute.decided']);
  expect(odd?.kills.map(({ step, nth }) => `${step}.${nth}`)).toEqual(['0.1', '1.1', '1.5']);
  expect([odd?.retries, even?.retries]).toEqual([false, true]);
});

test('a sample follows from its seed alone, in the order of a play', () => {
  const hits = counted(['execute.decided', 'execute.committed', 'view.written'], ['execute.decided', 'view.committed']);
  const sample = (seed: number): readonly unknown[] => {
    const throwDice = dice(seed);
    return Array.from({ length: 10 }, () => drawn(hits, throwDice));
  };
  expect(sample(7)).toEqual(sample(7));
  expect(sample(7)).not.toEqual(sample(8));
});

test('the short form has every place once', () => {
  expect(eachOnce.kills.map(({ point }) => point).toSorted()).toEqual(Object.keys(points).toSorted());
  expect(eachOnce.kills.every(({ step }) => step >= 0)).toBe(true);
});
