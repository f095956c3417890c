// Of several workers one reads the log, the inbox and what is due; the others stand by.
import type { Pool, PoolClient } from 'pg';
import { beat, endWhenSilent, type Timing, usualTiming } from '../projections/heartbeat.ts';
import { pause, type RunningReader, type Trouble } from './reader.ts';

export interface LeaderOptions {
  /** Of the writer's role; whoever leads holds one of its connections. */
  readonly pool: Pick<Pool, 'connect'>;
  /** What is led: one leader for each name. */
  readonly name: string;
  /** Starts what only one worker is to do. */
  readonly lead: () => readonly RunningReader[];
  readonly report: (trouble: Trouble) => void;
  readonly timing?: Partial<Timing>;
}

/**
 * Leads as long as the lock is held, and tries again when it is lost. The lock goes with its connection, and the database ends a
 * connection that has fallen silent: a worker that is frozen does not keep the others from the work. Whoever wakes up late may do a few things
 * again, which their ids make harmless; the lock spares work, it is no fence.
 */
export function startLeader(options: LeaderOptions): RunningReader {
  const ending = new AbortController();
  const running = run(options, { ...usualTiming, ...options.timing }, ending.signal);
  return {
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

async function run(options: LeaderOptions, timing: Timing, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await lead(options, timing, signal).catch((error: unknown) => options.report({ reader: options.name, error }));
    await pause(timing.beatEvery, signal);
  }
}

async function lead({ pool, name, lead: start }: LeaderOptions, timing: Timing, signal: AbortSignal): Promise<void> {
  const client = await pool.connect();
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  try {
    if (!(await takeLock(client, name, timing))) return;
    const led = start();
    try {
      await beat(client, AbortSignal.any([signal, lost.signal]), timing);
    } finally {
      await Promise.all(led.map((reader) => reader.stop()));
    }
  } finally {
    // The lock goes with the connection.
    client.release(true);
  }
}

async function takeLock(client: PoolClient, name: string, timing: Timing): Promise<boolean> {
  await endWhenSilent(client, timing);
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [
    `caretrail ${name}`,
  ]);
  return rows[0]?.taken === true;
}
