/**
 * (d): a rebuild of the board from a million events, against a raw scan of the log and a COPY of the same rows. What is run is the command
 * for it, `npm run rebuild -- board`, in a process of its own; it takes both measures, one after the other.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pool } from 'pg';
import type { StoredEvent } from '../../store/event-store.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { projectRoot } from '../project-root.ts';
import { compared, type Measured, rounded, undisturbed, type Wishes } from './measure.ts';
import { openOwnDatabase, removeOwnDatabase } from './own-database.ts';
import { playedEvents } from './played.ts';
import type { Setting } from './setting.ts';

const million = 1_000_000;
/** Journeys that are under way at the same time, their events mixed. */
const open = 1_000;

/** Measures (d) `rebuild`. */
export async function measureRebuild(setting: Setting, wishes: Wishes): Promise<Readonly<Record<string, Measured>>> {
  const sample = await playedEvents(setting);
  const folder = join(setting.folder, 'rebuild');
  const database = await openOwnDatabase(folder);
  try {
    const owner = openPool(database.url('owner'), 1);
    const events = await multiply(owner, sample);
    await owner.end();
    const pids = [process.pid, database.pid, setting.temporalPid, setting.postgresPid];
    const { result, foreign } = await undisturbed(pids, wishes, () => rebuildBoard(database.url('projector')));
    return { rebuild: { ...compared(result.rebuilt, result.raw, 'events/s'), more: { events, foreign: rounded(foreign) } } };
  } finally {
    await database.stop();
    await removeOwnDatabase(folder);
  }
}

/** Writes a journey's events again and again, each time as a journey of its own, until there are a million. Returns how many there are. */
async function multiply(owner: Pool, sample: readonly StoredEvent[]): Promise<number> {
  const groups = Math.ceil(million / (open * sample.length));
  await owner.query('CREATE TEMP TABLE sample AS SELECT * FROM events WITH NO DATA');
  await owner.query(`INSERT INTO sample SELECT * FROM jsonb_populate_recordset(NULL::events, $1::jsonb)`, [
    JSON.stringify(sample.map(rowOf)),
  ]);
  const columns = ['event_id', 'stream', 'position'];
  const { rows } = await owner.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'events'::regclass AND attnum > 0 AND attname <> ALL ($1)`,
    [columns],
  );
  const others = rows.map(({ name }) => name).join(', ');
  const size = open * sample.length;
  for (let group = 0; group < groups; group += 1) {
    await owner.query(
      `INSERT INTO events (${columns.join(', ')}, ${others})
       SELECT gen_random_uuid(), 'journey-bench-' || ($1::integer * $2::integer + n), $1::bigint * $3 + (version - 1) * $2 + n + 1, ${others}
       FROM sample, generate_series(0, $2::integer - 1) n ORDER BY 3`,
      [group, open, size],
    );
  }
  await owner.query('UPDATE head SET position = $1', [groups * size]);
  await owner.query('ANALYZE events');
  return groups * size;
}

/** The event as its row in the table. */
function rowOf({ id, schemaVersion, entityId, occurredAt, recordedAt, actor, ...event }: StoredEvent): object {
  return {
    event_id: id,
    stream: event.stream,
    version: event.version,
    position: event.position,
    type: event.type,
    schema_version: schemaVersion,
    entity_id: entityId,
    occurred_at: occurredAt,
    recorded_at: recordedAt,
    zone: event.zone,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_role: actor.role,
    actor_on_behalf_of: actor.onBehalfOf,
    command_id: event.commandId,
    command_type: event.commandType,
    causation_id: event.causationId,
    correlation_id: event.correlationId,
    workflow_id: event.workflowId,
    run_id: event.runId,
    template_version: event.templateVersion,
    source: event.source,
    tenant: event.tenant,
    patient: event.patient,
    refusal_code: event.refusalCode,
    data: event.data,
  };
}

/** Runs the command, and reads what it says. @throws Error with its error output when it fails */
async function rebuildBoard(projector: string): Promise<{ readonly rebuilt: number; readonly raw: number }> {
  const script = ['--max-semi-space-size=64', join(projectRoot, 'dist/dev/rebuild.js'), 'board'];
  const env = { ...process.env, CARETRAIL_DATABASE_PROJECTOR_URL: projector };
  const { stdout } = await promisify(execFile)(process.execPath, script, { env });
  const figure = (name: string): number => Number(new RegExp(`^${name} +([\\d,]+) events/s`, 'm').exec(stdout)?.[1]?.replaceAll(',', ''));
  return { rebuilt: figure('rebuilt'), raw: figure('raw') };
}
