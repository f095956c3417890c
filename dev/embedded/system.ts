import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDate } from '../../domain/kernel/calendar.ts';
import { day } from '../../domain/kernel/time.ts';
import { clinic } from '../clinic.ts';
import type { DemoParts } from '../demo.ts';
import { moveClock, type System } from '../journeys/drive.ts';
import { familyOf, loadPopulation } from '../population.ts';
import { projectRoot } from '../project-root.ts';
import { openSecrets } from '../secrets.ts';
import { identities, openIssuer, type Sign } from '../tokens.ts';
import { type Database, openDatabase } from './database.ts';
import { startProcesses } from './processes.ts';
import { startTemporal } from './temporal.ts';

export interface BroughtUp {
  readonly api: string;
  readonly temporal: string;
  readonly temporalScreens?: string;
  readonly runFile: string;
  readonly logs: string;
  forDemo(): Omit<DemoParts, 'print'>;
  /** Lets the journey clock run in step with real time. */
  thaw(): Promise<void>;
  /** Calls back when one of the processes ends by itself. */
  onLost(tell: (name: string) => void): void;
  stop(): Promise<void>;
}

const folder = join(projectRoot, '.caretrail');
const logs = join(folder, 'logs');
const slotDays = 14;
const tokenRenewalMs = 3_600_000;

/** Starts every part in its own process, with embedded PostgreSQL and Temporal, and loads the sample clinic once. */
export async function bringUp({ port, print }: { readonly port: number; readonly print: (line: string) => void }): Promise<BroughtUp> {
  const secrets = await openSecrets(join(folder, 'keys'));
  await mkdir(logs, { recursive: true });
  print('PostgreSQL …');
  const database = await openDatabase(folder, secrets);
  print('Temporal …');
  const temporal = await startTemporal({ folder: join(folder, 'temporal-data'), log: join(logs, 'temporal.log'), ui: true });
  const issuer = await openIssuer(join(folder, 'keys'));
  print('Sample clinic …');
  const population = loadPopulation();
  const now = await database.prepare(population);
  await publishComingDays(database, now);
  print('Partners, worker, API …');
  const api = `http://127.0.0.1:${port}`;
  const { keyFile, partnerSecret } = secrets;
  const { jwksFile } = issuer;
  const children = await startProcesses({
    port,
    databaseUrl: database.url,
    temporal: temporal.address,
    keyFile,
    partnerSecret,
    jwksFile,
    folder,
  });
  const family = familyOf(population);
  const system: System = { api, tokens: await sign(issuer.sign, identities(family)) };
  const runFile = join(folder, 'run.json');
  const write = async (): Promise<void> => {
    const tokens = await sign(issuer.sign, identities(family));
    const run = { api, docs: `${api}/docs`, temporal: temporal.address, postgres: database.url('api'), tokens };
    await writeFile(runFile, JSON.stringify(run, null, 1), { mode: 0o600 });
  };
  await write();
  const renewal = setInterval(() => void write().catch(() => clearInterval(renewal)), tokenRenewalMs);
  let stopping = false;
  return {
    api,
    temporal: temporal.address,
    ...(temporal.uiAddress && { temporalScreens: temporal.uiAddress }),
    runFile,
    logs,
    forDemo: () => ({ system, family, folder, now, publishSlots: database.publishSlots }),
    thaw: () => moveClock(system, { scale: 1 }),
    onLost: (tell) => {
      for (const child of children) child.process.once('exit', () => !stopping && tell(child.name));
    },
    async stop() {
      stopping = true;
      clearInterval(renewal);
      await rm(runFile, { force: true });
      for (const child of children.toReversed()) await child.stop();
      await temporal.stop();
      await database.stop();
    },
  };
}

async function sign(signOne: Sign, people: ReturnType<typeof identities>): Promise<Record<string, string>> {
  const signed = await Promise.all(people.map(async (identity) => [identity.role, await signOne(identity)] as const));
  return Object.fromEntries(signed);
}

async function publishComingDays(database: Database, now: number): Promise<void> {
  for (let ahead = 0; ahead < slotDays; ahead += 1) await database.publishSlots(localDate(now + ahead * day, clinic.zone));
}
