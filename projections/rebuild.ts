// A view built anew beside the one that is being read: folded in memory, copied into a shadow, caught up, and put in its place.
import type { Pool, PoolClient } from 'pg';
import { foldBatch, writeBatch } from './batch.ts';
import { type FillParts, fill } from './fill.ts';
import { endWhenSilent } from './heartbeat.ts';
import { scan } from './scan.ts';
import { States } from './states.ts';
import { ensureTable, holdStatus, replaceTable } from './status-row.ts';
import { createTable, indexTable, shadowOf } from './tables.ts';
import type { View } from './view.ts';

export interface RebuildParts extends FillParts {
  /** Of the projector's role. */
  readonly pool: Pick<Pool, 'connect'>;
  /** The caller leads the view, as only one does: whoever else is at a rebuild is ended, as it may be frozen. */
  readonly leads?: boolean;
}

/** So few events are left that readers of the view do not notice the pause in which they are written. */
const fewEvents = 500;

/**
 * Builds a view anew while it is read and goes on; ends with the new table in the place of the old. Returns the position reached.
 * @throws Poison when an event cannot be taken: the old table stays; Unavailable; Error when it is being rebuilt already
 */
export async function rebuild(view: View, parts: RebuildParts): Promise<number> {
  const client = await parts.pool.connect();
  // The statement that is under way reports it.
  client.on('error', () => undefined);
  try {
    if (parts.leads) await endOthers(client, view);
    await takeLock(client, view);
    await makeShadow(client, view);
    const filled = await fill(client, view, shadowOf(view), parts);
    await indexTable(client, view, shadowOf(view));
    const caughtUp = await catchUp(client, view, parts, filled);
    return await swap(client, view, parts, caughtUp);
  } finally {
    await letGo(client);
  }
}

async function takeLock(client: PoolClient, { name }: View): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 1)) AS taken', [name]);
  if (rows[0]?.taken !== true) throw new Error(`the view ${name} is being rebuilt already`);
}

const endMs = 5_000;

/** Ends all connections that hold the lock of the view's rebuild, or the table that it fills. A frozen process holds them for ever. */
async function endOthers(client: PoolClient, view: View): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid, $3) FROM (
       SELECT DISTINCT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
         AND (locktype = 'advisory' AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 1) OR relation = to_regclass($2))
     ) AS others`,
    [view.name, shadowOf(view), endMs],
  );
}

/** A connection takes a moment to end, and with it its lock: the next rebuild need not wait for that. */
async function letGo(client: PoolClient): Promise<void> {
  await client.query('ROLLBACK; SELECT pg_advisory_unlock_all()').catch(() => undefined);
  client.release(true);
}

/** An earlier rebuild may have been cut off. */
async function makeShadow(client: PoolClient, view: View): Promise<void> {
  await client.query('BEGIN');
  await ensureTable(client, view);
  await client.query(`DROP TABLE IF EXISTS ${shadowOf(view)}`);
  await createTable(client, view, shadowOf(view));
  await client.query('COMMIT');
}

/** Applies what was appended meanwhile, until little is left. */
async function catchUp(client: PoolClient, view: View, parts: RebuildParts, from: number): Promise<number> {
  let at = from;
  for (let head = await parts.store.head(); head - at > fewEvents; head = await parts.store.head()) {
    await client.query('BEGIN');
    await apply(client, view, parts, at, head);
    await client.query('COMMIT');
    at = head;
  }
  return at;
}

async function apply(client: PoolClient, view: View, { store, signal }: RebuildParts, after: number, upTo: number): Promise<void> {
  const states = new States(store, view, 0);
  for await (const events of scan(store, { after, upTo, signal })) {
    await writeBatch(client, view, shadowOf(view), await foldBatch(view, states, events));
  }
  signal?.throwIfAborted();
}

/** The last events are written while the live view is held, so that no reader sees it go back. */
async function swap(client: PoolClient, view: View, parts: RebuildParts, from: number): Promise<number> {
  // A process that is frozen here must not hold the live view for ever.
  await endWhenSilent(client);
  await client.query('BEGIN');
  await holdStatus(client, view);
  const head = await parts.store.head();
  await apply(client, view, parts, from, head);
  await replaceTable(client, view, head);
  await client.query('COMMIT');
  return head;
}
