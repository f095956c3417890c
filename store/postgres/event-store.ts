import type { Pool } from 'pg';
import { admit } from '../admission.ts';
import type { EventStore, LogRange, StoredEvent, StreamDescription, StreamRange } from '../event-store.ts';
import { appendQueue } from './append-queue.ts';
import { portError } from './failures.ts';
import { headPosition, logPage, logSpan, streamPage } from './read.ts';
import { subscribe } from './subscription.ts';
import { openWake } from './wake.ts';

const pageSize = 500;

/**
 * The event store over a pool of the writer's role. Reads throw Unavailable when the database is lost, subscriptions too: subscribe
 * again after the last event. Subscriptions together hold one connection of the pool; end them before the pool. `flushed` hears how
 * many events each flush has stored.
 */
export function openEventStore(writer: Pool, flushed: (events: number) => void = () => undefined): EventStore {
  const wake = openWake(writer);
  const append = appendQueue(writer, (events) => {
    wake.ring();
    flushed(events);
  });
  return {
    append: async (stream, events, expected) => append({ stream, events: admit(events), expected }),
    readStream: (stream, range = {}) => readStream(writer, stream, range),
    readAll: (range = {}) => readAll(writer, range),
    readSpan: (span) => logSpan(writer, span).catch(rethrow),
    subscribe: (options) => subscribe(writer, wake, options),
    head: () => headPosition(writer).catch(rethrow),
    describe: (stream) => describe(writer, stream).catch(rethrow),
    close: async (stream) => {
      await writer.query('SELECT public.close_stream($1)', [stream]).catch(rethrow);
    },
  };
}

function rethrow(error: unknown): never {
  throw portError(error);
}

async function* readStream(
  pool: Pool,
  stream: string,
  { from, backwards = false, limit = Infinity }: StreamRange,
): AsyncGenerator<StoredEvent> {
  let next = from ?? (backwards ? Number.MAX_SAFE_INTEGER : 1);
  for (let left = limit; left > 0; left -= pageSize) {
    const size = Math.min(left, pageSize);
    const page = await streamPage(pool, stream, next, backwards, size).catch(rethrow);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < size) return;
    next = last.version + (backwards ? -1 : 1);
  }
}

async function* readAll(pool: Pool, { after = 0, filter, limit = Infinity }: LogRange): AsyncGenerator<StoredEvent> {
  const upTo = await headPosition(pool).catch(rethrow);
  let next = after;
  for (let left = limit; left > 0; left -= pageSize) {
    const size = Math.min(left, pageSize);
    const page = await logPage(pool, { after: next, upTo, filter }, size).catch(rethrow);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < size) return;
    next = last.position;
  }
}

async function describe(pool: Pool, stream: string): Promise<StreamDescription> {
  const text = `SELECT coalesce((SELECT version FROM events WHERE stream = $1 ORDER BY version DESC LIMIT 1), 0) AS version,
    EXISTS (SELECT FROM closed_streams WHERE stream = $1) AS closed`;
  const { rows } = await pool.query<StreamDescription>({ name: 'describe', text, values: [stream] });
  return rows[0] ?? { version: 0, closed: false };
}
