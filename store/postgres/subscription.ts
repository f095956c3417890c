import { setMaxListeners } from 'node:events';
import type { Pool } from 'pg';
import type { EventFilter, StoredEvent } from '../event-store.ts';
import { portError } from './failures.ts';
import { headPosition, logPage } from './read.ts';
import type { Wake } from './wake.ts';

const pageSize = 500;
/** How long a reader relies on being woken before it looks by itself. */
const patience = 250;
/** A position after all others. */
const endless = Number.MAX_SAFE_INTEGER;

export interface SubscribeOptions {
  readonly after: number;
  readonly filter?: EventFilter;
  readonly signal: AbortSignal;
}

/**
 * Follows the log by position. The head moves only with the lock that gives positions out, so below it there is no gap to come; and as an
 * event becomes visible together with the head, what a read sees has none either.
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
      // Behind a filter nobody sees how far the log goes: what was left out would be looked through again each time.
      const upTo = filter ? ((await unlessAborted(headPosition(pool), signal)) ?? read) : undefined;
      for await (const event of logUpTo(pool, { after: read, upTo: upTo ?? endless, filter }, signal)) {
        read = event.position;
        yield event;
        if (signal.aborted) return;
      }
      read = Math.max(read, upTo ?? read);
      await wake.next(heard, patience, signal);
    }
  } finally {
    stopListening();
  }
}

/** Reads page after page until one is not full. */
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
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => resolve(undefined);
    const settle = (end: () => void): void => {
      signal.removeEventListener('abort', aborted);
      end();
    };
    signal.addEventListener('abort', aborted);
    answer.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(portError(error))),
    );
  });
}
