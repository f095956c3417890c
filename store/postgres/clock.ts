import type { Pool } from 'pg';
import { ClockBackwards, type ClockSetting, type JourneyClock } from '../ports.ts';
import { type Database, inTransaction } from './pool.ts';

interface Row {
  readonly now: number;
  readonly realNow: number;
  /** Null while nobody has set the clock; then journey time is real time. */
  readonly anchor: number | null;
  readonly realAnchor: number | null;
  readonly scale: number | null;
}

const text = `SELECT r.now AS "realNow", c.anchor, c.real_anchor AS "realAnchor", c.scale,
    coalesce(c.anchor + floor((r.now - c.real_anchor) * c.scale)::bigint, r.now) AS now
  FROM (SELECT real_now() AS now) r LEFT JOIN journey_clock c ON true`;

/** The journey clock over a pool of the writer's role. */
export function openJourneyClock(writer: Pool): JourneyClock {
  return {
    now: async () => (await load(writer)).now,
    realTimeOf: async (at) => {
      const { anchor, realAnchor, scale } = await load(writer);
      if (anchor === null || realAnchor === null || scale === null) return at;
      return scale === 0 ? undefined : realAnchor + Math.ceil((at - anchor) / scale);
    },
    read: async () => {
      const { now, scale } = await load(writer);
      return { now, scale: scale ?? 1 };
    },
    set: (change) => inTransaction(writer, (client) => set(client, change)),
  };
}

async function load(database: Database): Promise<Row> {
  const { rows } = await database.query<Row>(text);
  if (!rows[0]) throw new Error('the clock gave no answer');
  return rows[0];
}

async function set(database: Database, { at, advance = 0, scale }: Parameters<JourneyClock['set']>[0]): Promise<ClockSetting> {
  await database.query('LOCK TABLE journey_clock IN SHARE ROW EXCLUSIVE MODE');
  const before = await load(database);
  const now = (at ?? before.now) + advance;
  const isFirst = before.anchor === null;
  if (advance < 0 || (now < before.now && !isFirst))
    throw new ClockBackwards(`the clock stands at ${before.now} and cannot go back to ${now}`);
  const setting = { now, scale: scale ?? before.scale ?? 1 };
  await database.query(
    `INSERT INTO journey_clock (anchor, real_anchor, scale) VALUES ($1, $2, $3)
     ON CONFLICT (only_row) DO UPDATE SET anchor = excluded.anchor, real_anchor = excluded.real_anchor, scale = excluded.scale`,
    [now, before.realNow, setting.scale],
  );
  return setting;
}
