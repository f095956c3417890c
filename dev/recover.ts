// `npm run recover`: has every open journey's run read where its journey stands, starting those that are missing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import { loadConfig } from '../config.ts';
import { readWaiting } from '../projections/due.ts';
import { viewStatus } from '../projections/view-status.ts';
import { waitingJourneys } from '../projections/waiting.ts';
import { loadKeyFile } from '../store/key-file.ts';
import { databaseRole } from '../store/postgres/cluster.ts';
import { openEventStore } from '../store/postgres/event-store.ts';
import { openPool } from '../store/postgres/pool.ts';
import { payloadCodec } from '../workflows/codec.ts';
import { createSender, senderConnection } from '../workflows/send.ts';
import { projectRoot } from './project-root.ts';
import { openSecrets } from './secrets.ts';

const needed = ['databaseWriterUrl', 'temporalAddress', 'keyFile'] as const;
const atOnce = 16;
const tries = 5;

/** The environment, completed by the system of `npm start` where it names no database. */
async function settings(): Promise<Readonly<Record<string, string | undefined>>> {
  if (process.env.CARETRAIL_DATABASE_WRITER_URL) return process.env;
  const folder = join(projectRoot, '.caretrail');
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new Error('nothing runs here: start it with npm start, or name another system in the environment (docs/running.md)');
  const { postgres, temporal } = JSON.parse(text) as { readonly postgres: string; readonly temporal: string };
  const { passwords, keyFile } = await openSecrets(join(folder, 'keys'));
  const url = new URL(postgres);
  url.username = databaseRole('writer');
  url.password = passwords.writer;
  return {
    ...process.env,
    CARETRAIL_DATABASE_WRITER_URL: url.href,
    CARETRAIL_TEMPORAL_ADDRESS: temporal,
    CARETRAIL_KEY_FILE: keyFile,
  };
}

/** From the view where it has kept up, else from the events themselves. */
async function openJourneys(pool: Pool): Promise<readonly string[]> {
  const due = (await viewStatus(pool)).find(({ view }) => view === 'due');
  if (due?.state === 'caughtUp') return readWaiting(pool);
  print(`the view of what is due is ${due?.state ?? 'missing'}: reading the events instead`);
  return waitingJourneys(openEventStore(pool))();
}

/** Returns how many could not be asked. */
async function refreshAll(journeys: readonly string[], refresh: (journeyId: string) => Promise<void>): Promise<number> {
  const queue = [...journeys];
  let done = 0;
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let journeyId = queue.shift(); journeyId !== undefined; journeyId = queue.shift()) {
      if (!(await succeeds(refresh, journeyId))) failed += 1;
      done += 1;
      if (done % 100 === 0) print(`${done} of ${journeys.length}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

async function succeeds(refresh: (journeyId: string) => Promise<void>, journeyId: string): Promise<boolean> {
  for (let n = 1; n <= tries; n += 1) {
    const error = await refresh(journeyId).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return true;
    if (n === tries) process.stderr.write(`${journeyId} could not be refreshed: ${error instanceof Error ? error.name : 'unknown'}\n`);
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** n));
  }
  return false;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function recover(): Promise<number> {
  const config = loadConfig(await settings(), needed);
  const { temporalAddress: address, temporalNamespace: namespace, taskQueue, runLength } = config;
  const pool = openPool(config.databaseWriterUrl, 4);
  const connection = await Connection.connect({ address, ...senderConnection });
  try {
    const dataConverter = { payloadCodecs: [payloadCodec(await loadKeyFile(config.keyFile))] };
    const client = new Client({ connection, namespace, dataConverter });
    const { refresh } = createSender({ client, taskQueue, runLength });
    const journeys = await openJourneys(pool);
    print(`${journeys.length} journeys wait for something`);
    const failed = await refreshAll(journeys, refresh);
    print(`refreshed ${journeys.length - failed}, failed ${failed}`);
    return failed;
  } finally {
    await connection.close();
    await pool.end();
  }
}

try {
  if ((await recover()) > 0) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
