// The row of views.status that belongs to one view: its checkpoint, and what fences off whoever is behind it.
import type { PoolClient } from 'pg';
import type { Poison } from './states.ts';
import { createTable, indexTable, shadowOf, tableOf } from './tables.ts';
import type { View } from './view.ts';

/** Where a view's table stands. */
export interface Standing {
  readonly generation: number;
  readonly position: number;
}

interface StatusRow extends Standing {
  readonly version: number;
  readonly state: 'running' | 'stopped';
}

/** The status of a view; undefined before its table has ever been made. @throws the driver's error */
export async function readStatus(client: Pick<PoolClient, 'query'>, { name }: View): Promise<StatusRow | undefined> {
  const text = 'SELECT version, generation, position, state FROM views.status WHERE view = $1';
  const { rows } = await client.query<StatusRow>(text, [name]);
  return rows[0];
}

/** Makes the table of a view, empty, if it was never made. Inside a transaction. @throws the driver's error */
export async function ensureTable(client: PoolClient, view: View): Promise<void> {
  // Only who makes a table takes the lock of all views: a rebuild may be frozen inside its transaction.
  if (await readStatus(client, view)) return;
  await client.query("SELECT pg_advisory_xact_lock(hashtext('caretrail view tables'))");
  if (await readStatus(client, view)) return;
  await createTable(client, view, tableOf(view));
  await indexTable(client, view, tableOf(view));
  await client.query('INSERT INTO views.status (view, version) VALUES ($1, $2)', [view.name, view.version]);
}

/** Moves the checkpoint inside a transaction; false if somebody else has moved it or replaced the table. @throws the driver's error */
export async function moveCheckpoint(client: PoolClient, { name }: View, from: Standing, to: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE views.status SET position = $4, state = 'running', stopped_at = NULL, reason = NULL, updated_at = now()
     WHERE view = $1 AND generation = $2 AND position = $3`,
    [name, from.generation, from.position, to],
  );
  return rowCount === 1;
}

/** Marks a view as stopped before a poison event, for everybody to see. @throws the driver's error */
export async function markStopped(client: PoolClient, { name }: View, { position, reason }: Poison): Promise<void> {
  await client.query(`UPDATE views.status SET state = 'stopped', stopped_at = $2, reason = $3, updated_at = now() WHERE view = $1`, [
    name,
    position,
    reason,
  ]);
}

/**
 * Puts the shadow in the place of the view's table, with the checkpoint that it stands for. Inside the transaction that holds the
 * status. @throws the driver's error
 */
export async function replaceTable(client: PoolClient, view: View, to: number): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${tableOf(view)}; ALTER TABLE ${shadowOf(view)} RENAME TO ${view.name}`);
  await client.query(
    `UPDATE views.status SET version = $2, generation = generation + 1, position = $3, state = 'running', stopped_at = NULL,
       reason = NULL, updated_at = now() WHERE view = $1`,
    [view.name, view.version, to],
  );
}

/** Holds the checkpoint until the transaction ends: nobody else advances the view meanwhile. @throws the driver's error */
export async function holdStatus(client: PoolClient, { name }: View): Promise<void> {
  await client.query('SELECT FROM views.status WHERE view = $1 FOR UPDATE', [name]);
}
