import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import type { Child } from '../../dev/child.ts';
import { clinic } from '../../dev/clinic.ts';
import { freePort } from '../../dev/embedded/free-port.ts';
import { findMetricsPorts, type ProcessesOptions, type ProcessName, processes } from '../../dev/embedded/processes.ts';
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
  /** The stand-ins, whose control route takes their fault plans. */
  readonly partners: { readonly url: string };
  /** What the processes were told. */
  readonly settings: ProcessesOptions;
  /** The process that was started last under this name. */
  child(name: ProcessName): Child | undefined;
  /** SIGKILL for these processes, all at once; returns when they are gone. */
  kill(...names: readonly ProcessName[]): Promise<void>;
  /** Starts one anew, with more in its environment than it had. */
  start(name: ProcessName, more?: Readonly<Record<string, string>>): Promise<Child>;
  /** Port of each process's metrics. */
  readonly metricsPorts: Readonly<Record<string, number>>;
  /** The next place, as `place[/about][:n]`, at which whichever process passes it dies; '' for none. */
  arm(place: string): void;
  /** The places that were passed so far, in order, as `place[/about]`. */
  passed(): readonly string[];
  stop(): Promise<void>;
}

interface SystemOptions {
  /** Address of another Temporal than that of all tests. */
  readonly temporal?: string;
  /** Lets the processes die where `arm` says, and has Temporal give up a dead worker soon. */
  readonly dying?: true;
  /** The folder of another build than the project's own. */
  readonly built?: string | undefined;
  /** A fresh database on another server than that of all tests; it is deleted with the system. */
  readonly database?: TestDatabase;
}

/** Ten seconds are long for somebody who waits for a crash, five for a run whose worker is gone. */
const giveUpSoon = { CARETRAIL_WORKFLOW_TASK_TIMEOUT_MS: '2000', CARETRAIL_STICKY_TIMEOUT_MS: '1000' };

const inOrder: readonly ProcessName[] = ['partners', 'worker', 'projections', 'api'];

/** Brings a system up with the sample clinic, its clock frozen at eight in the morning of the first day (`YYYY-MM-DD`). */
export async function startSystem(
  label: string,
  firstDay: string,
  { temporal = temporalAddress(), dying, built, ...given }: SystemOptions = {},
): Promise<TestSystem> {
  const folder = testFolder(label);
  const failPoints = join(folder, 'fail-points');
  await mkdir(failPoints, { recursive: true });
  const database = given.database ?? (await createDatabase());
  const keyFile = join(folder, 'vault.key');
  const masterKey = await createKeyFile(keyFile);
  const family = await loadClinic(database, masterKey, firstDay);
  const issuer = await openIssuer(folder);
  const port = await freePort();
  const partnersPort = await freePort();
  const metricsPorts = await findMetricsPorts();
  const settings: ProcessesOptions = {
    metricsPorts,
    port,
    partnersPort,
    databaseUrl: database.url,
    temporal,
    taskQueue: label,
    keyFile,
    partnerSecret: 'a secret that signs the webhooks of the tests',
    jwksFile: issuer.jwksFile,
    folder,
    ...(dying && { besides: { ...giveUpSoon, CARETRAIL_FAIL_POINTS: failPoints } }),
    ...(built && { built }),
  };
  const launch = await processes(settings);
  const children = new Map<ProcessName, Child>();
  const everyone: Child[] = [];
  const start: TestSystem['start'] = async (name, more) => {
    const child = await launch[name](more);
    children.set(name, child);
    everyone.push(child);
    return child;
  };
  for (const name of inOrder) await start(name);
  return {
    api: `http://127.0.0.1:${port}`,
    tokens: await tokensOf(issuer.sign, identities(family)),
    family,
    database,
    folder,
    partners: { url: `http://127.0.0.1:${partnersPort}` },
    settings,
    start,
    child: (name) => children.get(name),
    async kill(...names) {
      const killed = names.flatMap((name) => children.get(name)?.process ?? []);
      for (const process of killed) process.kill('SIGKILL');
      await Promise.all(killed.map(ended));
    },
    metricsPorts,
    arm: (place) => writeFileSync(join(failPoints, 'armed'), place),
    passed: () => (existsSync(join(failPoints, 'passed')) ? readFileSync(join(failPoints, 'passed'), 'utf8').trimEnd().split('\n') : []),
    async stop() {
      for (const child of everyone.toReversed()) await child.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns when a process has ended. */
export const ended = (process: Child['process']): Promise<void> =>
  new Promise((resolve) => {
    if (process.exitCode !== null || process.signalCode !== null) return resolve();
    process.once('exit', () => resolve());
  });

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
