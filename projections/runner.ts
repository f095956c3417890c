// Keeps one view at the head of the log: rows and checkpoint in one transaction, one runner at a time, no event skipped.
import type { Pool, PoolClient } from 'pg';
import type { EventStore, StoredEvent } from '../store/event-store.ts';
import type { Pass } from '../store/fail-point.ts';
import { foldBatch, writeBatch } from './batch.ts';
import { batchesOf } from './batches.ts';
import { isLasting } from './failures.ts';
import type { FoldThreads } from './fold-threads.ts';
import { beatingBetween, endWhenSilent, whileBeating } from './heartbeat.ts';
import { pause } from './pause.ts';
import { rebuild } from './rebuild.ts';
import { Poison, States } from './states.ts';
import { ensureTable, markStopped, moveCheckpoint, readStatus, type Standing } from './status-row.ts';
import { tableOf } from './tables.ts';
import type { View } from './view.ts';

/** What a runner tells of itself; names, codes and numbers, never data. */
export type Report = (told: {
  readonly view: string;
  readonly what: 'leads' | 'interrupted' | 'overtaken' | 'rebuilds' | 'stopped';
  readonly position?: number;
  readonly reason?: string;
  readonly error?: unknown;
}) => void;

export interface RunnerParts {
  /** Of the projector's role; the runner holds one of its connections as long as it leads and is heard of. */
  readonly pool: Pick<Pool, 'connect'>;
  readonly store: EventStore;
  readonly report: Report;
  /** Events in one transaction. */
  readonly batchSize?: number;
  /** Folded streams kept in memory. */
  readonly cached?: number;
  readonly pass?: Pass;
  /** Threads that help to build a view anew. */
  readonly threads?: FoldThreads;
}

export interface RunningView {
  /** Finishes the batch that is under way, and ends. */
  stop(): Promise<void>;
}

const retryMs = 250;
const standbyMs = 500;
const defaults = { batchSize: 500, cached: 2_000 };

/** Runs a view until it is stopped. Of several runners of one view one leads, and the others stand by. */
export function runView(view: View, parts: RunnerParts): RunningView {
  const ending = new AbortController();
  const running = run(view, parts, ending.signal);
  return {
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

type Led = 'interrupted' | 'standby' | 'stopped';

async function run(view: View, parts: RunnerParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const led = await lead(view, parts, signal).catch((error: unknown): Led => {
      parts.report({ view: view.name, what: 'interrupted', error });
      return 'interrupted';
    });
    if (led === 'stopped') await waitForRepair(view, parts, signal);
    else await pause(led === 'standby' ? standbyMs : retryMs, signal);
  }
}

/**
 * Leads the view until it is interrupted or stopped; stands by if another runner leads. The lock belongs to the connection that also
 * writes: whoever has lost the lock cannot write any more. A process that is frozen loses both, and what it held.
 */
async function lead(view: View, parts: RunnerParts, signal: AbortSignal): Promise<Led> {
  const client = await parts.pool.connect();
  const broken = new AbortController();
  client.on('error', () => broken.abort());
  try {
    if (!(await takeLock(client, view))) return 'standby';
    parts.report({ view: view.name, what: 'leads' });
    const ending = AbortSignal.any([signal, broken.signal]);
    await prepare(client, view, parts, ending);
    await follow(client, view, parts, ending);
    return 'interrupted';
  } catch (error) {
    if (!(error instanceof Poison)) throw error;
    const { position, reason, cause } = error;
    await markStopped(client, view, error);
    parts.report({ view: view.name, what: 'stopped', position, reason, error: cause });
    return 'stopped';
  } finally {
    // The lock goes with the connection.
    client.release(true);
  }
}

const lockOf = (view: View): string => `caretrail view ${view.name}`;

async function takeLock(client: PoolClient, view: View): Promise<boolean> {
  await endWhenSilent(client);
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [lockOf(view)]);
  return rows[0]?.taken === true;
}

