import { memoryEventStore } from '../../store/memory/event-store.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { executor, handClock, journeyId, message, openTask, startMessage, stored } from './execute-setting.ts';

const two = () => {
  const store = memoryEventStore();
  const clocks = [handClock(), handClock()] as const;
  const [first, second] = clocks.map((clock) => executor({ store, clock }));
  if (!first || !second) throw new Error('two executors are made');
  return { store, clocks, executors: [first, second] as const };
};

const contact = (id: string): CommandMessage =>
  message(id, 'K', 'RecordContactAttempt', { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'reached' });

describe('Two executors on one store', () => {
  test('decide fifty racing commands once each, without a hole', async () => {
    const { store, executors } = two();
    await executors[0].execute(journeyId, startMessage, []);
    const lanes = executors.map((executor, lane) =>
      Array.from({ length: 25 }, (_, i) => contact(`lane-${lane}-${i}`)).reduce(
        async (before, command) => [...(await before), (await executor.execute(journeyId, command, [])).answer],
        Promise.resolve<readonly object[]>([]),
      ),
    );
    const answers = (await Promise.all(lanes)).flat();
    const events = await stored(store);
    expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
    expect(new Set(events.map(({ commandId }) => commandId)).size).toBe(51);
    expect(events.slice(1).map(({ data }) => (data as { n: number }).n)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(answers).toHaveLength(50);
    expect(answers.filter((answer) => 'accepted' in answer && answer.accepted)).toHaveLength(50);
  });

  test('give one claim to one of them only', async () => {
    const { executors } = two();
    await executors[0].execute(journeyId, startMessage, []);
    await executors[0].execute(journeyId, openTask('t1'), []);
    const claims = executors.map((executor, i) =>
      executor.execute(journeyId, message(`claim-${i}`, 'K', 'ClaimTask', { taskId: 't1' }, { who: `k-${i}` }), []),
    );
    const codes = (await Promise.all(claims)).map(({ answer }) => (answer.accepted ? 'accepted' : answer.code));
    expect(codes.sort()).toEqual(['accepted', 'already-claimed']);
  });

  test('given the same command at once, record it once and give the recorded answer both', async () => {
    const { store, clocks, executors } = two();
    await executors[0].execute(journeyId, startMessage, []);
    await executors[1].open(journeyId, []);
    clocks[1].at += 5_000;
    const given = openTask('t1');
    const [here, there] = await Promise.all(executors.map((executor) => executor.execute(journeyId, given, [])));
    expect(there?.answer).toEqual(here?.answer);
    expect(await stored(store)).toHaveLength(2);
    const asStored = await executor({ store, clock: clocks[0] }).open(journeyId, []);
    for (const { open } of executors) expect((await open(journeyId, [])).details).toBe(asStored.details);
  });
});

test('a journey that changes faster than it can be decided is an outage, not an answer', async () => {
  const store = memoryEventStore();
  const clock = handClock();
  const other = executor({ store, clock });
  await other.execute(journeyId, startMessage, []);
  let count = 0;
  const overtaken = executor({
    clock,
    store: {
      ...store,
      async append(...given) {
        count += 1;
        await other.execute(journeyId, contact(`faster-${count}`), []);
        return store.append(...given);
      },
    },
  });
  await expect(overtaken.execute(journeyId, contact('slow'), [])).rejects.toThrow('faster');
  expect(count).toBe(20);
  expect((await stored(store)).map(({ commandId }) => commandId)).not.toContain('slow');
});

test('a store that is lost fails the call, and the same command is taken once it is back', async () => {
  const store = memoryEventStore();
  const clock = handClock();
  let lost = true;
  const { execute } = executor({
    clock,
    store: {
      ...store,
      async append(...given) {
        const appended = await store.append(...given);
        if (lost) throw new Error('the line was cut after the commit');
        return appended;
      },
    },
  });
  await expect(execute(journeyId, startMessage, [])).rejects.toThrow('the line was cut');
  lost = false;
  expect((await execute(journeyId, startMessage, [])).answer).toMatchObject({ accepted: true, revision: 1, position: 1 });
  expect(await stored(store)).toHaveLength(1);
});
