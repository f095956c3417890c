// One of the threads of a rebuild: folds its share of the streams and copies their rows.
import { parentPort, workerData } from 'node:worker_threads';
import { openEventStore } from '../store/postgres/event-store.ts';
import { openPool } from '../store/postgres/pool.ts';
import { bulkFold } from './bulk-fold.ts';
import type { ThreadWord, ThreadWork } from './fold-threads.ts';
import { Poison } from './states.ts';
import { holdTable } from './tables.ts';
import { viewOf } from './views.ts';

/** One that copies, and one that reads. */
const connections = 2;

const say = (word: ThreadWord): void => parentPort?.postMessage(word);

const { databaseUrl, view: name, table, ...work } = workerData as ThreadWork;
const view = viewOf(name);
if (!view) throw new Error(`there is no view ${name}`);
const pool = openPool(databaseUrl, connections);
const client = await pool.connect();
try {
  await client.query('BEGIN');
  // The rebuild's lock belongs to a connection of its own: if that was lost, the table may be another rebuild's by now.
  await holdTable(client, table);
  const onProgress = (position: number): void => say({ position });
  await bulkFold(client, view, table.name, { ...work, store: openEventStore(pool), after: 0, onProgress });
  await client.query('COMMIT');
} catch (error) {
  if (!(error instanceof Poison)) throw error;
  const { position, reason, cause } = error;
  say({ poison: { position, reason, cause } });
} finally {
  client.release(true);
  await pool.end();
}
