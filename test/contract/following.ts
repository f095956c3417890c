import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EventContent, type EventStore, type StoredEvent, VersionConflict } from '../../store/event-store.ts';
import type { ContractCase, Open } from './case.ts';
import { anEvent, newStream, someEvents } from './events.ts';
import { collect, follow, rejection } from './reading.ts';

const ids = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

async function readsAStreamExactly(open: Open) {
  const store = await open();
  const stream = newStream();
  await store.append(newStream(), someEvents(3), 'none');
  await store.append(stream, someEvents(7), 'none');
  const read = async (range?: Parameters<EventStore['readStream']>[1]) =>
    (await collect(store.readStream(stream, range))).map(({ version }) => version);
  deepStrictEqual(await read(), [1, 2, 3, 4, 5, 6, 7]);
  deepStrictEqual(await read({ from: 3 }), [3, 4, 5, 6, 7]);
  deepStrictEqual(await read({ from: 3, limit: 2 }), [3, 4]);
  deepStrictEqual(await read({ from: 8 }), []);
  deepStrictEqual(await read({ limit: 0 }), []);
  deepStrictEqual(await read({ backwards: true }), [7, 6, 5, 4, 3, 2, 1]);
  deepStrictEqual(await read({ backwards: true, limit: 2 }), [7, 6]);
  deepStrictEqual(await read({ backwards: true, from: 3 }), [3, 2, 1]);
  deepStrictEqual(await collect(store.readStream(newStream())), []);
}

async function readsMoreThanAPage(open: Open) {
  const store = await open();
  const stream = newStream();
  const before = await store.head();
  for (let batch = 0; batch < 3; batch += 1) await store.append(stream, someEvents(400), 'any');
  const forwards = await collect(store.readStream(stream));
  const backwards = await collect(store.readStream(stream, { backwards: true, limit: 1_100 }));
  strictEqual(forwards.length, 1_200);
  deepStrictEqual(ids(backwards), ids(forwards).reverse().slice(0, 1_100));
  deepStrictEqual(ids(await collect(store.readAll({ after: before, limit: 1_100 }))), ids(forwards).slice(0, 1_100));
}

async function readsTheLogInPart(open: Open) {
  const store = await open();
  const after = await store.head();
  const kind = newStream('kind');
  await store.append(`${kind}-a`, [anEvent({ type: 'Opened' }), anEvent({ type: 'Closed' })], 'none');
  await store.append(newStream(), [anEvent({ type: 'Opened' })], 'none');
  await store.append(`${kind}-b`, [anEvent({ type: 'Opened' })], 'none');
  const read = async (range: Parameters<EventStore['readAll']>[0]) =>
    (await collect(store.readAll({ after, ...range }))).map(({ position }) => position - after);
  deepStrictEqual(await read({}), [1, 2, 3, 4]);
  deepStrictEqual(await read({ after: after + 2 }), [3, 4]);
  deepStrictEqual(await read({ limit: 3 }), [1, 2, 3]);
  deepStrictEqual(await read({ filter: { streamPrefixes: [kind] } }), [1, 2, 4]);
  deepStrictEqual(await read({ filter: { streamPrefixes: [`${kind}-b`, `${kind}-a`] } }), [1, 2, 4]);
  deepStrictEqual(await read({ filter: { types: ['Opened'] } }), [1, 3, 4]);
  deepStrictEqual(await read({ filter: { types: ['Opened'], streamPrefixes: [kind] }, limit: 1, after: after + 1 }), [4]);
  deepStrictEqual(await read({ filter: { streamPrefixes: ['%', '_'] } }), []);
  strictEqual(await store.head(), after + 4);
}

function contentOf({ schemaVersion, causationId, correlationId, workflowId, runId, source, ...content }: StoredEvent): EventContent {
  return content;
}

async function readsAStretchInShares(open: Open) {
  const store = await open();
  const after = await store.head();
  for (let n = 0; n < 20; n += 1) await store.append(newStream(), someEvents(3), 'none');
  const all = (await collect(store.readAll({ after }))).map(contentOf);
  deepStrictEqual(await store.readSpan({ after, upTo: after + 60 }), all);
  deepStrictEqual(await store.readSpan({ after: after + 5, upTo: after + 7 }), all.slice(5, 7));
  deepStrictEqual(await store.readSpan({ after: after + 58, upTo: after + 70 }), all.slice(58));
  const shares = await Promise.all([0, 1, 2].map((nth) => store.readSpan({ after, upTo: after + 60, share: { nth, of: 3 } })));
  const byPosition = shares.flat().sort((a, b) => a.position - b.position);
  deepStrictEqual(byPosition, all, 'together the shares are the stretch');
  for (const share of shares)
    deepStrictEqual(
      share,
      all.filter(({ stream }) => share.some((event) => event.stream === stream)),
    );
  ok(shares.filter(({ length }) => length > 0).length > 1, 'twenty streams do not all fall into one share of three');
}

