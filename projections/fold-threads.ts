// A rebuild's fold shared out: other threads take their parts of the streams, each over connections of its own.
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Share } from '../store/event-store.ts';
import { Poison } from './states.ts';
import type { TableHandle } from './tables.ts';
import type { View } from './view.ts';

/** More of them would wait for the database. */
const mostThreads = 3;

/** What a thread is told when it starts. */
export interface ThreadWork {
  readonly databaseUrl: string;
  readonly view: string;
  readonly table: TableHandle;
  readonly share: Share;
  readonly upTo: number;
  /** Streams held in memory at once. */
  readonly held: number;
}

/** What a thread says: how far it is, or which event it cannot take. */
export type ThreadWord = { readonly position: number } | { readonly poison: Pick<Poison, 'position' | 'reason' | 'cause'> };

export interface ThreadOptions extends Pick<ThreadWork, 'table' | 'share' | 'upTo' | 'held'> {
  readonly signal: AbortSignal;
  readonly onProgress: (position: number) => void;
}

/** Threads that fold the program's own views beside the caller's. */
export interface FoldThreads {
  readonly count: number;
  /** Copies the rows of a share of the streams into an empty table. @throws Poison, AbortError, what else ended the thread */
  fold(view: View, options: ThreadOptions): Promise<void>;
}

/** As many threads as there are processors, but for the caller's own. */
const usual = { count: Math.min(availableParallelism() - 1, mostThreads), program: new URL('./fold-thread.js', import.meta.url) };

/** Threads whose connections are of the projector's role, and which run the compiled `fold-thread`. */
export const foldThreads = (databaseUrl: string, { count, program } = usual): FoldThreads => ({
  count,
  fold: ({ name: view }, { signal, onProgress, ...work }) =>
    ended(new Worker(program, { workerData: { databaseUrl, view, ...work } satisfies ThreadWork }), signal, onProgress),
});

async function ended(thread: Worker, signal: AbortSignal, onProgress: (position: number) => void): Promise<void> {
  const refused: Poison[] = [];
  thread.on('message', (word: ThreadWord) => {
    if ('position' in word) onProgress(word.position);
    else refused.push(new Poison(word.poison.position, word.poison.reason, word.poison.cause));
  });
  // Heard below as long as it is waited for; unheard, one that comes after the signal would end the process.
  thread.on('error', () => undefined);
  try {
    await once(thread, 'exit', { signal });
  } finally {
    await thread.terminate();
  }
  if (refused[0]) throw refused[0];
}
