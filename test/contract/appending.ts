import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { InvalidEvent, maxBatch, maxEventBytes, StreamClosed, TooLarge, VersionConflict } from '../../store/event-store.ts';
import type { ContractCase, Open } from './case.ts';
import { anEvent, newStream, someEvents } from './events.ts';
import { collect, contents, rejection } from './reading.ts';

async function keepsTheWholeEnvelope(open: Open) {
  const store = await open();
  const stream = newStream();
  const events = [
    anEvent({ actor: { kind: 'person', id: 'p-1', role: 'X', onBehalfOf: 'p-2' }, refusalCode: 'not-your-role' }),
    anEvent({ tenant: '', zone: '', data: {} }),
  ];
  const appended = await store.append(stream, events, 'none');
  deepStrictEqual(await contents(store, stream), events);
  const stored = await collect(store.readStream(stream));
  deepStrictEqual(appended, { version: 2, position: stored[1]?.position, duplicate: false });
  ok(stored.every((event) => event.stream === stream));
}

async function obeysExpectedVersions(open: Open) {
  const store = await open();
  const stream = newStream();
  const refused = async (expected: Parameters<typeof store.append>[2], current: number) => {
    const conflict = await rejection(VersionConflict, store.append(stream, [anEvent()], expected));
    strictEqual(conflict.current, current);
  };
  await refused('exists', 0);
  await refused({ version: 1 }, 0);
  strictEqual((await store.append(stream, [anEvent()], { version: 0 })).version, 1);
  await refused('none', 1);
  await refused({ version: 0 }, 1);
  await refused({ version: 2 }, 1);
  strictEqual((await store.append(stream, [anEvent()], 'exists')).version, 2);
  strictEqual((await store.append(stream, [anEvent()], { version: 2 })).version, 3);
  strictEqual((await store.append(stream, [anEvent()], 'any')).version, 4);
  strictEqual((await store.append(newStream(), [anEvent()], 'any')).version, 1);
  strictEqual((await contents(store, stream)).length, 4);
}

async function letsOneOfFiftyRacersWin(open: Open) {
  const store = await open();
  const stream = newStream();
  await store.append(stream, [anEvent()], 'none');
  const racers = someEvents(50);
  const results = await Promise.allSettled(racers.map((event) => store.append(stream, [event], { version: 1 })));
  const losers = results.filter((result) => result.status === 'rejected');
  strictEqual(losers.length, 49);
  ok(losers.every(({ reason }) => reason instanceof VersionConflict && reason.current === 2));
  strictEqual((await contents(store, stream)).length, 2);
}

async function answersARepeatedAppendWithTheFirst(open: Open) {
  const store = await open();
  const stream = newStream();
  const events = someEvents(2);
  const first = await store.append(stream, events, 'none');
  await store.append(stream, someEvents(3), 'any');
  for (const expected of ['any', 'none', 'exists', { version: 0 }, { version: 2 }, { version: 99 }] as const) {
    deepStrictEqual(await store.append(stream, events, expected), { ...first, duplicate: true });
  }
  const last = anEvent();
  const later = await store.append(stream, [last], { version: 5 });
  deepStrictEqual(await store.append(stream, [last], { version: 5 }), { ...later, duplicate: true });
  strictEqual((await contents(store, stream)).length, 6);
}

async function takesTwoCallersOfTheSameAppendAsOne(open: Open) {
  const store = await open();
  const stream = newStream();
  const events = someEvents(2);
  const results = await Promise.all([1, 2, 3].map(() => store.append(stream, events, 'none')));
  strictEqual(results.filter(({ duplicate }) => duplicate).length, 2);
  ok(results.every(({ version, position }) => version === 2 && position === results[0]?.position));
  strictEqual((await contents(store, stream)).length, 2);
}

async function refusesAnIdThatStandsElsewhere(open: Open) {
  const store = await open();
  const [one, two] = [newStream(), newStream()];
  const event = anEvent();
  await store.append(one, [event], 'none');
  await rejection(InvalidEvent, store.append(two, [event], 'none'));
  await rejection(InvalidEvent, store.append(one, [event, anEvent()], 'any'));
  await rejection(InvalidEvent, store.append(one, [event], { version: 1 }));
  await rejection(InvalidEvent, store.append(two, Array(2).fill(anEvent()), 'none'));
  strictEqual((await store.describe(two)).version, 0);
  strictEqual((await contents(store, one)).length, 1);
}

async function appendsAllOrNothing(open: Open) {
  const store = await open();
  const stream = newStream();
  const before = await store.head();
  const bad = anEvent({ data: { text: 'a\u0000b' } });
  await rejection(InvalidEvent, store.append(stream, [anEvent(), bad, anEvent()], 'none'));
  await rejection(InvalidEvent, store.append(stream, [anEvent(), anEvent({ id: 'not-a-uuid' })], 'none'));
  await rejection(InvalidEvent, store.append(stream, [anEvent(), anEvent({ data: { text: '\ud800' } })], 'none'));
  await rejection(InvalidEvent, store.append(stream, [], 'any'));
  deepStrictEqual(await contents(store, stream), []);
  const { position } = await store.append(stream, [anEvent({ data: { text: 'a literal \\u0000 is fine' } })], 'none');
  strictEqual(position, before + 1);
}

