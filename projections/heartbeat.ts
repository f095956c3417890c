// A connection that holds a lock must be heard of: the database ends one that has fallen silent, and the lock goes with it.
import type { PoolClient } from 'pg';
import { pause } from './pause.ts';

type Client = Pick<PoolClient, 'query'>;

/** Milliseconds of real time. */
export interface Timing {
  readonly beatEvery: number;
  /** Whoever has not been heard of for so long, inside a transaction or outside, holds no lock any more. */
  readonly silence: number;
}

/** A process must be late for five beats before another takes its place. */
export const usualTiming: Timing = { beatEvery: 1_000, silence: 5_000 };

/** Lets the database end this connection once it has been silent for so long: that of a frozen process. @throws the driver's error */
export async function endWhenSilent(client: Client, { silence }: Pick<Timing, 'silence'> = usualTiming): Promise<void> {
  await client.query("SELECT set_config('idle_session_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $1, false)", [
    String(silence),
  ]);
}

/** Is heard of on a connection that does nothing else, until the signal aborts. @throws the driver's error */
export async function beat(client: Client, signal: AbortSignal, { beatEvery }: Pick<Timing, 'beatEvery'> = usualTiming): Promise<void> {
  while (!signal.aborted) {
    await pause(beatEvery, signal);
    if (!signal.aborted) await client.query('SELECT');
  }
}

/** What the work gives or throws; the connection, which the work leaves alone, is heard of meanwhile. */
export async function whileBeating<T>(client: Client, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const settled = work.finally(() => over.abort());
  // It is awaited below; a failure that comes before must not count as unheard.
  settled.catch(() => undefined);
  // A connection that is lost says so by its own event, and whoever uses it next hears it too.
  await beat(client, over.signal).catch(() => undefined);
  return settled;
}

/** The same items; the connection is heard of while one is waited for. */
export async function* beatingBetween<T>(client: Client, items: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let next = await whileBeating(client, items.next()); !next.done; next = await whileBeating(client, items.next())) yield next.value;
  } finally {
    await items.return(undefined);
  }
}
