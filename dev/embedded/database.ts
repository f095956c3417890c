import { join } from 'node:path';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import type { Instant } from '../../domain/kernel/time.ts';
import { commitmentKeyOf, loadKeyFile } from '../../store/key-file.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { databaseRole, ensureDatabase, prepareCluster, type RoleName } from '../../store/postgres/cluster.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { migrate } from '../../store/postgres/migrate.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { openVault } from '../../store/postgres/vault.ts';
import { clinic, firstMorning } from '../clinic.ts';
import type { Person } from '../population.ts';
import type { Secrets } from '../secrets.ts';
import { publishSlots, seed } from '../seed.ts';
import { startPostgres } from './postgres.ts';

const name = 'caretrail';

/** The embedded database with the program's own tables and the sample clinic. */
export interface Database {
  readonly pid: number;
  url(role: RoleName): string;
  /** Sets the clock the first time and loads the sample clinic once. Returns journey time. */
  prepare(population: readonly Person[]): Promise<Instant>;
  publishSlots(date: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on this folder's data and brings its tables up to date. */
export async function openDatabase(folder: string, { passwords, keyFile }: Secrets): Promise<Database> {
  const server = await startPostgres({ folder: join(folder, 'postgres') });
  const superuser = openPool(server.url('postgres'), 2);
  await prepareCluster(superuser, passwords);
  await ensureDatabase(superuser, name);
  await superuser.end();
  const url = (role: RoleName): string => server.url(name, databaseRole(role), passwords[role]);
  const owner = openPool(url('owner'), 2);
  await migrate(owner);
  await owner.end();

  const writer = openPool(url('writer'));
  const store = openEventStore(writer);
  const masterKey = await loadKeyFile(keyFile);
  const vault = openVault(writer, masterKey);
  const clock = openJourneyClock(writer);
  const report = ({ stream, error }: { readonly stream: string; readonly error: unknown }): never => {
    throw new Error(`a rule failed on ${stream}`, { cause: error });
  };
  const streams = createStreams({
    store,
    clock,
    vault,
    references: createReferences(store),
    commitmentKey: commitmentKeyOf(masterKey),
    report,
  });
  const parts = { vault, executeOn: streams.execute };

  return {
    pid: server.pid,
    url,
    async prepare(population) {
      const isNew = (await store.head()) === 0;
      if (isNew) await clock.set({ at: firstMorning, scale: 1 });
      const { version } = await store.describe(`employer-${clinic.employers.large}`);
      // The large employer's roster is the last thing that is loaded; an interrupted load is finished by the next start.
      if (version < 2) await seed(parts, population);
      return clock.now();
    },
    publishSlots: async (date) => {
      const { version } = await store.describe(`capacity-${clinic.areaId}_${date}`);
      if (version === 0) await publishSlots(parts, date);
    },
    async stop() {
      await writer.end();
      await server.stop();
    },
  };
}
