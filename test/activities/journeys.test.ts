import { createJourneys } from '../../activities/journeys.ts';
import type { EventStore, StreamRange } from '../../store/event-store.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import { executor, handClock, openTask, startMessage } from './execute-setting.ts';

/** Journeys j1, j2 and j3 in a store that tells from which version it was read. */
async function filled() {
  const memory = memoryEventStore();
  const reads: string[] = [];
  const store: EventStore = {
    ...memory,
    readStream(stream: string, range: StreamRange = {}) {
      reads.push(`${stream}@${range.from ?? 1}`);
      return memory.readStream(stream, range);
    },
  };
  const { execute } = executor({ store: memory, clock: handClock() });
  for (const id of ['j1', 'j2', 'j3']) await execute(id, startMessage, []);
  return { store, reads, execute };
}

test('a journey that was loaded before is folded on from where it stood', async () => {
  const { store, reads, execute } = await filled();
  const { load } = createJourneys(store);
  const first = await load('j1');
  expect(await load('j1')).toBe(first);
  await execute('j1', openTask('t1'), []);
  const after = await load('j1');
  expect(after.journey.revision).toBe(2);
  expect([...after.byCommand.keys()]).toEqual(['start', 'open-t1']);
  expect(reads).toEqual(['journey-j1@1', 'journey-j1@2', 'journey-j1@2']);
  expect(after.journey).toEqual((await createJourneys(store).load('j1')).journey);
});

test('of more journeys than there is room for, the one that was used least recently is folded anew', async () => {
  const { store, reads } = await filled();
  const { load } = createJourneys(store, 2);
  for (const id of ['j1', 'j2', 'j1', 'j3', 'j1', 'j2']) await load(id);
  expect(reads).toEqual(['journey-j1@1', 'journey-j2@1', 'journey-j1@2', 'journey-j3@1', 'journey-j1@2', 'journey-j2@1']);
});

test('a journey that nobody has asked for is empty', async () => {
  const { store } = await filled();
  expect(await createJourneys(store).load('nobody')).toMatchObject({ journey: { revision: 0 }, byCommand: new Map() });
});
