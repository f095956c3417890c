import { Lanes } from '../../worker/lanes.ts';

const never = () => new Promise<void>(() => undefined);
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

/** Lanes that retry at once, and what was delivered. */
function open(more: Partial<ConstructorParameters<typeof Lanes>[0]> = {}) {
  const failures: string[] = [];
  const delivered: string[] = [];
  const report = ({ target, tries }: { target: string; tries: number }) => void failures.push(`${target} ${tries}`);
  const lanes = new Lanes({ from: 0, report, pauseOf: () => 1, ...more });
  const to = (target: string, name: string, deliver: () => Promise<void> = async () => {}) => ({
    target,
    deliver: async () => {
      await deliver();
      delivered.push(name);
    },
  });
  return { lanes, failures, delivered, to };
}

test('each target is served in order, and a slow one holds up nobody else', async () => {
  const { lanes, delivered, to } = open();
  await lanes.put(1, [to('a', 'a1', never)]);
  await lanes.put(2, [to('a', 'a2'), to('b', 'b2')]);
  await lanes.put(3, [to('b', 'b3')]);
  await settled();
  expect(delivered).toEqual(['b2', 'b3']);
});

test('one may start again after the oldest that is outstanding, and no later', async () => {
  let fail = true;
  const { lanes, failures, delivered, to } = open();
  const flaky = async (): Promise<void> => {
    if (fail) throw new Error('away');
  };
  await lanes.put(4, []);
  expect(lanes.deliveredUpTo()).toBe(4);
  await lanes.put(5, [to('a', 'a5', flaky)]);
  await lanes.put(6, [to('b', 'b6')]);
  await lanes.put(9, []);
  await settled();
  expect(lanes.deliveredUpTo()).toBe(4);
  expect(delivered).toEqual(['b6']);
  expect(failures.slice(0, 2)).toEqual(['a 1', 'a 2']);
  fail = false;
  await settled();
  expect(delivered).toEqual(['b6', 'a5']);
  expect(lanes.deliveredUpTo()).toBe(9);
  await lanes.stop();
});

test('whoever puts waits while too much is outstanding', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { lanes, to } = open({ capacity: 1 });
  await lanes.put(1, [to('a', 'a1', () => held)]);
  let put = false;
  const second = lanes.put(2, [to('b', 'b2')]).then(() => {
    put = true;
  });
  await settled();
  expect(put).toBe(false);
  release();
  await second;
  expect(put).toBe(true);
});

test('no more run side by side than are allowed', async () => {
  let running = 0;
  let most = 0;
  const { lanes, delivered, to } = open({ concurrency: 2 });
  const slow = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
  };
  for (let n = 1; n <= 10; n += 1) await lanes.put(n, [to(`t${n}`, `${n}`, slow)]);
  while (delivered.length < 10) await settled();
  expect(most).toBe(2);
});

test('after the stop nothing starts, and what is under way ends', async () => {
  const { lanes, delivered, to } = open({ concurrency: 1 });
  await lanes.put(1, [to('a', 'a1', () => new Promise((resolve) => setTimeout(resolve, 5)))]);
  await lanes.put(2, [to('b', 'b2')]);
  await lanes.stop();
  await settled();
  expect(delivered).toEqual(['a1']);
  expect(lanes.deliveredUpTo()).toBe(1);
});
