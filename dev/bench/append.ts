/**
 * (c): events a second that the store takes from 1, 8 and 32 appenders, one event each, against plain single-row inserts: one INSERT per
 * transaction, the same rows, as many connections as appenders, into a table of the same shape with the same indexes. A reader follows
 * the store meanwhile, as every view does, in a process of its own; an event that it misses, or sees twice or out of order, fails
 * the bench. Nobody follows the plain inserts: there is no order in which they could be read without missing any.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import type { NewEvent, StoredEvent } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openPool } from '../../store/postgres/pool.ts';
import type { Database } from '../embedded/database.ts';
import type { ReaderAnswer, ReaderSetting } from './append-reader.ts';
import { compared, cpuMs, type Measured, rounded, undisturbed, type Wishes } from './measure.ts';
import { openOwnDatabase, removeOwnDatabase } from './own-database.ts';
import { playedEvents } from './played.ts';
import type { Setting } from './setting.ts';

const levels = [1, 8, 32] as const;

interface Window {
  readonly events: number;
  readonly seconds: number;
  /** Processor time of the whole window. */
  readonly cpu: { readonly bench: number; readonly postgres: number };
}

interface Bench {
  readonly database: Database;
  readonly sample: readonly StoredEvent[];
  readonly appenders: number;
  readonly windowMs: number;
}

/** Measures (c) `append.1`, `append.8` and `append.32`. @throws Error when the reader misses an event */
export async function measureAppends(setting: Setting, wishes: Wishes): Promise<Readonly<Record<string, Measured>>> {
  const sample = await playedEvents(setting);
  const folder = join(setting.folder, 'append');
  const database = await openOwnDatabase(folder);
  const pids = [process.pid, database.pid, setting.temporalPid, setting.postgresPid];
  try {
    const found: Record<string, Measured> = {};
    for (const appenders of levels)
      found[`append.${appenders}`] = await measureLevel({ ...wishes, database, sample, appenders }, pids, wishes);
    return found;
  } finally {
    await database.stop();
    await removeOwnDatabase(folder);
  }
}

async function measureLevel(bench: Bench, pids: readonly number[], wishes: Wishes): Promise<Measured> {
  const ours: Window[] = [];
  const plain: Window[] = [];
  let foreign = 0;
  for (let round = 1; round <= wishes.rounds; round += 1) {
    for (const [windows, run] of [
      [ours, runStore],
      [plain, runPlain],
    ] as const) {
      const window = await undisturbed(pids, wishes, () => run(bench));
      windows.push(window.result);
      foreign = Math.max(foreign, window.foreign);
    }
  }
  const [store, inserts] = [sumOf(ours), sumOf(plain)];
  const each = ({ events, cpu }: Window, name: keyof Window['cpu']): number => rounded(cpu[name] / events);
  return {
    ...compared(store.events / store.seconds, inserts.events / inserts.seconds, 'events/s'),
    cpuMsPerCommand: { bench: each(store, 'bench'), postgres: each(store, 'postgres') },
    more: {
      missed: 0,
      followed: store.events,
      plainCpuBench: each(inserts, 'bench'),
      plainCpuPostgres: each(inserts, 'postgres'),
      foreign: rounded(foreign),
    },
  };
}

function sumOf(windows: readonly Window[]): Window {
  const sum = (of: (window: Window) => number): number => windows.reduce((total, window) => total + of(window), 0);
  return {
    events: sum(({ events }) => events),
    seconds: sum(({ seconds }) => seconds),
    cpu: { bench: sum(({ cpu }) => cpu.bench), postgres: sum(({ cpu }) => cpu.postgres) },
  };
}

type Append = (stream: string, event: NewEvent, version: number) => Promise<void>;

/** Gives the events of the sample one by one, journey after journey, until the time is over. Returns how many. */
async function giveOneByOne(sample: readonly StoredEvent[], until: number, append: Append): Promise<number> {
  let stream = '';
  for (let given = 0; ; given += 1) {
    if (Date.now() >= until) return given;
    const version = given % sample.length;
    if (version === 0) stream = `journey-${randomUUID()}`;
    const { stream: _stream, version: _version, position: _position, ...event } = sample[version] as StoredEvent;
    await append(stream, { ...event, id: randomUUID() }, version);
  }
}

