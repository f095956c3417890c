import { setImmediate as tick } from 'node:timers/promises';
import type { EventStore, StoredEvent } from '../store/event-store.ts';

interface BatchOptions {
  readonly after: number;
  /** The most events that a batch may hold. */
  readonly size: number;
  readonly signal: AbortSignal;
}

/** Follows the log in batches: whatever is there already comes together, and nothing waits for more. @throws Unavailable */
export async function* batchesOf(store: EventStore, { after, size, signal }: BatchOptions): AsyncGenerator<readonly StoredEvent[]> {
  const ending = new AbortController();
  const events = store.subscribe({ after, signal: AbortSignal.any([signal, ending.signal]) })[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<StoredEvent>> => {
    const answer = events.next();
    // It is awaited later; a failure that comes before must not count as unheard.
    answer.catch(() => undefined);
    return answer;
  };
  let next = ask();
  try {
    for (let first = await next; !first.done; first = await next) {
      const batch = [first.value];
      next = ask();
      while (batch.length < size) {
        const more = await Promise.race([next, tick(undefined)]);
        if (more === undefined || more.done) break;
        batch.push(more.value);
        next = ask();
      }
      yield batch;
    }
  } finally {
    // Whoever leaves early must not wait for the next event.
    ending.abort();
    await events.return?.();
  }
}