async function givesOutPositionsInOrderOfCommit(open: Open) {
  const store = await open();
  const after = await store.head();
  const appended = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const stream = newStream();
      const first = await store.append(stream, someEvents(2), 'none');
      const second = await store.append(stream, someEvents(1), { version: 2 });
      return [first.position, second.position] as const;
    }),
  );
  ok(
    appended.every(([first, second]) => first < second),
    'what was answered first stands first',
  );
  const log = await collect(store.readAll({ after }));
  deepStrictEqual(
    log.map(({ position }) => position),
    Array.from({ length: 120 }, (_, index) => after + 1 + index),
  );
  strictEqual(await store.head(), after + 120);
}

/** Appends by many writers for a while, under a reader that began in the middle of history. @throws Error on a gap, a repeat or disorder */
export async function followUnderLoad(store: EventStore, milliseconds: number, meanwhile: () => Promise<void> = async () => undefined) {
  const before = await store.head();
  await store.append(newStream(), someEvents(300), 'none');
  const follower = follow(store, { after: before });
  const end = Date.now() + milliseconds;
  const write = async () => {
    const stream = newStream();
    for (let version = 0; Date.now() < end; version += 1) {
      await store.append(stream, [anEvent()], { version });
      await nextTurn();
    }
  };
  await Promise.all([meanwhile(), ...Array.from({ length: 32 }, write)]);
  const total = (await store.head()) - before;
  await follower.until(total);
  await follower.stop();
  mustBeTheLog(follower.seen, before);
  deepStrictEqual(ids(follower.seen), ids(await collect(store.readAll({ after: before }))));
}

function mustBeTheLog(seen: readonly StoredEvent[], after: number): void {
  const wrong = seen.find(({ position }, index) => position !== after + 1 + index);
  if (wrong) throw new Error(`position ${wrong.position} is missing one before it, or comes twice`);
}

const goesFromHistoryToLive = async (open: Open) => followUnderLoad(await open(), 400);

async function followsOnlyWhatItAskedFor(open: Open) {
  const store = await open();
  const kind = newStream('kind');
  const after = await store.head();
  await store.append(`${kind}-1`, [anEvent({ type: 'Opened' }), anEvent({ type: 'Closed' })], 'none');
  const follower = follow(store, { after, filter: { streamPrefixes: [kind], types: ['Opened'] } });
  await follower.until(1);
  await store.append(newStream(), [anEvent({ type: 'Opened' })], 'none');
  await store.append(`${kind}-2`, [anEvent({ type: 'Opened' })], 'none');
  await follower.until(2);
  await follower.stop();
  deepStrictEqual(
    follower.seen.map(({ stream }) => stream),
    [`${kind}-1`, `${kind}-2`],
  );
}

async function goesOnAfterARefusedAppend(open: Open) {
  const store = await open();
  const stream = newStream();
  const after = await store.head();
  const follower = follow(store, { after });
  await store.append(stream, [anEvent()], 'none');
  await rejection(VersionConflict, store.append(stream, [anEvent()], 'none'));
  await store.append(stream, [anEvent()], { version: 1 });
  await follower.until(2);
  await follower.stop();
  mustBeTheLog(follower.seen, after);
}

async function endsSoonWhenAborted(open: Open) {
  const store = await open();
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const after = await store.head();
    const follower = follow(store, { after });
    await store.append(newStream(), [anEvent()], 'none');
    await follower.until(1);
    const start = performance.now();
    await follower.stop();
    times.push(performance.now() - start);
  }
  // The best of five: a busy machine may delay some.
  ok(Math.min(...times) < 100, `an aborted subscription ended after ${Math.min(...times)} ms`);
  const aborted = store.subscribe({ after: 0, signal: AbortSignal.abort() });
  deepStrictEqual(await collect(aborted), []);
}

/** What every event store does when it is read. */
export const followingCases: readonly ContractCase[] = [
  ['a stream is read exactly: forwards, backwards, from a version, up to a limit', readsAStreamExactly],
  ['a long stream is read without a seam', readsMoreThanAPage],
  ['the log is read after a position, by prefix, by type, up to a limit', readsTheLogInPart],
  ['a stretch of the log is read whole or in shares, each stream in one of them and in order', readsAStretchInShares],
  ['positions have no gap and follow the order of commits', givesOutPositionsInOrderOfCommit],
  ['a subscription goes from history to live without a gap or a repeat', goesFromHistoryToLive],
  ['a subscription gives only what it asked for', followsOnlyWhatItAskedFor],
  ['a subscription goes on after a refused append', goesOnAfterARefusedAppend],
  ['a subscription ends soon when it is aborted', endsSoonWhenAborted],
];
