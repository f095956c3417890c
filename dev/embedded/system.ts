import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDate } from '../../domain/kernel/calendar.ts';
import { day } from '../../domain/kernel/time.ts';
import type { Child } from '../child.ts';
import { stopOrphans } from '../child.ts';
import { clinic } from '../clinic.ts';
import type { DemoParts } from '../demo.ts';
import { moveClock } from '../journeys/drive.ts';
import { familyOf, loadPopulation } from '../population.ts';
import { projectRoot } from '../project-root.ts';
import { openSecrets } from '../secrets.ts';
import { type SignInLink, signInLinks } from '../sign-in-links.ts';
import { identities, openIssuer, tokensOf } from '../tokens.ts';
import { type Database, openDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { isAlive } from './postgres-process.ts';
import { findMetricsPorts, startProcesses } from './processes.ts';
import { startTemporal } from './temporal.ts';

export interface BroughtUp {
  readonly api: string;
  /** One for each role, valid for two hours. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly temporal: string;
  readonly temporalScreens?: string;
  readonly runFile: string;
  readonly logs: string;
  /** A fresh sign-in link for each role. */
  signInLinks(): Promise<readonly SignInLink[]>;
  forDemo(): Omit<DemoParts, 'print'>;
  /** Lets the journey clock run in step with real time. */
  thaw(): Promise<void>;
  /** Calls back when one of the parts ends by itself. */
  onLost(tell: (name: string) => void): void;
}

const usualFolder = join(projectRoot, '.caretrail');
const slotDays = 14;
const tokenRenewalMs = 3_600_000;

export interface BringUpOptions {
  /** Port of the API; 8080 if it is free and none is given. */
  readonly port?: number | undefined;
  /** Takes all that the system keeps; `.caretrail` without it. */
  readonly folder?: string;
  readonly print: (line: string) => void;
  /** Takes what stops a part, as soon as that part has been started. */
  readonly started: (stop: () => Promise<void>) => void;
}

/** Starts every part in its own process, with embedded PostgreSQL and Temporal, and loads the sample clinic once. */
export async function bringUp({ port: wanted, folder = usualFolder, print, started }: BringUpOptions): Promise<BroughtUp> {
  const [logs, runFile] = [join(folder, 'logs'), join(folder, 'run.json')];
  const secrets = await openSecrets(join(folder, 'keys'));
  await mkdir(logs, { recursive: true });
  print('PostgreSQL …');
  const database = await openDatabase(folder, secrets);
  started(database.stop);
  await stopOrphans(logs);
  const port = wanted ?? (await freePort(8080));
  print('Temporal …');
  const temporal = await startTemporal({ folder: join(folder, 'temporal-data'), log: join(logs, 'temporal.log'), ui: true });
  started(temporal.stop);
  const { sign, jwksFile } = await openIssuer(join(folder, 'keys'));
  print('Sample clinic …');
  const population = loadPopulation();
  const now = await database.prepare(population);
  await publishComingDays(database, now);
  print('Partners, worker, API …');
  const api = `http://127.0.0.1:${port}`;
  const [partnersPort, metricsPorts] = [await freePort(), await findMetricsPorts()];
  const children = await startProcesses({
    metricsPorts,
    port,
    partnersPort,
    databaseUrl: database.url,
    temporal: temporal.address,
    keyFile: secrets.keyFile,
    partnerSecret: secrets.partnerSecret,
    jwksFile,
    folder,
  });
  for (const child of children) started(child.stop);
  const family = familyOf(population);
  const signAll = () => tokensOf(sign, identities(family));
  const addresses = addressesOf({ api, temporal: temporal.address, postgres: database.url('api'), partnersPort, metricsPorts });
  started(await keepRunFile(runFile, addresses, signAll));
  const tokens = await signAll();
  return {
    api,
    tokens,
    temporal: temporal.address,
    ...(temporal.uiAddress && { temporalScreens: temporal.uiAddress }),
    runFile,
    logs,
    signInLinks: async () => signInLinks(api, await signAll()),
    forDemo: () => ({ system: { api, tokens }, family, folder, now, publishSlots: database.publishSlots }),
    thaw: () => moveClock({ api, tokens }, { scale: 1 }),
    onLost: tellOfLosses(children, { PostgreSQL: database.pid, Temporal: temporal.pid }, started),
  };
}

const tellOfLosses =
  (
    children: readonly Child[],
    servers: Readonly<Record<string, number | undefined>>,
    started: BringUpOptions['started'],
  ): BroughtUp['onLost'] =>
  (tell) => {
    for (const { process: lost, name } of children) lost.once('exit', () => tell(name));
    started(watchServers(servers, tell));
  };

interface Found {
  readonly api: string;
  readonly temporal: string;
  readonly postgres: string;
  readonly partnersPort: number;
  readonly metricsPorts: Readonly<Record<string, number>>;
}

/** Where each part answers, for the file that others read. */
const addressesOf = ({ api, temporal, postgres, partnersPort, metricsPorts }: Found) => ({
  api,
  docs: `${api}/docs`,
  temporal,
  postgres,
  metrics: Object.values(metricsPorts).map((port) => `http://127.0.0.1:${port}/metrics`),
  partners: `http://127.0.0.1:${partnersPort}`,
});

const lookEveryMs = 500;

/** Tells of a server that is not our child and ended all the same. Returns what ends the watching. */
function watchServers(servers: Readonly<Record<string, number | undefined>>, tell: (name: string) => void): () => Promise<void> {
  const watched = new Map(Object.entries(servers));
  const look = setInterval(() => {
    for (const [name, pid] of watched) {
      if (pid === undefined || isAlive(pid)) continue;
      watched.delete(name);
      tell(name);
    }
  }, lookEveryMs);
  return async () => clearInterval(look);
}

/** Writes the addresses and fresh tokens where scripts find them, and again before the tokens end. Returns what removes the file. */
async function keepRunFile(runFile: string, run: object, signAll: () => Promise<Record<string, string>>): Promise<() => Promise<void>> {
  const write = async (): Promise<void> =>
    writeFile(runFile, JSON.stringify({ ...run, tokens: await signAll() }, null, 1), { mode: 0o600 });
  await write();
  const renewal = setInterval(() => void write().catch(() => clearInterval(renewal)), tokenRenewalMs);
  return async () => {
    clearInterval(renewal);
    await rm(runFile, { force: true });
  };
}

/** Slots for the days to come, so that visits can be booked. */
async function publishComingDays(database: Database, now: number): Promise<void> {
  for (let ahead = 0; ahead < slotDays; ahead += 1) await database.publishSlots(localDate(now + ahead * day, clinic.zone));
}
