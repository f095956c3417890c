import type { Idempotency, IdempotencyState } from '../ports.ts';
import type { Database } from './pool.ts';

/** An answer is kept for 30 days (domain reference 12). */
const expired = "claimed_at < now() - interval '30 days'";

interface Row {
  readonly bodyHash: string;
  readonly status: number | null;
  readonly body: unknown;
}

/** The answers to requests over a pool of the writer's role; each new claim clears away a few that have expired. */
export function openIdempotency(writer: Database): Idempotency {
  return {
    claim: (client, route, key, bodyHash) => claim(writer, [client, route, key], bodyHash),
    answer: async (client, route, key, status, body) => {
      await writer.query('UPDATE idempotency SET status = $4, body = $5 WHERE client = $1 AND route = $2 AND key = $3 AND status IS NULL', [
        client,
        route,
        key,
        status,
        JSON.stringify(body),
      ]);
    },
  };
}

async function claim(database: Database, request: readonly string[], bodyHash: string): Promise<IdempotencyState> {
  await forgetExpired(database, request);
  const inserted = await database.query(
    'INSERT INTO idempotency (client, route, key, body_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [...request, bodyHash],
  );
  if (inserted.rowCount === 1) return { kind: 'new' };
  const { rows } = await database.query<Row>(
    'SELECT body_hash AS "bodyHash", status, body FROM idempotency WHERE client = $1 AND route = $2 AND key = $3',
    [...request],
  );
  const [row] = rows;
  if (row && row.bodyHash !== bodyHash) return { kind: 'other-body' };
  if (!row || row.status === null) return { kind: 'new' };
  return { kind: 'answered', status: row.status, body: row.body };
}

/** More than one claim can add, so that what has expired does not pile up. */
async function forgetExpired(database: Database, request: readonly string[]): Promise<void> {
  await database.query(
    `DELETE FROM idempotency WHERE ${expired} AND ((client = $1 AND route = $2 AND key = $3)
       OR ctid = ANY (ARRAY(SELECT ctid FROM idempotency WHERE ${expired} LIMIT 10)))`,
    [...request],
  );
}
