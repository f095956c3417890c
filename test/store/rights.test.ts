import type { Scope } from '../../store/ports.ts';
import { openApiReader } from '../../store/postgres/api-reader.ts';
import { ensureDatabase } from '../../store/postgres/cluster.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { migrate } from '../../store/postgres/migrate.ts';
import { migrations } from '../../store/postgres/migrations/index.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { anEvent, newStream } from '../contract/events.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';

let database: TestDatabase;
const stream = newStream();
const denied = { code: '42501' };

beforeAll(async () => {
  database = await createDatabase();
  const owners = [
    ['e-1', 'p-1'],
    ['e-1', 'p-2'],
    ['e-2', 'p-3'],
    ['', ''],
  ];
  const events = owners.map(([tenant = '', patient = '']) => anEvent({ tenant, patient }));
  await openEventStore(database.writer).append(stream, events, 'none');
});
afterAll(() => database.drop());

describe('the role of the writer', () => {
  test.each([
    'INSERT INTO events SELECT * FROM events',
    'UPDATE events SET position = position + 1',
    'DELETE FROM events',
    'TRUNCATE events',
    'UPDATE head SET position = 7',
    "INSERT INTO closed_streams VALUES ('x')",
    "INSERT INTO inbox VALUES (9, 's', 'x', '1', 0)",
    'DELETE FROM vault_texts',
    'CREATE TABLE public.mine (x int)',
    'ALTER TABLE events DISABLE ROW LEVEL SECURITY',
  ])('may not %s', async (statement) => {
    await expect(database.writer.query(statement)).rejects.toMatchObject(denied);
  });
});

describe('the role of the projector', () => {
  test('reads every event and makes tables among the views', async () => {
    const { rows } = await database.projector.query('SELECT count(*) AS count FROM events');
    expect(rows).toEqual([{ count: 4 }]);
    await database.projector.query('CREATE TABLE views.mine (x int)');
  });

  test.each(['DELETE FROM events', 'SELECT * FROM vault_keys', "SELECT receive('s', 'x', '1', 0)", 'CREATE TABLE public.mine (x int)'])(
    'may not %s',
    async (statement) => {
      await expect(database.projector.query(statement)).rejects.toMatchObject(denied);
    },
  );
});

describe('the role of the API', () => {
  const seen = async (scope: Scope) => {
    const events = await openApiReader(database.api).readStream(scope, stream);
    return events.map(({ tenant, patient }) => `${tenant}/${patient}`);
  };

  test('sees everything with a star for both', async () => {
    expect(await seen({ tenant: '*', patients: '*' })).toEqual(['e-1/p-1', 'e-1/p-2', 'e-2/p-3', '/']);
  });

  test('sees its tenant and the reference data, and no other tenant', async () => {
    expect(await seen({ tenant: 'e-1', patients: '*' })).toEqual(['e-1/p-1', 'e-1/p-2', '/']);
  });

  test('sees its patients and no other', async () => {
    expect(await seen({ tenant: '*', patients: ['p-2', 'p-3'] })).toEqual(['e-1/p-2', 'e-2/p-3']);
    expect(await seen({ tenant: 'e-1', patients: ['p-2', 'p-3'] })).toEqual(['e-1/p-2']);
    expect(await seen({ tenant: 'e-1', patients: ['p'] })).toEqual([]);
  });

  test('sees nothing with an empty setting', async () => {
    expect(await seen({ tenant: '', patients: '*' })).toEqual([]);
    expect(await seen({ tenant: '*', patients: [] })).toEqual([]);
    expect(await seen({ tenant: '', patients: [] })).toEqual([]);
  });

  test('sees nothing without a setting, also after a request that had one', async () => {
    await seen({ tenant: '*', patients: '*' });
    const { rows } = await database.api.query('SELECT * FROM events');
    expect(rows).toEqual([]);
  });

  test('reads the log within its scope, after a position', async () => {
    const reader = openApiReader(database.api);
    const events = await reader.readAll({ tenant: 'e-1', patients: '*' }, { after: 1 });
    expect(events.map(({ position }) => position)).toEqual([2, 4]);
  });

  test('reads a stream backwards up to a limit', async () => {
    const events = await openApiReader(database.api).readStream({ tenant: '*', patients: '*' }, stream, { backwards: true, limit: 2 });
    expect(events.map(({ version }) => version)).toEqual([4, 3]);
  });

  test.each([
    'DELETE FROM events',
    "SELECT close_stream('x')",
    'SELECT * FROM inbox',
    'SELECT * FROM vault_texts',
    'CREATE TABLE views.mine (x int)',
  ])('may not %s', async (statement) => {
    await expect(database.api.query(statement)).rejects.toMatchObject(denied);
  });
});

describe('migrations', () => {
  test('done again, by two at once, change nothing', async () => {
    await Promise.all([migrate(database.owner), migrate(database.owner)]);
    const { rows } = await database.owner.query('SELECT id, name FROM migrations ORDER BY id');
    expect(rows).toEqual(migrations.map(({ id, name }) => ({ id, name })));
  });

  test('of an empty database may be begun by two at once', async () => {
    const name = `${database.name}_empty`;
    await ensureDatabase(database.superuser, name);
    await ensureDatabase(database.superuser, name);
    const empty = openPool(database.url('owner').replace(database.name, name), 2);
    await Promise.all([migrate(empty), migrate(empty)]);
    expect((await empty.query('SELECT * FROM head')).rows).toHaveLength(1);
    await empty.end();
    await database.superuser.query(`DROP DATABASE ${name}`);
  });

  test('refuse a database that is newer than the program', async () => {
    await database.owner.query("INSERT INTO migrations (id, name) VALUES (9999, 'from-the-future')");
    await expect(migrate(database.owner)).rejects.toThrow('from-the-future');
    await database.owner.query('DELETE FROM migrations WHERE id = 9999');
  });

  test('are owned by a role that is neither superuser nor held to a policy', async () => {
    const { rows } = await database.superuser.query(
      "SELECT tableowner, rowsecurity FROM pg_tables WHERE schemaname = 'public' AND tablename = 'events'",
    );
    expect(rows).toEqual([{ tableowner: 'caretrail_owner', rowsecurity: true }]);
  });
});
