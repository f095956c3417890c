import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';

/** Tells readers, here and in other processes, that there is something new. It may fail in silence: readers poll as well. */
export interface Wake {
  /** How often it has rung; hand it to `next` to miss none. */
  count(): number;
  /** Returns when it has rung since, when the time is over, or when the signal aborts. */
  next(since: number, patience: number, signal: AbortSignal): Promise<void>;
  ring(): void;
  /** Hears other processes until the function that it returns is called. */
  listen(): () => void;
}

const channel = 'caretrail_appended';
/** Does not wait for the disk: a lost message does no harm. */
const notify = `SET LOCAL synchronous_commit = off; NOTIFY ${channel}`;

/** A wake over the database's notifications. */
export function openWake(pool: Pool): Wake {
  const waiting = new Set<() => void>();
  let count = 0;
  const rouse = () => {
    count += 1;
    for (const wake of [...waiting]) wake();
  };
  const tell = teller(pool);
  return {
    count: () => count,
    next: (since, patience, signal) => (since === count ? waitFor(waiting, patience, signal) : Promise.resolve()),
    ring: () => {
      rouse();
      tell();
    },
    listen: listener(pool, rouse),
  };
}

function waitFor(waiting: Set<() => void>, patience: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      waiting.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, patience);
    waiting.add(done);
    signal.addEventListener('abort', done);
  });
}

/** Milliseconds between two notifications. Under load each wakes its readers for all that was appended meanwhile; a single one goes out at once. */
const restMs = 5;

/** One notification under way at a time; those asked for meanwhile, and in the moment after it, become one more. */
function teller(pool: Pool): () => void {
  let busy = false;
  let again = false;
  const send = async () => {
    do {
      again = false;
      await pool.query(notify).catch(() => undefined);
      await pause(restMs, undefined, { ref: false });
    } while (again);
    busy = false;
  };
  return () => {
    again = true;
    if (busy) return;
    busy = true;
    void send();
  };
}

/** One connection listens for all readers of this store, as long as there is one. */
function listener(pool: Pool, rouse: () => void): () => () => void {
  let readers = 0;
  let connection: Promise<() => void> | undefined;

  const leave = () => {
    readers -= 1;
    if (readers > 0) return;
    void connection?.then((end) => end());
    connection = undefined;
  };
  return () => {
    readers += 1;
    connection ??= connect(pool, rouse, () => {
      connection = undefined;
    });
    return leave;
  };
}

/** Returns what ends the connection; `lost` is called when it could not be had or breaks. */
async function connect(pool: Pool, rouse: () => void, lost: () => void): Promise<() => void> {
  const client = await pool.connect().catch(() => undefined);
  if (!client) {
    lost();
    return () => undefined;
  }
  let held = true;
  // The connection is not given back for others: one that listens would keep every message for them.
  const end = () => {
    if (held) client.release(true);
    held = false;
  };
  const broken = () => {
    end();
    lost();
  };
  client.on('notification', rouse);
  client.once('error', broken);
  await client.query(`LISTEN ${channel}`).catch(broken);
  return end;
}
