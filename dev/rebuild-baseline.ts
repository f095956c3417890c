// What a rebuild is measured against: the same events read by the plain driver and the same rows copied, with nothing in between.
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from, to } from 'pg-copy-streams';
import { tableOf } from '../projections/tables.ts';
import type { View } from '../projections/view.ts';

const chunk = 5_000;

/** Seconds that a raw scan of the log up to a position and a COPY of a view's rows take together. @throws the driver's error */
export async function rawSeconds(pool: Pool, view: View, upTo: number): Promise<number> {
  const client = await pool.connect();
  try {
    const scanned = await timed(() => scanLog(client, upTo));
    const rows: Buffer[] = [];
    for await (const part of client.query(to(`COPY ${tableOf(view)} TO STDOUT`))) rows.push(part as Buffer);
    await client.query(`DROP TABLE IF EXISTS views.raw_rows; CREATE TABLE views.raw_rows (LIKE ${tableOf(view)})`);
    const copied = await timed(() => pipeline(rows, client.query(from('COPY views.raw_rows FROM STDIN'))));
    return (scanned + copied) / 1_000;
  } finally {
    await client.query('DROP TABLE IF EXISTS views.raw_rows');
    client.release();
  }
}

async function scanLog(client: PoolClient, upTo: number): Promise<void> {
  for (let after = 0; after < upTo; after += chunk) {
    await client.query('SELECT * FROM events WHERE position > $1 AND position <= $2 ORDER BY position', [
      after,
      Math.min(after + chunk, upTo),
    ]);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
