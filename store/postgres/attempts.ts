import type { Attempt, AttemptLedger, Attempts, EffectOutcome } from '../ports.ts';
import type { Database } from './pool.ts';

interface Row {
  readonly outcome: EffectOutcome | null;
  readonly result: unknown;
}

/**
 * The attempts over a pool of the writer's role. A settled outcome stands, but for `unknown`, which a later answer replaces;
 * settling an attempt that was never begun throws.
 */
export function openAttempts(writer: Database): Attempts & AttemptLedger {
  return {
    begin: (effectId, attempt) => begin(writer, effectId, attempt),
    settle: async (effectId, attempt, outcome, result) => {
      const { rowCount } = await writer.query(
        `UPDATE attempts SET
           result = CASE WHEN outcome IS NULL OR outcome = 'unknown' THEN $4 ELSE result END,
           outcome = CASE WHEN outcome IS NULL OR outcome = 'unknown' THEN $3 ELSE outcome END
         WHERE effect_id = $1 AND attempt = $2`,
        [effectId, attempt, outcome, JSON.stringify(result)],
      );
      if (rowCount === 0) throw new Error(`attempt ${attempt} of the effect ${effectId} was never begun`);
    },
    look: async (effectId, attempt) => {
      const { rows } = await writer.query<Row & { readonly age: number }>(
        `SELECT outcome, result, floor(extract(epoch FROM clock_timestamp() - begun_at) * 1000)::bigint AS age
         FROM attempts WHERE effect_id = $1 AND attempt = $2`,
        [effectId, attempt],
      );
      const [row] = rows;
      return row && { ...attemptOf(row), age: row.age };
    },
  };
}

async function begin(database: Database, effectId: string, attempt: number): Promise<Attempt | undefined> {
  const key = [effectId, attempt];
  const { rowCount } = await database.query('INSERT INTO attempts (effect_id, attempt) VALUES ($1, $2) ON CONFLICT DO NOTHING', key);
  if (rowCount === 1) return undefined;
  const { rows } = await database.query<Row>('SELECT outcome, result FROM attempts WHERE effect_id = $1 AND attempt = $2', key);
  return rows[0] ? attemptOf(rows[0]) : {};
}

const attemptOf = ({ outcome, result }: Row): Attempt => (outcome ? { outcome, ...(result !== null && { result }) } : {});
