// Two processes of the views, as in production; the one that leads is frozen as a stalled machine freezes it.
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { type Child, startChild } from '../../dev/child.ts';
import { projectRoot } from '../../dev/project-root.ts';
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
async function hold(table: string): Promise<PoolClient> {
  const client = await database.superuser.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
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

test('another process takes over a rebuild that is frozen in its middle', async () => {
  await Promise.all(children.map((child) => child.stop()));
  await append('h');
  const events = await hold('events');
  await database.superuser.query("UPDATE views.status SET version = 0 WHERE view = 'board'");
  const third = await startViews();
  // The reads of the rebuild and of each of its threads, as many as the machine has.
  await eventually(async () => expect(await standing()).toBeGreaterThan(0), 10_000);
  third.process.kill('SIGSTOP');
  await events.query('COMMIT');
  events.release();
  await startViews();
  await append('i');
  await caughtUp();
  third.process.kill('SIGCONT');
  await append('j');
  await caughtUp();
  expect(await viewDifferences(database)).toEqual({});
  expect(third.process.exitCode).toBeNull();
}, 90_000);
