import type { Pool } from 'pg';
import { migrations } from './migrations/index.ts';
import { type Database, inTransaction } from './pool.ts';

/**
 * Brings the database up to this program's version, forward only, each step in a transaction of its own; done before, nothing happens.
 * @throws Error when the database is newer than the program; the driver's error when a step fails
 */
export async function migrate(owner: Pool): Promise<void> {
  await inTurn(owner, async (client) => {
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (id integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await refuseNewer(client);
  });
  for (const migration of migrations) await inTurn(owner, (client) => apply(client, migration));
}

/** Two processes that start together take turns. */
function inTurn(owner: Pool, work: (client: Database) => Promise<void>): Promise<void> {
  return inTransaction(owner, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('caretrail migrations'))");
    await work(client);
  });
}

async function refuseNewer(owner: Database): Promise<void> {
  const newest = migrations.at(-1)?.id ?? 0;
  const { rows } = await owner.query<{ name: string }>('SELECT name FROM migrations WHERE id > $1 ORDER BY id LIMIT 1', [newest]);
  if (rows[0]) throw new Error(`the database is newer than this program: it has the migration "${rows[0].name}"`);
}

async function apply(owner: Database, { id, name, sql }: (typeof migrations)[number]): Promise<void> {
  const { rowCount } = await owner.query('SELECT FROM migrations WHERE id = $1', [id]);
  if (rowCount !== 0) return;
  await owner.query(sql);
  await owner.query('INSERT INTO migrations (id, name) VALUES ($1, $2)', [id, name]);
}
