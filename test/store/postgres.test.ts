import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type EventStore, InvalidEvent, type NewEvent, Unavailable, VersionConflict } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { inTransaction, openPool } from '../../store/postgres/pool.ts';
import { describeEventStore } from '../contract/event-store.ts';
import { anEvent, newStream, someEvents } from '../contract/events.ts';
import { followUnderLoad } from '../contract/following.ts';
import { contents, follow, rejection } from '../contract/reading.ts';
import { type CuttingProxy, openCuttingProxy } from '../parts/cutting-proxy.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';

let database: TestDatabase;
let store: EventStore;

beforeAll(async () => {
  database = await createDatabase();
  store = openEventStore(database.writer);
});
afterAll(() => database.drop());

describeEventStore('on PostgreSQL', async () => store);

/** What one append looks like to the database, for connections that misbehave with it. */
const appendByHand = `SELECT append(ARRAY[$1], ARRAY[-1]::bigint[], ARRAY[1], ARRAY[0], ARRAY[1], ARRAY[gen_random_uuid()], ARRAY['ByHand'],
  ARRAY[1], ARRAY[''], ARRAY[0]::bigint[], ARRAY[0]::bigint[], ARRAY[''], ARRAY['system'], ARRAY[''], ARRAY['T'], ARRAY[NULL]::text[],
  ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[''], ARRAY[NULL]::text[],
  ARRAY['{}']::jsonb[])`;

/** Appends in a transaction that stays open for a while, and then commits or is killed. */
async function appendSlowly(pool: Pool, milliseconds: number, end: 'commit' | 'kill'): Promise<void> {
  const client = await pool.connect();
  client.on('error', () => undefined);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query('BEGIN');
  await client.query(appendByHand, [newStream('slow')]);
  await pause(milliseconds);
  if (end === 'commit') await client.query('COMMIT');
  else await database.superuser.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  client.release(true);
}

describe('a reader of PostgreSQL, with 32 writers', () => {
  test('misses nothing in three seconds', () => followUnderLoad(store, 3_000));

  test('misses nothing while writers are killed inside their transactions', () =>
    followUnderLoad(store, 1_500, async () => {
      for (let round = 0; round < 3; round += 1) await appendSlowly(database.writer, 100, 'kill');
    }));

  test('misses nothing while a transaction is held open for two seconds', () =>
    followUnderLoad(store, 3_000, () => appendSlowly(database.writer, 2_000, 'commit')));

  test('is not held up by an idle transaction in another database', async () => {
    const other = await createDatabase();
    const idle = await other.writer.connect();
    // With a transaction id of its own, which holds back the oldest one of the whole server.
    await idle.query('BEGIN; SELECT pg_current_xact_id()');
    await followUnderLoad(store, 500);
    idle.release(true);
    await other.drop();
  });

  test('is woken by another process before it polls', async () => {
    const elsewhere = openPool(database.url('writer'), 2);
    const follower = follow(store, { after: await store.head() });
    const waits: number[] = [];
    for (let round = 1; round <= 10; round += 1) {
      await pause(20);
      await openEventStore(elsewhere).append(newStream(), [anEvent()], 'none');
      const start = performance.now();
      await follower.until(round);
      waits.push(performance.now() - start);
    }
    await follower.stop();
    await elsewhere.end();
    expect(Math.min(...waits)).toBeLessThan(100);
  });
});

describe('several processes that append at once', () => {
  const openFive = () => Array.from({ length: 5 }, () => openEventStore(database.writer));

  test('let one of fifty racers win', async () => {
    const stores = openFive();
    const stream = newStream();
    const results = await Promise.allSettled(
      someEvents(50).map(async (event, index) => stores[index % 5]?.append(stream, [event], { version: 0 })),
    );
    const losers = results.filter((result) => result.status === 'rejected');
    expect(losers).toHaveLength(49);
    expect(losers.every(({ reason }) => reason instanceof VersionConflict)).toBe(true);
    expect(await contents(store, stream)).toHaveLength(1);
  });

  test('give out positions without a gap, and a reader misses nothing', async () => {
    const write = async (mine: EventStore) => {
      for (let round = 0; round < 50; round += 1) await mine.append(newStream(), someEvents(2), 'none');
    };
    await followUnderLoad(store, 1_000, async () => {
      await Promise.all(openFive().map(write));
    });
  });
});

describe('an append whose connection is cut', () => {
  let proxy: CuttingProxy;
  let behindProxy: Pool;
  let cutStore: EventStore;

  beforeEach(async () => {
    const url = new URL(database.url('writer'));
    proxy = await openCuttingProxy(Number(url.port));
    url.port = String(proxy.port);
    behindProxy = openPool(url.toString(), 2);
    cutStore = openEventStore(behindProxy);
    await cutStore.head();
  });
  afterEach(async () => {
    await behindProxy.end();
    await proxy.close();
  });

  test('after the server has committed is Unavailable, and a duplicate when repeated', async () => {
    const stream = newStream();
    const events = someEvents(2);
    proxy.cutNextAnswer();
    await rejection(Unavailable, cutStore.append(stream, events, 'none'));
    expect(await cutStore.append(stream, events, 'none')).toMatchObject({ version: 2, duplicate: true });
    expect(await contents(store, stream)).toEqual(events);
  });

  test('before the server has it is Unavailable, and taken when repeated', async () => {
    const stream = newStream();
    const events = someEvents(2);
    proxy.cutNextStatement();
    await rejection(Unavailable, cutStore.append(stream, events, 'none'));
    expect(await cutStore.append(stream, events, 'none')).toMatchObject({ version: 2, duplicate: false });
  });

  test('ends a subscription with Unavailable; another one goes on after the last event', async () => {
    const after = await store.head();
    const follower = follow(cutStore, { after });
    await proxy.close();
    await rejection(Unavailable, follower.until(1));
    await store.append(newStream(), [anEvent()], 'none');
    const next = follow(store, { after });
    await next.until(1);
    await next.stop();
  });
});

test('a connection that is lost between two statements of a transaction fails the transaction, and nothing else', async () => {
  const lost = inTransaction(database.writer, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const gone = new Promise((resolve) => client.once('end', resolve));
    await database.superuser.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await gone;
    await client.query('SELECT 1');
  });
  await expect(lost).rejects.toThrow();
  expect(await store.head()).toBeGreaterThanOrEqual(0);
});

describe('an event that only the database can refuse', () => {
  const badly = { schemaVersion: 3_000_000_000 } satisfies Partial<NewEvent>;

  test('fails its own append and none that travels with it', async () => {
    const [good, bad] = [newStream(), newStream()];
    const appends = [
      store.append(good, [anEvent()], 'none'),
      store.append(bad, [anEvent(badly)], 'none'),
      store.append(good, [anEvent()], 'exists'),
    ];
    const [first, second, third] = await Promise.allSettled(appends);
    expect(first).toMatchObject({ value: { version: 1 } });
    expect(second).toMatchObject({ reason: expect.any(InvalidEvent) });
    expect(third).toMatchObject({ value: { version: 2 } });
  });
});
