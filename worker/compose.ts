// A worker from its configuration: the activities with their store and partners, the readers, and the runner's worker over them.
import { hkdfSync } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { activityInfo } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { createClaims } from '../activities/claims.ts';
import { createExecute } from '../activities/execute.ts';
import { createFacts } from '../activities/facts.ts';
import type { Activities } from '../activities/index.ts';
import { createJourneys } from '../activities/journeys.ts';
import { createPerform, type Parties } from '../activities/perform.ts';
import { createPeople } from '../activities/perform-person.ts';
import { createReferences } from '../activities/references.ts';
import { createStreams, type Streams } from '../activities/streams.ts';
import type { ConfigWith } from '../config.ts';
import { templates } from '../domain/templates/index.ts';
import { courierClient } from '../interop/courier/client.ts';
import { eligibilityClient } from '../interop/eligibility/client.ts';
import { noticesClient } from '../interop/notices/client.ts';
import { paymentClient } from '../interop/payment/client.ts';
import { pharmacyClient } from '../interop/pharmacy/client.ts';
import { safetyClient } from '../interop/safety/client.ts';
import type { EventStore } from '../store/event-store.ts';
import { loadKeyFile } from '../store/key-file.ts';
import type { Clock } from '../store/ports.ts';
import { openAttempts } from '../store/postgres/attempts.ts';
import { openCheckpoints } from '../store/postgres/checkpoints.ts';
import { openJourneyClock } from '../store/postgres/clock.ts';
import { openEventStore } from '../store/postgres/event-store.ts';
import { openInbox } from '../store/postgres/inbox.ts';
import { openPool } from '../store/postgres/pool.ts';
import { openVault } from '../store/postgres/vault.ts';
import { systemClock } from '../store/system-clock.ts';
import { payloadCodec } from '../workflows/codec.ts';
import { createSender } from '../workflows/send.ts';
import { startInbox } from './inbox.ts';
import { startOwed } from './owed.ts';
import type { Trouble } from './reader.ts';
import { registerStage } from './search-attribute.ts';

/** What a worker cannot do without. */
export const neededByWorker = [
  'databaseWriterUrl',
  'temporalAddress',
  'keyFile',
  'eligibilityUrl',
  'safetyUrl',
  'pharmacyUrl',
  'courierUrl',
  'paymentUrl',
  'noticesUrl',
] as const;
export type WorkerConfig = ConfigWith<(typeof neededByWorker)[number]>;

export interface ComposedWorker {
  /** Works until `stop`; rejects when the worker fails. */
  run(): Promise<void>;
  /** Finishes what is under way and closes everything. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly log: Logger;
  /** A bundle that was made before; made anew without one. */
  readonly workflows?: WorkflowBundleWithSourceMap;
}

/** Connects a worker to its parts. It takes work once it runs. @throws Error when a part cannot be reached */
export async function composeWorker(config: WorkerConfig, { log, workflows }: WorkerOptions): Promise<ComposedWorker> {
  const masterKey = await loadKeyFile(config.keyFile);
  const pool = openPool(config.databaseWriterUrl, 20);
  const address = config.temporalAddress;
  const connection = await Connection.connect({ address });
  await registerStage(connection, config.temporalNamespace);
  const native = await NativeConnection.connect({ address, grpcCompression: { codec: 'none' } });
  const dataConverter = { payloadCodecs: [payloadCodec(masterKey)] };
  const { activities, store, streams } = activitiesOver(pool, masterKey, config, log);
  const worker = await Worker.create({
    connection: native,
    namespace: config.temporalNamespace,
    taskQueue: config.taskQueue,
    workflowBundle: workflows ?? (await bundleWorkflows()),
    activities: { ...activities },
    dataConverter,
    maxCachedWorkflows: 2_000,
    shutdownGraceTime: '5s',
  });
  const client = new Client({ connection, namespace: config.temporalNamespace, dataConverter });
  const { send } = createSender({ client, taskQueue: config.taskQueue, runLength: config.runLength });
  const checkpoints = openCheckpoints(pool);
  const report = (trouble: Trouble): void => log.warn({ ...trouble, error: nameOf(trouble.error) }, 'to be tried again');
  const readers = [
    startOwed({
      store,
      checkpoints,
      send,
      executeOn: streams.execute,
      report,
      refused: (refusal) => log.error(refusal, 'a debt was refused'),
    }),
    startInbox({ inbox: openInbox(pool), checkpoints, send, report, parked: (message) => log.error(message, 'a message was set aside') }),
  ];
  let running: Promise<void> | undefined;
  return {
    run: () => {
      running ??= worker.run();
      return running;
    },
    async stop() {
      await Promise.all(readers.map((reader) => reader.stop()));
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running?.catch(() => undefined);
      await native.close();
      await connection.close();
      await pool.end();
    },
  };
}

/** The workflow code as one bundle: from the sources, or from what was compiled of them. */
export const bundleWorkflows = (): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url)) });

interface Composed {
  readonly activities: Activities;
  readonly store: EventStore;
  readonly streams: Streams;
}

function activitiesOver(pool: Pool, masterKey: Buffer, config: WorkerConfig, log: Logger): Composed {
  const store = openEventStore(pool);
  const clock: Clock = config.journeyClock === 'journey' ? openJourneyClock(pool) : systemClock;
  const vault = openVault(pool, masterKey);
  const references = createReferences(store);
  const commitmentKey = Buffer.from(hkdfSync('sha256', masterKey, '', 'caretrail message commitments', 32)).toString('base64');
  const report = ({ error, ...where }: { readonly commandId: string; readonly error: unknown }): void =>
    log.error({ ...where, error: stackOf(error) }, 'a rule failed');
  const streams = createStreams({ store, clock, vault, references, commitmentKey, report });
  const facts = createFacts({ references, vault, clock, templates });
  const runId = (): string => activityInfo().workflowExecution?.runId ?? '';
  const loadClaim = createClaims(streams.execute, facts.load);
  const execute = createExecute({ store, clock, loadFacts: facts.load, loadClaim, runId, report });
  const perform = createPerform({
    journeys: createJourneys(store),
    attempts: openAttempts(pool),
    parties: partiesOf(config),
    people: createPeople({ references, vault }),
    vault,
    clock,
    visitorsOnShift: facts.visitorsOnShift,
  });
  return { activities: { ...execute, ...perform }, store, streams };
}

const partiesOf = (config: WorkerConfig): Parties => ({
  eligibility: eligibilityClient({ url: config.eligibilityUrl }),
  safety: safetyClient({ url: config.safetyUrl }),
  pharmacy: pharmacyClient({ url: config.pharmacyUrl }),
  courier: courierClient({ url: config.courierUrl }),
  payment: paymentClient({ url: config.paymentUrl }),
  notices: noticesClient({ url: config.noticesUrl }),
});

/** Messages may quote data; the name says enough. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** Where a defect is, without its message. */
const stackOf = (error: unknown): string =>
  error instanceof Error ? [error.name, ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))].join('\n') : 'unknown';
