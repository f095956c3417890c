// A PostgreSQL of a test's own, which may be killed.
import { execFile } from 'node:child_process';
import { realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPostgres } from '../../dev/embedded/postgres.ts';
import { isAlive } from '../../dev/embedded/postgres-process.ts';
import { copyTemplate, prepareServer, type TestDatabase, testFolder } from '../parts/postgres.ts';

const run = promisify(execFile);

export interface OwnPostgres {
  readonly database: TestDatabase;
  readonly port: number;
  /** Where the server keeps its files. */
  readonly data: string;
  /** SIGKILL for the server and all its backends. */
  kill(): Promise<void>;
  /** Whether the server still stands. */
  isUp(): boolean;
  /** Kills it and has it keep its log of writes in this folder from then on. */
  moveLog(to: string): Promise<void>;
  /** Starts it again on its data and its port. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startOwnPostgres(label: string): Promise<OwnPostgres> {
  const folder = testFolder(`${label}-postgres`);
  let server = await startPostgres({ folder });
  const { host, port } = server;
  const database = await copyTemplate({ host, port, passwords: await prepareServer(server) });
  return {
    database,
    port,
    data: join(folder, 'data'),
    kill: () => server.kill(),
    isUp: () => isAlive(server.pid),
    async moveLog(to) {
      await server.kill();
      const log = join(await realpath(join(folder, 'data')), 'pg_wal');
      await run('cp', ['--archive', `${log}/.`, to]);
      await rm(log, { recursive: true });
      await symlink(to, log);
      server = await startPostgres({ folder, port });
    },
    start: async () => {
      server = await startPostgres({ folder, port });
    },
    remove: async () => {
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