/** The events of so many appenders, all at once; `settled` is waited for before the processor time is taken. */
async function giveAll(
  { database, sample, appenders, windowMs }: Bench,
  append: Append,
  settled?: (events: number) => Promise<void>,
): Promise<Window> {
  const [ownBefore, postgresBefore] = [process.cpuUsage(), await cpuMs(database.pid)];
  const began = performance.now();
  const until = Date.now() + windowMs;
  const given = await Promise.all(Array.from({ length: appenders }, () => giveOneByOne(sample, until, append)));
  const seconds = (performance.now() - began) / 1_000;
  const own = process.cpuUsage(ownBefore);
  const events = given.reduce((sum, count) => sum + count, 0);
  await settled?.(events);
  return { events, seconds, cpu: { bench: (own.user + own.system) / 1_000, postgres: (await cpuMs(database.pid)) - postgresBefore } };
}

async function runStore(bench: Bench): Promise<Window> {
  const url = bench.database.url('writer');
  const pool = openPool(url, bench.appenders + 1);
  const store = openEventStore(pool);
  const following = await follow(url, await store.head());
  const append: Append = async (stream, event, version) => void (await store.append(stream, [event], { version }));
  try {
    return await giveAll(bench, append, following.hasSeen);
  } finally {
    await following.stop();
    await pool.end();
  }
}

interface Following {
  /** Waits until as many events have been read. @throws Error when they were not exactly those that were appended, in order */
  hasSeen(events: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the reader, in a process of its own, after this position. */
async function follow(databaseUrl: string, after: number): Promise<Following> {
  const env = { ...process.env, CARETRAIL_BENCH: JSON.stringify({ databaseUrl, after } satisfies ReaderSetting) };
  const child = fork(fileURLToPath(new URL('./append-reader.js', import.meta.url)), { env });
  const ended = once(child, 'exit');
  const heard = async (): Promise<unknown> => {
    const [said] = await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error('the reader ended by itself')))]);
    return said;
  };
  await heard();
  return {
    async hasSeen(events) {
      child.send(after + events);
      const { read, fault } = (await heard()) as ReaderAnswer;
      if (fault !== undefined || read !== after + events) {
        throw new Error(`the reader missed something: ${fault ?? `it read ${read - after} of ${events} events`}`);
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const columns = [
  'position',
  'stream',
  'version',
  'event_id',
  'type',
  'schema_version',
  'entity_id',
  'occurred_at',
  'recorded_at',
  'zone',
  'actor_kind',
  'actor_id',
  'actor_role',
  'actor_on_behalf_of',
  'command_id',
  'command_type',
  'causation_id',
  'correlation_id',
  'workflow_id',
  'run_id',
  'template_version',
  'source',
  'tenant',
  'patient',
  'refusal_code',
  'data',
];
const insert = `INSERT INTO plain_events (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`;

async function runPlain(bench: Bench): Promise<Window> {
  const pool = openPool(bench.database.url('owner'), bench.appenders);
  try {
    await pool.query('CREATE TABLE IF NOT EXISTS plain_events (LIKE events INCLUDING ALL)');
    let position = await highest(pool);
    return await giveAll(bench, async (stream, event, version) => {
      position += 1;
      await pool.query({ name: 'plain', text: insert, values: [position, stream, version + 1, ...valuesOf(event)] });
    });
  } finally {
    await pool.end();
  }
}

async function highest(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ highest: number }>('SELECT coalesce(max(position), 0) AS highest FROM plain_events');
  return rows[0]?.highest ?? 0;
}

const valuesOf = ({ actor, ...event }: NewEvent): readonly unknown[] => [
  event.id,
  event.type,
  event.schemaVersion,
  event.entityId,
  event.occurredAt,
  event.recordedAt,
  event.zone,
  actor.kind,
  actor.id,
  actor.role,
  actor.onBehalfOf,
  event.commandId,
  event.commandType,
  event.causationId,
  event.correlationId,
  event.workflowId,
  event.runId,
  event.templateVersion,
  event.source,
  event.tenant,
  event.patient,
  event.refusalCode,
  JSON.stringify(event.data),
];
