// How far the views have come: for health, for metrics, and for whoever wants to read what was just written.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { views } from './views.ts';

/** Where one view stands. */
export interface ViewStatus {
  readonly view: string;
  /** `stopped`: an event could not be taken, and nothing after it is shown until somebody has looked. */
  readonly state: 'caughtUp' | 'behind' | 'stopped';
  readonly position: number;
  readonly lagEvents: number;
  /** Age of the oldest event that is not shown yet, by the clock that recorded it; 0 if there is none. */
  readonly lagSeconds: number;
  /** Of a stopped view: the event that could not be taken, and why. */
  readonly stoppedAt?: number;
  readonly reason?: string;
}

interface Read {
  readonly view: string;
  readonly position: number;
  readonly head: number;
  readonly stopped_at: number | null;
  readonly reason: string | null;
  readonly recorded_at: number | null;
  readonly now: number;
}

const text = `SELECT v.view, coalesce(s.position, 0) AS position, h.position AS head, s.stopped_at, s.reason, e.recorded_at, journey_now() AS now
  FROM head h CROSS JOIN unnest($1::text[]) WITH ORDINALITY v (view, n)
  LEFT JOIN views.status s ON s.view = v.view
  LEFT JOIN events e ON e.position = coalesce(s.position, 0) + 1
  ORDER BY v.n`;

/** The status of every view; over a pool of the API's, the projector's or the writer's role. @throws the driver's error */
export async function viewStatus(pool: Pool): Promise<readonly ViewStatus[]> {
  const client = await pool.connect();
  try {
    // Only the time of one event is looked at, and it may belong to anybody.
    await client.query("BEGIN READ ONLY; SELECT set_config('caretrail.tenant', '*', true), set_config('caretrail.patients', '*', true)");
    const { rows } = await client.query<Read>(text, [views.map(({ name }) => name)]);
    return rows.map(statusOf);
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    client.release();
  }
}

function statusOf({ view, position, head, stopped_at: stoppedAt, reason, recorded_at: recordedAt, now }: Read): ViewStatus {
  const lagEvents = Math.max(0, head - position);
  const lagSeconds = recordedAt === null || lagEvents === 0 ? 0 : Math.max(0, now - recordedAt) / 1_000;
  if (stoppedAt !== null) return { view, state: 'stopped', position, lagEvents, lagSeconds, stoppedAt, reason: reason ?? '' };
  return { view, state: lagEvents === 0 ? 'caughtUp' : 'behind', position, lagEvents, lagSeconds };
}

const lookEveryMs = 20;

/** Waits until a view has reached a position, so that one reads what one wrote; false if it has not by then. @throws the driver's error */
export async function waitForPosition(pool: Pool, view: string, position: number, timeoutMs: number): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const { rowCount } = await pool.query('SELECT FROM views.status WHERE view = $1 AND position >= $2', [view, position]);
    if (rowCount === 1) return true;
    if (Date.now() + lookEveryMs > until) return false;
    await sleep(lookEveryMs);
  }
}
