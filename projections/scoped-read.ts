// A read of views for the API: one transaction, one snapshot, and only the rows of the scope.
import type { Pool, PoolClient } from 'pg';
import { Unavailable } from '../store/event-store.ts';
import type { Scope } from '../store/ports.ts';
import { isLasting, isMissingTable } from './failures.ts';

/** The tables are locked before the snapshot is taken, so that a rebuild cannot swap one of them in between. */
const begin = (tables: readonly string[]): string =>
  `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE ${tables.map((table) => `views.${table}`).join(', ')} IN ACCESS SHARE MODE`;

/**
 * Runs a read over a pool of the API's role, within a scope.
 * @throws Unavailable when the database does not answer, or a view was never built
 */
export async function within<T>(
  pool: Pool,
  { tenant, patients }: Scope,
  tables: readonly string[],
  read: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch(unavailable);
  let isBroken = false;
  try {
    await client.query(begin(tables));
    await client.query("SELECT set_config('caretrail.tenant', $1, true), set_config('caretrail.patients', $2, true)", [
      tenant,
      patients === '*' ? '*' : patients.join(','),
    ]);
    return await read(client);
  } catch (error) {
    return unavailable(error);
  } finally {
    await client.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}

function unavailable(error: unknown): never {
  if (isMissingTable(error)) throw new Unavailable('the view has not been built yet', { cause: error });
  if (error instanceof TypeError || isLasting(error)) throw error;
  throw new Unavailable('the database did not answer', { cause: error });
}

/** How far views have come, as of the read's snapshot; the least of them. @throws the driver's error */
export async function positionOf(client: PoolClient, names: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ position: number | null }>(
    'SELECT min(position) AS position FROM views.status WHERE view = ANY ($1)',
    [names],
  );
  return rows[0]?.position ?? 0;
}
