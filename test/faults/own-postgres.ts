// A PostgreSQL of a test's own, which may be killed.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres } from '../../dev/embedded/postgres.ts';
import { copyTemplate, prepareServer, type TestDatabase, testFolder } from '../parts/postgres.ts';

export interface OwnPostgres {
  readonly database: TestDatabase;
  readonly port: number;
  /** Where the server keeps its files. */
  readonly data: string;
  /** SIGKILL for the server and all its backends. */
  kill(): Promise<void>;
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
    start: async () => {
      server = await startPostgres({ folder, port });
    },
    remove: async () => {
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
