import { deepStrictEqual } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, NewEvent, StoredEvent } from '../../store/event-store.ts';

/** All that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A store that never answers must fail the test that asks it, soon. @throws Error when the time is over */
export async function within<T>(milliseconds: number, what: string, answer: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what} took more than ${milliseconds} ms`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

/** Expects the rejection to be this error. Returns it. @throws Error when the promise is kept or rejected with another */
export async function rejection<E extends Error>(kind: new (...args: never[]) => E, promise: Promise<unknown>): Promise<E> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof kind) return error;
  throw new Error(`expected ${kind.name}, got ${error ?? 'no error'}`);
}

/** The events of a stream, without what the store gave out. */
export async function contents(store: EventStore, stream: string): Promise<NewEvent[]> {
  const events = await collect(store.readStream(stream));
  deepStrictEqual(
    events.map(({ version }) => version),
    events.map((_, index) => index + 1),
    'versions begin at 1 and have no hole',
  );
  return events.map(withoutPlace);
}

/** The event as it was appended. */
export function withoutPlace({ stream, version, position, ...event }: StoredEvent): NewEvent {
  return event;
}

/** A subscription under way. */
export interface Follower {
  readonly seen: readonly StoredEvent[];
  /** Returns when it has seen that many. @throws Error when they do not come */
  until(count: number): Promise<void>;
  /** Aborts it and waits for its end. @throws what the subscription threw */
  stop(): Promise<void>;
}

/** Longer than any store needs on a busy machine, in milliseconds. */
const patience = 10_000;

/** Follows a store and keeps what it gives. */
export function follow(store: EventStore, options: Omit<Parameters<EventStore['subscribe']>[0], 'signal'>): Follower {
  const seen: StoredEvent[] = [];
  const abort = new AbortController();
  const ended = (async () => {
    for await (const event of store.subscribe({ ...options, signal: abort.signal })) seen.push(event);
  })();
  // Heard when it is stopped; until then an early failure must not end the process.
  ended.catch(() => undefined);
  const endedEarly = ended.then(() => {
    throw new Error(`the subscription ended by itself after ${seen.length} events`);
  });
  endedEarly.catch(() => undefined);
  const until = async (count: number) => {
    const end = Date.now() + patience;
    while (seen.length < count) {
      if (Date.now() > end) throw new Error(`${seen.length} of ${count} events came in ${patience} ms`);
      await Promise.race([pause(5), endedEarly]);
    }
  };
  return {
    seen,
    until,
    stop: () => {
      abort.abort();
      return within(patience, 'the end of an aborted subscription', ended);
    },
  };
}
