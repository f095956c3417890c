import type { EventContent, EventStore, LogSpan } from '../store/event-store.ts';

export interface ScanOptions extends LogSpan {
  readonly signal?: AbortSignal | undefined;
}

/** Small enough for a chunk to be forgotten before it grows old. */
const chunk = 1_000;
/** Chunks that the store reads while one is being folded. */
const ahead = 2;

/** Reads a part of the log in chunks, with the next ones already on their way: positions have no gap, so each chunk is known before. */
export async function* scan(
  store: Pick<EventStore, 'readSpan'>,
  { after, upTo, share, signal }: ScanOptions,
): AsyncGenerator<readonly EventContent[]> {
  const coming: Promise<readonly EventContent[]>[] = [];
  let asked = after;
  const ask = (): void => {
    if (asked >= upTo) return;
    const chunkRead = store.readSpan({ after: asked, upTo: Math.min(asked + chunk, upTo), share });
    // It is awaited in its turn; a failure that comes before must not count as unheard.
    chunkRead.catch(() => undefined);
    coming.push(chunkRead);
    asked += chunk;
  };
  for (let i = 0; i <= ahead; i += 1) ask();
  for (let next = coming.shift(); next && !signal?.aborted; next = coming.shift()) {
    yield await next;
    ask();
  }
}
