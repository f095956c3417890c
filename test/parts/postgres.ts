import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../dev/embedded/postgres.ts';
import { isAlive } from '../../dev/embedded/postgres-process.ts';
import { databaseRole, ensureDatabase, prepareCluster, type RoleName, type RolePasswords } from '../../store/postgres/cluster.ts';
import { migrate } from '../../store/postgres/migrate.ts';
import { openPool } from '../../store/postgres/pool.ts';

type Passwords = RolePasswords & { readonly superuser: string };
type Who = keyof Passwords;

/** A fresh, migrated database with a pool for each role. */
export type TestDatabase = Readonly<Record<Who, Pool>> & {
  readonly name: string;
  /** Connection string, for a part that opens its own pool or runs as its own process. */
  url(role: Who): string;
  /** Ends the pools and deletes the database. */
  drop(): Promise<void>;
};

const variable = 'CARETRAIL_TEST_POSTGRES';
const prefix = 'caretrail-test-';

/** A temporary folder of this process; what a run that was cut off left in its own is deleted by the next run. */
export const testFolder = (label: string) => join(tmpdir(), `${prefix}${process.pid}-${label}`);

const template = 'caretrail_template';

interface Server {
  readonly host: string;
  readonly port: number;
  readonly passwords: Passwords;
}

/** For jest's global set-up: starts the server of this run and leaves its address to the tests. */
export async function startPostgresForTests(): Promise<EmbeddedPostgres> {
  await removeLeftovers();
  const server = await startPostgres({ folder: testFolder('shared') });
  const passwords = await prepareServer(server);
  const told: Server = { host: server.host, port: server.port, passwords };
  process.env[variable] = JSON.stringify(told);
  return server;
}

/** For jest's global tear-down: stops the server and deletes its data. */
export async function stopPostgresForTests(server: EmbeddedPostgres): Promise<void> {
  await server.remove();
  await rm(testFolder('shared'), { recursive: true, force: true });
}

/** Runs that were cut off left their server running. */
async function removeLeftovers(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(prefix))) {
    if (isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
    const folder = join(tmpdir(), name);
    await removePostgres({ folder });
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the roles and the migrated template that every test's database is a copy of. Returns the passwords. */
export async function prepareServer(server: EmbeddedPostgres): Promise<Passwords> {
  const secret = () => randomBytes(18).toString('base64url');
  const passwords = { superuser: server.superuserPassword, owner: secret(), writer: secret(), projector: secret(), api: secret() };
  const superuser = openPool(server.url('postgres'), 2);
  await prepareCluster(superuser, passwords);
  await ensureDatabase(superuser, template);
  await superuser.end();
  const owner = openPool(server.url(template, 'caretrail_owner', passwords.owner), 2);
  await migrate(owner);
  await owner.end();
  return passwords;
}

/** Cuts the connections that hold an advisory lock in this database; those of the tests beside it, on the same server, go on. */
export async function cutLockHolders({ superuser }: Pick<TestDatabase, 'superuser'>): Promise<void> {
  await superuser.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
}

/** A database of one's own on the server of this run. */
export async function createDatabase(): Promise<TestDatabase> {
  const told = process.env[variable];
  if (!told) throw new Error('no PostgreSQL for the tests: run them through jest, whose global set-up starts it');
  return copyTemplate(JSON.parse(told) as Server);
}

/** The same on a server that a test has started itself and given to `prepareServer`. */
export async function copyTemplate({ host, port, passwords }: Server): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = (role: Who, database = name) => `postgresql://${roleOf(role)}:${passwords[role]}@${host}:${port}/${database}`;
  const maintenance = openPool(url('superuser', 'postgres'), 1);
  await ensureDatabase(maintenance, name, template);
  const roles: readonly Who[] = ['superuser', 'owner', 'writer', 'projector', 'api'];
  const pools = Object.fromEntries(roles.map((role) => [role, openPool(url(role))])) as Record<Who, Pool>;
  return {
    ...pools,
    name,
    url: (role) => url(role),
    drop: async () => {
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      await maintenance.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maintenance.end();
    },
  };
}

const roleOf = (who: Who) => (who === 'superuser' ? 'postgres' : databaseRole(who satisfies RoleName));