async function failsNoNeighbour(open: Open) {
  const store = await open();
  const [good, taken, closed, repeated] = [newStream(), newStream(), newStream(), newStream()];
  const known = anEvent();
  await store.append(repeated, [known], 'none');
  await store.close(closed);
  const before = await store.head();
  const results = await Promise.allSettled([
    store.append(good, someEvents(2), 'none'),
    store.append(taken, [anEvent(), anEvent({ data: { text: '\u0000' } })], 'none'),
    store.append(taken, [known], 'none'),
    store.append(good, [anEvent()], 'none'),
    store.append(closed, [anEvent()], 'any'),
    store.append(repeated, [known], 'none'),
    store.append(good, [anEvent()], { version: 2 }),
  ]);
  const told = results.map((result) => (result.status === 'rejected' ? (result.reason as Error).name : result.value.version));
  deepStrictEqual(told, [2, 'InvalidEvent', 'InvalidEvent', 'VersionConflict', 'StreamClosed', 1, 3]);
  strictEqual((await contents(store, good)).length, 3);
  strictEqual((await store.describe(taken)).version, 0);
  strictEqual(await store.head(), before + 3);
}

async function takesManyAppendsToOneStreamAtOnce(open: Open) {
  const store = await open();
  const stream = newStream();
  const batches = Array.from({ length: 20 }, (_, index) => someEvents(1 + (index % 3)));
  const results = await Promise.all(batches.map((events) => store.append(stream, events, 'any')));
  const stored = await collect(store.readStream(stream));
  for (const [index, { version }] of results.entries()) {
    const batch = batches[index] ?? [];
    const part = stored.slice(version - batch.length, version);
    deepStrictEqual(
      part.map(({ id }) => id),
      batch.map(({ id }) => id),
    );
  }
  strictEqual((await contents(store, stream)).length, batches.flat().length);
}

async function refusesWhatIsTooLarge(open: Open) {
  const store = await open();
  const stream = newStream();
  await rejection(TooLarge, store.append(stream, [anEvent({ data: { text: 'é'.repeat(maxEventBytes / 2) } })], 'any'));
  await rejection(TooLarge, store.append(stream, someEvents(maxBatch + 1), 'any'));
  deepStrictEqual(await store.describe(stream), { version: 0, closed: false });
  strictEqual((await store.append(stream, someEvents(maxBatch), 'none')).version, maxBatch);
  strictEqual((await store.append(stream, [anEvent({ data: { text: 'x'.repeat(maxEventBytes - 2_000) } })], 'any')).version, maxBatch + 1);
}

async function refusesAClosedStream(open: Open) {
  const store = await open();
  const [stream, empty] = [newStream(), newStream()];
  const events = someEvents(2);
  const first = await store.append(stream, events, 'none');
  await Promise.all([store.close(stream), store.close(empty)]);
  await store.close(stream);
  for (const expected of ['any', 'exists', { version: 2 }] as const) {
    await rejection(StreamClosed, store.append(stream, [anEvent()], expected));
  }
  await rejection(StreamClosed, store.append(empty, [anEvent()], 'none'));
  deepStrictEqual(await store.append(stream, events, 'none'), { ...first, duplicate: true });
  deepStrictEqual(await store.describe(stream), { version: 2, closed: true });
  deepStrictEqual(await store.describe(empty), { version: 0, closed: true });
  deepStrictEqual(await contents(store, stream), events);
}

/** What every event store does when it is written to. */
export const appendingCases: readonly ContractCase[] = [
  ['an event comes back with its whole envelope', keepsTheWholeEnvelope],
  ['an append is taken only if the stream is as expected', obeysExpectedVersions],
  ['of fifty racers with one expected version one wins', letsOneOfFiftyRacersWin],
  ['a repeated append is answered with the first, whatever it expects and whatever came later', answersARepeatedAppendWithTheFirst],
  ['the same append by several callers at once is stored once', takesTwoCallersOfTheSameAppendAsOne],
  ['an id that stands elsewhere is refused', refusesAnIdThatStandsElsewhere],
  ['an append is stored whole or not at all', appendsAllOrNothing],
  ['an append that fails fails no other at the same moment', failsNoNeighbour],
  ['many appends to one stream at once are all taken, none torn apart', takesManyAppendsToOneStreamAtOnce],
  ['an event or an append that is too large is refused', refusesWhatIsTooLarge],
  ['a closed stream is read but not written, and still knows what it has', refusesAClosedStream],
];
