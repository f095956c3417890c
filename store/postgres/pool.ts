import pg from 'pg';

/** What runs a statement: a pool, or one of its clients inside a transaction. */
export type Database = Pick<pg.Pool, 'query'>;

const int8 = 20;

/** Instants and positions are bigints below 2^53: read them as numbers, here and not for every user of the driver. */
function types(): pg.CustomTypesConfig {
  const overrides = new pg.TypeOverrides();
  overrides.setTypeParser(int8, Number);
  return overrides;
}

/** A pool of connections as the adapters of the store need it. Whoever opens it ends it. */
export function openPool(connectionString: string, max = 10): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    types: types(),
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    application_name: 'caretrail',
  });
  // A connection lost while idle concerns nobody: the next statement opens another. Unheard, the event would end the process.
  pool.on('error', () => undefined);
  // One lost between two statements of a transaction fails the next of them.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * Runs the work in one transaction, on one connection.
 * @throws what the work or the database throws, after a rollback
 */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    const failed = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client.release(failed);
    throw error;
  }
}
