import type { DueItem } from '../../projections/due.ts';
import type { Attempt } from '../../store/ports.ts';
import { startWatch } from '../../worker/watch.ts';
import { until } from '../partners/clinic-side.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((watch) => watch.stop())));

const deadline: DueItem = { journeyId: 'j1', kind: 'deadline', id: 'deadline:task.due:t1:5', attempt: 0 };
const effect: DueItem = { journeyId: 'j2', kind: 'effect', id: 'proxy', attempt: 1 };

/** A watch over what a test says is due; its rounds can be counted. */
function watching(attempts: Readonly<Record<string, Attempt & { readonly age: number }>> = {}) {
  const world = {
    due: [] as readonly DueItem[],
    done: new Set<string>(),
    rounds: 0,
    asked: [] as string[],
    told: [] as string[],
    troubles: [] as unknown[],
    isAway: false,
    now: 7,
  };
  const watch = startWatch({
    readDue: async (at) => {
      expect(at).toBe(world.now);
      world.rounds += 1;
      return world.due;
    },
    stands: async ({ id }) => !world.done.has(id),
    attempts: { look: async (id, attempt) => attempts[`${id}:${attempt}`] },
    clock: { now: async () => world.now, realTimeOf: async () => undefined },
    refresh: async (journeyId) => {
      if (world.isAway) throw new Error('the runner is away');
      world.asked.push(journeyId);
    },
    onRefreshed: ({ journeyId, due, times }) => void world.told.push(`${journeyId} ${due} ${times}`),
    report: ({ error }) => void world.troubles.push(error),
    patience: { lookEvery: 5, untouched: 60, attempted: 200 },
  });
  running.push(watch);
  const rounds = async (count: number): Promise<void> => {
    const from = world.rounds;
    await until(() => world.rounds >= from + count);
  };
  return { world, rounds };
}

test('what is done in time is nobody’s business', async () => {
  const { world, rounds } = watching();
  for (let n = 1; n <= 30; n += 1) {
    world.due = [{ ...deadline, id: `deadline:task.due:t1:${n}` }];
    await rounds(2);
  }
  expect(world.asked).toEqual([]);
});

test('a run whose deadline or effect stays due is asked to look, once for all that its journey waits for', async () => {
  const { world } = watching();
  world.due = [deadline, { ...deadline, id: 'deadline:task.due:t2:6' }, effect];
  await until(() => world.asked.length === 2);
  expect(world.told).toEqual(['j1 deadline:task.due:t1:5 1', 'j2 proxy 1']);
});

test('what stays due all the same is asked for again after twice the time', async () => {
  const { world } = watching();
  world.due = [deadline];
  const at: number[] = [];
  for (let times = 1; times <= 3; times += 1) {
    await until(() => world.asked.length === times);
    at.push(performance.now());
  }
  const [first = 0, second = 0, third = 0] = at;
  expect(second - first).toBeGreaterThan(110);
  expect(third - second).toBeGreaterThan(220);
});

test('nothing is asked for that the journey has done and the view does not show yet', async () => {
  const { world, rounds } = watching();
  world.due = [deadline, effect];
  world.done.add(deadline.id);
  await until(() => world.asked.length === 1);
  await rounds(5);
  expect(new Set(world.asked)).toEqual(new Set(['j2']));
});

test.each<[string, Attempt & { readonly age: number }]>([
  ['was begun a moment ago', { age: 10 }],
  ['was taken by the partner, who tells the rest by itself', { age: 9_999, outcome: 'succeeded' }],
])('an effect whose attempt %s is left alone', async (_what, attempt) => {
  const { world, rounds } = watching({ 'j2/proxy:1': attempt });
  world.due = [deadline, effect];
  await until(() => world.asked.includes('j1'));
  await rounds(10);
  expect(world.asked).not.toContain('j2');
});

test.each<[string, Attempt & { readonly age: number }]>([
  ['has no outcome', { age: 9_999 }],
  ['has an outcome that nobody recorded', { age: 9_999, outcome: 'refused', result: { type: 'RecordEligibility' } }],
  ['failed before the partner took it', { age: 9_999, outcome: 'failed' }],
])('an effect whose old attempt %s is asked for', async (_what, attempt) => {
  const { world } = watching({ 'j2/proxy:1': attempt });
  world.due = [effect];
  await until(() => world.asked.includes('j2'));
});

test('while the runner is away the watch goes on, and counts nothing that it did not bring about', async () => {
  const { world } = watching();
  world.isAway = true;
  world.due = [deadline];
  await until(() => world.troubles.length > 2);
  expect(world.told).toEqual([]);
  world.isAway = false;
  await until(() => world.told.length === 1);
});
