// Two processes of the views, as in production; the one that leads is frozen as a stalled machine freezes it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { type Child, startChild } from '../../dev/child.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { foldThreads } from '../../projections/fold-threads.ts';
import { views } from '../../projections/views.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { createDatabase, type TestDatabase, testFolder } from '../parts/postgres.ts';
import { settled, viewDifferences } from '../parts/view-differences.ts';
import { eventually } from '../workflows/run-setting.ts';
import { appendWoven, eventsOf, playJ1 } from './histories.ts';

let database: TestDatabase;
const children: Child[] = [];
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  for (const { process } of children) process.kill('SIGCONT');
  await Promise.all(children.map((child) => child.stop()));
  await database.drop();
});

async function startViews(): Promise<Child> {
  const env = { CARETRAIL_DATABASE_PROJECTOR_URL: database.url('projector') };
  const log = join(testFolder('frozen'), `${children.length}.log`);
  const child = await startChild('projections', join(projectRoot, 'dist/projections/main.js'), env, log);
  children.push(child);
  return child;
}

const story = playJ1();
const append = (...ids: readonly string[]) =>
  appendWoven(openEventStore(database.writer), new Map(ids.map((journeyId) => [journeyId, eventsOf(story, { journeyId })])));
const caughtUp = () => settled(database, openEventStore(database.writer));

/** Those who lead, by the connections that hold the locks. */
async function leaders(): Promise<readonly number[]> {
  const { rows } = await database.superuser.query<{ pid: number }>(
    `SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY pid`,
  );
  return rows.map(({ pid }) => pid);
}

/** Holds a table, so that whoever reads or writes it stands still. */
async function hold(table: string, mode = 'ACCESS EXCLUSIVE'): Promise<PoolClient> {
  const client = await database.superuser.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ${mode} MODE`);
  return client;
}

/** How many stand still because somebody holds what they want. */
async function standing(): Promise<number> {
  const { rowCount } = await database.superuser.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'",
  );
  return rowCount ?? 0;
}

test('another process takes over every view, one of them in the middle of a batch; the first, resumed, writes over nothing', async () => {
  const first = await startViews();
  await append('a');
  await caughtUp();
  const led = await leaders();
  await startViews();
  const board = await hold('views.board');
  await append('b', 'c');
  await eventually(async () => expect(await standing()).toBe(1), 10_000);
  first.process.kill('SIGSTOP');
  await board.query('COMMIT');
  board.release();
  await eventually(async () => {
    const now = await leaders();
    expect(now).toHaveLength(led.length);
    expect(now.filter((pid) => led.includes(pid))).toEqual([]);
  }, 30_000);
  await append('d');
  await caughtUp();
  first.process.kill('SIGCONT');
  await append('e', 'f');
  await caughtUp();
  expect(await viewDifferences(database)).toEqual({});
  expect(first.process.exitCode).toBeNull();
}, 90_000);

test('the first, which stands by since, goes on when the other is gone', async () => {
  const [first, second] = children;
  second?.process.kill('SIGKILL');
  await append('g');
  await caughtUp();
  expect(await viewDifferences(database)).toEqual({});
  expect(first?.process.exitCode).toBeNull();
}, 60_000);

/** The board is to be built anew, and the process that does it is frozen where it wants what is held; another does it, and the first goes on. */
async function freezeRebuild(table: string, stand: number): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
  await append(`${table} before`);
  const held = await hold(table);
  await database.superuser.query("UPDATE views.status SET version = 0 WHERE view = 'board'");
  const frozen = await startViews();
  await eventually(async () => expect(await standing()).toBe(stand), 10_000);
  frozen.process.kill('SIGSTOP');
  await held.query('COMMIT');
  held.release();
  await startViews();
  await append(`${table} meanwhile`);
  await caughtUp();
  frozen.process.kill('SIGCONT');
  await append(`${table} after`);
  await caughtUp();
  expect(await viewDifferences(database)).toEqual({});
  expect(frozen.process.exitCode).toBeNull();
}

// Each view reads the log, the board for its rebuild, and so does each thread of the rebuild.
test('another process takes over a rebuild that is frozen in its middle', async () => {
  await freezeRebuild('events', views.length + foldThreads('').count);
}, 90_000);

test('another process takes over a rebuild that is frozen while it makes its table', async () => {
  await database.projector.query('CREATE TABLE views.board_next ()');
  await freezeRebuild('views.board_next', 1);
}, 90_000);

test('a rebuild by hand that is frozen in its last step, in which it holds the live view, does not hold it for long', async () => {
  const status = await hold('views.status', 'EXCLUSIVE');
  const env = { CARETRAIL_DATABASE_PROJECTOR_URL: database.url('projector') };
  const byHand = spawn(process.execPath, [join(projectRoot, 'dist/dev/rebuild.js'), 'board'], { env, stdio: 'ignore' });
  const exit = once(byHand, 'exit');
  try {
    await eventually(async () => expect(await standing()).toBe(1), 20_000);
    byHand.kill('SIGSTOP');
    await status.query('COMMIT');
    status.release();
    await append('by hand');
    await caughtUp();
    byHand.kill('SIGCONT');
    expect(await exit).not.toEqual([0, null]);
  } finally {
    byHand.kill('SIGKILL');
  }
  expect(await viewDifferences(database)).toEqual({});
}, 90_000);
