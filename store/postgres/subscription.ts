import { once, setMaxListeners } from 'node:events';
import type { Pool } from 'pg';
import type { EventFilter, StoredEvent } from '../event-store.ts';
import { portError } from './failures.ts';
import { headPosition, logPage } from './read.ts';
import type { Wake } from './wake.ts';

const pageSize = 500;
/** How long a reader relies on being woken before it looks by itself. */
const patience = 250;

export interface SubscribeOptions {
  readonly after: number;
  readonly filter?: EventFilter;
  readonly signal: AbortSignal;
}

/**
 * Follows the log by position. The head moves only with the lock that gives positions out, so below it there is no gap to come.
 * @throws Unavailable when the database is lost; subscribe again after the last event
 */
export async function* subscribe(pool: Pool, wake: Wake, { after, filter, signal }: SubscribeOptions): AsyncGenerator<StoredEvent> {
  // One signal may end the subscriptions of a whole process.
  setMaxListeners(0, signal);
  const stopListening = wake.listen();
  try {
    let read = after;
    while (!signal.aborted) {
      const heard = wake.count();
      const upTo = (await unlessAborted(headPosition(pool), signal)) ?? read;
      if (upTo <= read) await wake.next(heard, patience, signal);
      for await (const event of logUpTo(pool, { after: read, upTo, filter }, signal)) {
        yield event;
        if (signal.aborted) return;
      }
      read = Math.max(read, upTo);
    }
  } finally {
    stopListening();
  }
}

async function* logUpTo(pool: Pool, span: { after: number; upTo: number; filter: EventFilter | undefined }, signal: AbortSignal) {
  let { after } = span;
  while (after < span.upTo) {
    const page = (await unlessAborted(logPage(pool, { ...span, after }, pageSize), signal)) ?? [];
    yield* page;
    if (page.length < pageSize) return;
    after = page.at(-1)?.position ?? span.upTo;
  }
}

/** The answer, or undefined as soon as the signal aborts: nobody waits for a slow query then. */
async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([answer, aborted]);
  } catch (error) {
    throw portError(error);
  } finally {
    settled.abort();
  }
}
