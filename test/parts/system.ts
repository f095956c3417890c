import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import { clinic } from '../../dev/clinic.ts';
import { freePort } from '../../dev/embedded/free-port.ts';
import { findMetricsPorts, startProcesses } from '../../dev/embedded/processes.ts';
import type { System } from '../../dev/journeys/drive.ts';
import { familyOf, loadPopulation, type Person } from '../../dev/population.ts';
import { publishSlots, seed } from '../../dev/seed.ts';
import { identities, openIssuer, tokensOf } from '../../dev/tokens.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { commitmentKeyOf, createKeyFile } from '../../store/key-file.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openVault } from '../../store/postgres/vault.ts';
import { createDatabase, type TestDatabase, testFolder } from './postgres.ts';
import { temporalAddress } from './temporal.ts';

/** API, worker and partners as processes of their own, on a database and a task queue of their own. */
export interface TestSystem extends System {
  readonly family: { readonly child: Person; readonly parent: Person };
  readonly database: TestDatabase;
  readonly folder: string;
  /** Port of each process's metrics. */
  readonly metricsPorts: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Brings a system up with the sample clinic, its clock frozen at eight in the morning of the first day (`YYYY-MM-DD`). */
export async function startSystem(label: string, firstDay: string): Promise<TestSystem> {
  const folder = testFolder(label);
  await mkdir(folder, { recursive: true });
  const database = await createDatabase();
  const keyFile = join(folder, 'vault.key');
  const masterKey = await createKeyFile(keyFile);
  const family = await loadClinic(database, masterKey, firstDay);
  const issuer = await openIssuer(folder);
  const port = await freePort();
  const metricsPorts = await findMetricsPorts();
  const children = await startProcesses({
    metricsPorts,
    port,
    databaseUrl: database.url,
    temporal: temporalAddress(),
    taskQueue: label,
    keyFile,
    partnerSecret: 'a secret that signs the webhooks of the tests',
    jwksFile: issuer.jwksFile,
    folder,
  });
  return {
    api: `http://127.0.0.1:${port}`,
    tokens: await tokensOf(issuer.sign, identities(family)),
    family,
    database,
    folder,
    metricsPorts,
    async stop() {
      for (const child of children.toReversed()) await child.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function loadClinic({ writer }: TestDatabase, masterKey: Buffer, firstDay: string): Promise<TestSystem['family']> {
  const [year = 0, month = 1, day = 1] = firstDay.split('-').map(Number);
  const at = instantOf({ year, month, day, hour: 8 }, clinic.zone);
  const clock = openJourneyClock(writer);
  await clock.set({ at, scale: 0 });
  const store = openEventStore(writer);
  const vault = openVault(writer, masterKey);
  const report = ({ error }: { readonly error: unknown }): never => {
    throw error;
  };
  const { execute } = createStreams({
    store,
    clock,
    vault,
    references: createReferences(store),
    commitmentKey: commitmentKeyOf(masterKey),
    report,
  });
  const population = loadPopulation();
  const family = familyOf(population);
  const few = [...new Set([family.child, family.parent, ...population.filter(({ birthDate }) => birthDate < '2000').slice(0, 80)])];
  await seed({ executeOn: execute, vault }, few);
  await publishSlots({ executeOn: execute, vault }, firstDay);
  return family;
}
