import { admit } from '../admission.ts';
import {
  type Appended,
  type EventContent,
  type EventFilter,
  type EventStore,
  type Expected,
  InvalidEvent,
  type LogRange,
  type LogSpan,
  type NewEvent,
  type Share,
  type StoredEvent,
  StreamClosed,
  type StreamRange,
  VersionConflict,
} from '../event-store.ts';

/** The event store in memory, for tests and for looking at a journey without a database. Nothing outlives the process. */
export function memoryEventStore(): EventStore {
  const log: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const ids = new Map<string, StoredEvent>();
  const closed = new Set<string>();
  const readers = new Set<() => void>();

  function append(stream: string, events: readonly NewEvent[], expected: Expected): Appended {
    const admitted = admit(events);
    const stored = streams.get(stream) ?? [];
    const known = events.flatMap(({ id }) => ids.get(id) ?? []);
    const last = known.at(-1);
    const mayRepeat = closed.has(stream) || !isExactly(expected, stored.length);
    if (mayRepeat && last && known.length === events.length && known.every((event) => event.stream === stream)) {
      return { version: last.version, position: last.position, duplicate: true };
    }
    if (closed.has(stream)) throw new StreamClosed(stream);
    if (!isAsExpected(expected, stored.length)) throw new VersionConflict(stream, stored.length);
    if (last) throw new InvalidEvent(`the id of the event ${last.type} stands in the store already`);
    for (const { event, data } of admitted) {
      // A copy: what the caller does to its object later changes nothing here.
      const kept = { ...event, data: JSON.parse(data) as object, stream, version: stored.length + 1, position: log.length + 1 };
      stored.push(kept);
      log.push(kept);
      ids.set(kept.id, kept);
    }
    streams.set(stream, stored);
    for (const wake of [...readers]) wake();
    return { version: stored.length, position: log.length, duplicate: false };
  }

  return {
    append: async (stream, events, expected) => append(stream, events, expected),
    readStream: (stream, range = {}) => replay(ofStream(streams.get(stream) ?? [], range)),
    readAll: (range = {}) => replay(ofLog(log, range)),
    readSpan: async (span) => contentOfSpan(log, span),
    subscribe: (options) => follow(log, readers, options),
    head: async () => log.length,
    describe: async (stream) => ({ version: streams.get(stream)?.length ?? 0, closed: closed.has(stream) }),
    close: async (stream) => {
      closed.add(stream);
    },
  };
}

/** Whether the very version is expected that the stream is at. */
const isExactly = (expected: Expected, version: number): boolean =>
  expected === 'none' ? version === 0 : typeof expected === 'object' && expected.version === version;

function isAsExpected(expected: Expected, version: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'exists') return version > 0;
  return version === (expected === 'none' ? 0 : expected.version);
}

function ofStream(events: readonly StoredEvent[], { from, backwards = false, limit }: StreamRange): readonly StoredEvent[] {
  const part = backwards ? events.slice(0, from).reverse() : events.slice((from ?? 1) - 1);
  return part.slice(0, limit);
}

function ofLog(log: readonly StoredEvent[], { after = 0, filter, limit }: LogRange): readonly StoredEvent[] {
  return log
    .slice(after)
    .filter((event) => matches(event, filter))
    .slice(0, limit);
}

function matches({ stream, type }: StoredEvent, { streamPrefixes, types }: EventFilter = {}): boolean {
  return (!types || types.includes(type)) && (!streamPrefixes || streamPrefixes.some((prefix) => stream.startsWith(prefix)));
}

const contentOfSpan = (log: readonly StoredEvent[], { after, upTo, share }: LogSpan): readonly EventContent[] =>
  log
    .slice(after, upTo)
    .filter(({ stream }) => isInShare(stream, share))
    .map(({ schemaVersion, causationId, correlationId, workflowId, runId, source, ...content }) => content);

function isInShare(stream: string, share: Share | undefined): boolean {
  if (!share) return true;
  const sum = [...stream].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0);
  return sum % share.of === share.nth;
}

async function* replay(events: readonly StoredEvent[]): AsyncGenerator<StoredEvent> {
  yield* events;
}

async function* follow(
  log: readonly StoredEvent[],
  readers: Set<() => void>,
  { after, filter, signal }: Parameters<EventStore['subscribe']>[0],
): AsyncGenerator<StoredEvent> {
  for (let position = after; !signal.aborted; ) {
    const event = log[position];
    if (!event) {
      await nextAppend(readers, signal);
      continue;
    }
    position += 1;
    if (matches(event, filter)) yield event;
  }
}

function nextAppend(readers: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      readers.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    readers.add(done);
    signal.addEventListener('abort', done);
  });
}
