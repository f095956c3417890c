// The long part of a rebuild: the whole log folded into an empty table, each share of the streams by itself.
import type { PoolClient } from 'pg';
import type { EventStore } from '../store/event-store.ts';
import { bulkFold } from './bulk-fold.ts';
import type { FoldThreads } from './fold-threads.ts';
import { handleOf } from './tables.ts';
import type { View } from './view.ts';

export interface FillParts {
  readonly store: EventStore;
  readonly signal?: AbortSignal | undefined;
  /** Streams held in memory at once. */
  readonly held?: number;
  /** Threads that take their shares; default none, then the caller folds all of them. */
  readonly threads?: FoldThreads | undefined;
  readonly onProgress?: (told: { readonly position: number; readonly head: number }) => void;
}

const defaultHeld = 50_000;

/**
 * Fills an empty table with the rows of all events up to the head, and returns its position.
 * @throws Poison of the first event that one of the shares could not take; Unavailable, the driver's error, the signal's reason
 */
export async function fill(client: PoolClient, view: View, name: string, parts: FillParts): Promise<number> {
  const { store, threads, held = defaultHeld } = parts;
  const upTo = await store.head();
  const table = await handleOf(client, name);
  const of = 1 + (threads?.count ?? 0);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ...(parts.signal ? [parts.signal] : [])]);
  const tell = progressOf(of, (position) => parts.onProgress?.({ position, head: upTo }));
  const folding = Array.from({ length: of }, (_, nth) => {
    const share = { nth, of };
    const options = { share, upTo, held: Math.ceil(held / of), signal, onProgress: (position: number) => tell(nth, position) };
    if (nth > 0 && threads) return threads.fold(view, { ...options, table });
    return bulkFold(client, view, name, { ...options, store, after: 0 });
  });
  // One that fails ends the others, and only when all have ended may the table go.
  await Promise.all(folding.map((share) => share.catch((error: unknown) => over.abort(error))));
  signal.throwIfAborted();
  return upTo;
}

/** Tells how far all of the shares are. */
function progressOf(shares: number, tell: (position: number) => void): (nth: number, position: number) => void {
  const reached = Array.from({ length: shares }, () => 0);
  return (nth, position) => {
    reached[nth] = position;
    tell(Math.min(...reached));
  };
}