/** Makes the table, or builds one anew that another version of the view has filled. */
async function prepare(client: PoolClient, view: View, parts: RunnerParts, signal: AbortSignal): Promise<void> {
  await client.query('BEGIN');
  await ensureTable(client, view);
  await client.query('COMMIT');
  const status = await readStatus(client, view);
  if (status?.version === view.version) return;
  parts.report({ view: view.name, what: 'rebuilds' });
  await whileBeating(client, rebuild(view, { pool: parts.pool, store: parts.store, threads: parts.threads, leads: true, signal }));
}

/** Takes batch after batch, until the signal aborts. @throws Poison, and what may be tried again */
async function follow(client: PoolClient, view: View, parts: RunnerParts, signal: AbortSignal): Promise<void> {
  const { batchSize: size = defaults.batchSize, cached = defaults.cached, store, report, pass } = parts;
  while (!signal.aborted) {
    let at: Standing | undefined = await readStatus(client, view);
    if (!at) throw new Error(`the view ${view.name} has no status`);
    const advance = advancer(client, view, new States(store, view, cached), pass);
    for await (const batch of beatingBetween(client, batchesOf(store, { after: at.position, size, signal }))) {
      at = await advance(at, batch);
      if (!at) break;
    }
    if (!at) report({ view: view.name, what: 'overtaken' });
  }
}

type Advance = (at: Standing, batch: readonly StoredEvent[]) => Promise<Standing | undefined>;

/** Commits a batch with its checkpoint; undefined if the table was replaced meanwhile. @throws Poison, and what may be tried again */
function advancer(client: PoolClient, view: View, states: States, pass?: Pass): Advance {
  const commit: Advance = async (at, batch) => {
    const to = batch.at(-1)?.position ?? at.position;
    const folded = await whileBeating(client, foldBatch(view, states, batch));
    await client.query('BEGIN');
    if (!(await moveCheckpoint(client, view, at, to))) {
      await client.query('ROLLBACK');
      return undefined;
    }
    await writeBatch(client, view, tableOf(view), folded);
    pass?.('view.written', view.name);
    await client.query('COMMIT');
    pass?.('view.committed', view.name);
    for (const [stream, state] of folded.streams) states.keep(stream, state);
    return { ...at, position: to };
  };
  return async (at, batch) => {
    const reached = await commit(at, batch).catch((error: unknown) => rejected(client, error));
    if (reached !== 'rejected') return reached;
    return oneByOne(client, commit, at, batch);
  };
}

/** The batch is not taken as it is: everything before the event that is to blame still counts. */
async function oneByOne(client: PoolClient, commit: Advance, at: Standing, batch: readonly StoredEvent[]): Promise<Standing | undefined> {
  let reached = at;
  for (const event of batch) {
    const next = await commit(reached, [event]).catch((error: unknown) => rejected(client, error, event));
    if (next === undefined || next === 'rejected') return undefined;
    reached = next;
  }
  return reached;
}

/** What a failed transaction means: 'rejected' if an event is to blame, Poison once it is known which; anything else is thrown on. */
async function rejected(client: PoolClient, error: unknown, event?: StoredEvent): Promise<'rejected'> {
  if (!(error instanceof Poison) && !isLasting(error)) throw error;
  await client.query('ROLLBACK');
  if (!event) return 'rejected';
  throw error instanceof Poison ? error : new Poison(event.position, 'rows-refused', error);
}

/** A stopped view stays so until its table has been replaced, or another process has come further. Nobody is kept from trying. */
async function waitForRepair(view: View, { pool, report }: RunnerParts, signal: AbortSignal): Promise<void> {
  for (let stopped = true; stopped && !signal.aborted; ) {
    await pause(standbyMs, signal);
    stopped = await isStopped(pool, view).catch((error: unknown) => {
      report({ view: view.name, what: 'interrupted', error });
      return true;
    });
  }
}

async function isStopped(pool: RunnerParts['pool'], view: View): Promise<boolean> {
  const client = await pool.connect();
  try {
    const status = await readStatus(client, view);
    return status?.state === 'stopped';
  } finally {
    client.release();
  }
}
