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
    passed: 0,
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
    passed: () => world.passed,
    patience: { lookEvery: 1 },
  });
  running.push(watch);
  /** Lets real time pass, and the watch look in between. */
  const pass = async (seconds: number): Promise<void> => {
    world.passed += seconds * 1_000;
    const from = world.rounds;
    await until(() => world.rounds >= from + 3);
  };
  /** Things become due, and the watch sees them. */
  const become = async (...due: readonly DueItem[]): Promise<void> => {
    world.due = due;
    await pass(0);
  };
  return { world, pass, become };
}

test('what is done in time is nobody’s business', async () => {
  const { world, pass, become } = watching();
  for (let n = 1; n <= 10; n += 1) {
    await become({ ...deadline, id: `deadline:task.due:t1:${n}` });
    await pass(9.9);
  }
  expect(world.asked).toEqual([]);
});

test('a run whose deadline or effect stays due for ten seconds is asked to look, once for all that its journey waits for', async () => {
  const { world, pass, become } = watching();
  await become(deadline, { ...deadline, id: 'deadline:task.due:t2:6' }, effect);
  await pass(9.9);
  expect(world.asked).toEqual([]);
  await pass(0.1);
  expect(world.told).toEqual(['j1 deadline:task.due:t1:5 1', 'j2 proxy 1']);
});

test('what stays due all the same is asked for again after twice the time', async () => {
  const { world, pass, become } = watching();
  await become(deadline);
  await pass(10);
  await pass(19.9);
  expect(world.asked).toHaveLength(1);
  await pass(0.1);
  expect(world.asked).toHaveLength(2);
  await pass(39.9);
  expect(world.asked).toHaveLength(2);
  await pass(0.1);
  expect(world.told.at(-1)).toBe('j1 deadline:task.due:t1:5 3');
});

test('what was done meanwhile and is due anew has its ten seconds again', async () => {
  const { world, pass, become } = watching();
  await become(deadline);
  await pass(9);
  await become();
  await become(deadline);
  await pass(9);
  expect(world.asked).toEqual([]);
});

test('nothing is asked for that the journey has done and the view does not show yet', async () => {
  const { world, pass, become } = watching();
  world.done.add(deadline.id);
  await become(deadline, effect);
  await pass(10);
  expect(world.asked).toEqual(['j2']);
});

test.each<[string, Attempt & { readonly age: number }]>([
  ['was begun a moment ago', { age: 29_999 }],
  ['was taken by the partner, who tells the rest by itself', { age: 999_999, outcome: 'succeeded' }],
])('an effect whose attempt %s is left alone', async (_what, attempt) => {
  const { world, pass, become } = watching({ 'j2/proxy:1': attempt });
  await become(deadline, effect);
  await pass(10);
  expect(world.asked).toEqual(['j1']);
});

test.each<[string, Attempt & { readonly age: number }]>([
  ['has no outcome', { age: 30_000 }],
  ['has an outcome that nobody recorded', { age: 30_000, outcome: 'refused', result: { type: 'RecordEligibility' } }],
  ['failed before the partner took it', { age: 30_000, outcome: 'failed' }],
])('an effect whose old attempt %s is asked for', async (_what, attempt) => {
  const { world, pass, become } = watching({ 'j2/proxy:1': attempt });
  await become(effect);
  await pass(10);
  expect(world.asked).toEqual(['j2']);
});

test('while the runner is away the watch goes on, and counts nothing that it did not bring about', async () => {
  const { world, pass, become } = watching();
  world.isAway = true;
  await become(deadline);
  await pass(10);
  expect(world.troubles.length).toBeGreaterThan(1);
  expect(world.told).toEqual([]);
  world.isAway = false;
  await pass(0);
  expect(world.told).toEqual(['j1 deadline:task.due:t1:5 1']);
});
