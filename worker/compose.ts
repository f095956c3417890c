// A worker from its configuration: the activities with their store and partners, the readers, and the runner's worker over them.
import type { Server } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { serveMetrics } from '../api/metrics.ts';
import type { ConfigWith } from '../config.ts';
import { readDue } from '../projections/due.ts';
import { failPoints, type Pass } from '../store/fail-point.ts';
import { loadKeyFile } from '../store/key-file.ts';
import { openCheckpoints } from '../store/postgres/checkpoints.ts';
import { openInbox } from '../store/postgres/inbox.ts';
import { openPool } from '../store/postgres/pool.ts';
import { payloadCodec } from '../workflows/codec.ts';
import { createSender, type Sender, senderConnection } from '../workflows/send.ts';
import { type ComposedActivities, composeActivities, neededByActivities } from './activities.ts';
import { passingCodec, passingTo } from './fail-points.ts';
import { startInbox } from './inbox.ts';
import { startLeader } from './leader.ts';
import { createWorkerMetrics, type WorkerMetrics } from './metrics.ts';
import { startOwed } from './owed.ts';
import type { RunningReader, Trouble } from './reader.ts';
import { registerStage } from './search-attribute.ts';
import { stillStands } from './still-stands.ts';
import { startWatch } from './watch.ts';

/** What a worker cannot do without. */
export const neededByWorker = ['databaseWriterUrl', 'temporalAddress', 'keyFile', ...neededByActivities] as const;
export type WorkerConfig = ConfigWith<(typeof neededByWorker)[number]>;

export interface ComposedWorker {
  /** Works until `stop`; rejects when the worker fails. */
  run(): Promise<void>;
  /** Finishes what is under way and closes everything. */
  stop(): Promise<void>;
}

/** Connects a worker to its parts. It takes work once it runs. @throws Error when a part cannot be reached */
export async function composeWorker(config: WorkerConfig, { log }: { readonly log: Logger }): Promise<ComposedWorker> {
  const masterKey = await loadKeyFile(config.keyFile);
  const pool = openPool(config.databaseWriterUrl, 20);
  const address = config.temporalAddress;
  const connection = await Connection.connect({ address, ...senderConnection });
  await registerStage(connection, config.temporalNamespace);
  const native = await NativeConnection.connect({ address, grpcCompression: { codec: 'none' } });
  const pass = failPoints(config.failPoints);
  const codec = payloadCodec(masterKey);
  const dataConverter = { payloadCodecs: [config.failPoints === undefined ? codec : passingCodec(codec, pass)] };
  const metrics = createWorkerMetrics({ process: config.metricsPort !== undefined });
  const composed = composeActivities(config, { pool, masterKey, log, metrics, pass });
  metrics.watchReaders({ ...composed, inbox: openInbox(pool), checkpoints: openCheckpoints(pool) });
  const worker = await Worker.create({
    connection: native,
    namespace: config.temporalNamespace,
    taskQueue: config.taskQueue,
    workflowBundle: await bundleWorkflows(),
    activities: { ...composed.activities },
    dataConverter,
    maxCachedWorkflows: 2_000,
    shutdownGraceTime: '5s',
    ...(config.stickyTimeoutMs !== undefined && { stickyQueueScheduleToStartTimeout: config.stickyTimeoutMs }),
  });
  const client = new Client({ connection, namespace: config.temporalNamespace, dataConverter });
  const sender = createSender({ client, ...config });
  const lead = (): readonly RunningReader[] => startReaders({ ...composed, pool, sender, log, metrics, pass });
  let leader: RunningReader | undefined;
  const served = await serve(config, metrics);
  let running: Promise<void> | undefined;
  return {
    run: () => {
      if (running !== undefined) return running;
      leader = startLeader({ pool, name: 'readers', lead, report: troubled(log) });
      running = worker.run();
      return running;
    },
    async stop() {
      await leader?.stop();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running?.catch(() => undefined);
      served?.close();
      await native.close();
      await connection.close();
      await pool.end();
    },
  };
}

/** The metrics on a port of their own, if the configuration names one. */
async function serve({ apiHost: host, metricsPort: port }: WorkerConfig, metrics: WorkerMetrics): Promise<Server | undefined> {
  return port === undefined ? undefined : serveMetrics(metrics, { host, port });
}

interface ReaderParts extends ComposedActivities {
  readonly pool: Pool;
  readonly sender: Sender;
  readonly log: Logger;
  readonly metrics: Pick<WorkerMetrics, 'runRefreshed'>;
  readonly pass: Pass;
}

/** Items of which the watch takes notice at once. */
const mostDue = 10_000;

function startReaders({ pool, sender, log, metrics, pass, ...parts }: ReaderParts): readonly RunningReader[] {
  const { store, streams, clock, attempts, journeys } = parts;
  const { send, refresh } = sender;
  const checkpoints = openCheckpoints(pool);
  const report = troubled(log);
  return [
    startOwed({
      store,
      checkpoints,
      send: passingTo('owed', send, pass),
      executeOn: passingTo('owed', streams.execute, pass),
      report,
      refused: (refusal) => log.error(refusal, 'a debt was refused'),
    }),
    startInbox({
      inbox: openInbox(pool),
      checkpoints,
      send: passingTo('inbox', send, pass),
      report,
      parked: (message) => log.error(message, 'a message was set aside'),
    }),
    startWatch({
      readDue: (at) => readDue(pool, at, mostDue),
      stands: stillStands(journeys),
      attempts,
      clock,
      refresh,
      report,
      onRefreshed: (refreshed) => {
        log.warn(refreshed, 'a run was asked to look again');
        metrics.runRefreshed();
      },
    }),
  ];
}

const troubled =
  (log: Logger) =>
  (trouble: Trouble): void =>
    log.warn({ ...trouble, error: nameOf(trouble.error) }, 'to be tried again');

/** The workflow code as one bundle: from the sources, or from what was compiled of them. */
const bundleWorkflows = (): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url)) });

/** Messages may quote data; the name says enough. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
