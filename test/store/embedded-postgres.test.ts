import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../dev/embedded/postgres.ts';
import { isAlive } from '../../dev/embedded/postgres-process.ts';
import { type EventStore, Unavailable } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { anEvent, newStream } from '../contract/events.ts';
import { collect, contents } from '../contract/reading.ts';
import { copyTemplate, prepareServer, type TestDatabase, testFolder } from '../parts/postgres.ts';

const folder = testFolder('embedded');
let server: EmbeddedPostgres;

async function ask(text: string): Promise<unknown> {
  const pool = openPool(server.url('postgres'), 1);
  const { rows } = await pool.query(text).finally(() => pool.end());
  return Object.values(rows[0] ?? {})[0];
}

beforeAll(async () => {
  server = await startPostgres({ folder });
});
afterAll(async () => {
  await removePostgres({ folder });
  await rm(folder, { recursive: true });
});

describe('the embedded PostgreSQL', () => {
  test('listens on the loopback address only, with no socket file, and asks for a password', async () => {
    expect(await ask('SHOW listen_addresses')).toBe('127.0.0.1');
    expect(await ask('SHOW unix_socket_directories')).toBe('');
    const stranger = openPool(server.url('postgres', 'postgres', 'wrong'), 1);
    await expect(stranger.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await stranger.end();
  });

  test('keeps its password where only the owner reads it', async () => {
    const file = join(folder, 'postgres-password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toBe(server.superuserPassword);
    expect(server.superuserPassword.length).toBeGreaterThan(20);
  });

  test('writes to the disk before it answers, in UTF-8, sorting by code point', async () => {
    const names = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'server_encoding',
      'lc_collate',
      'max_connections',
      'password_encryption',
    ];
    const shown = await Promise.all(
      names.map((name) =>
        ask(`SELECT coalesce(current_setting('${name}', true), (SELECT datcollate FROM pg_database WHERE datname = 'postgres'))`),
      ),
    );
    expect(shown).toEqual(['on', 'on', 'on', 'UTF8', 'C', '200', 'scram-sha-256']);
  });

  test('keeps its data over a stop and another start', async () => {
    await ask('CREATE TABLE kept AS SELECT 7 AS x');
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    server = await startPostgres({ folder });
    expect(await ask('SELECT x FROM kept')).toBe(7);
  });

  test('stops what an earlier run left running', async () => {
    const orphan = server;
    server = await startPostgres({ folder });
    expect(isAlive(orphan.pid)).toBe(false);
    expect(await ask('SELECT x FROM kept')).toBe(7);
  });

  test('starts beside a stale lock file that names a living process', async () => {
    const data = await ask('SHOW data_directory');
    await server.kill();
    await writeFile(join(String(data), 'postmaster.pid'), `${process.pid}\n${data}\n`);
    server = await startPostgres({ folder });
    expect(await ask('SELECT x FROM kept')).toBe(7);
  });

  test('refuses a folder that another process uses', async () => {
    const other = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)']);
    await writeFile(join(folder, 'supervisor.pid'), String(other.pid));
    await expect(startPostgres({ folder })).rejects.toThrow(`in use by process ${other.pid}`);
    other.kill();
    await once(other, 'exit');
    server = await startPostgres({ folder });
  });

  test('refuses data of another version and names the folder', async () => {
    const file = join(String(await ask('SHOW data_directory')), 'PG_VERSION');
    await writeFile(file, '17\n');
    await expect(startPostgres({ folder })).rejects.toThrow(folder);
    await writeFile(file, '18\n');
    server = await startPostgres({ folder });
  });

  test('shows the end of its log when it cannot start', async () => {
    const taken = server.port;
    const other = testFolder('no-port');
    await expect(startPostgres({ folder: other, port: taken })).rejects.toThrow('could not bind IPv4 address');
    await removePostgres({ folder: other });
    await rm(other, { recursive: true });
  });
});

describe('PostgreSQL killed under load', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await copyTemplate({ host: server.host, port: server.port, passwords: await prepareServer(server) });
  });
  afterAll(() => database.drop());

  /** Appends until the store is lost. Returns the stream, what was acknowledged and what was not. */
  async function appendUntilLost(store: EventStore) {
    const stream = newStream();
    for (let version = 0; ; version += 1) {
      const event = anEvent();
      const error = await store.append(stream, [event], { version }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error) return { stream, version, event, error };
    }
  }

  test('loses no acknowledged append, three times in a row', async () => {
    const store = openEventStore(database.writer);
    for (let round = 0; round < 3; round += 1) {
      const writers = Array.from({ length: 32 }, () => appendUntilLost(store));
      await new Promise((resolve) => setTimeout(resolve, 500));
      await server.kill();
      const lost = await Promise.all(writers);
      server = await startPostgres({ folder, port: server.port });
      for (const { stream, version, event, error } of lost) {
        expect(error).toBeInstanceOf(Unavailable);
        const stored = await contents(store, stream);
        expect([version, version + 1]).toContain(stored.length);
        expect(await store.append(stream, [event], { version })).toMatchObject({
          version: version + 1,
          duplicate: stored.length > version,
        });
      }
      const positions = (await collect(store.readAll())).map(({ position }) => position);
      expect(positions).toEqual(positions.map((_, index) => index + 1));
    }
  });
});
