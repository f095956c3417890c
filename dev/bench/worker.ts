// A worker of the bench, a process of its own: with the real activities, or with activities that do nothing.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { activityInfo } from '@temporalio/activity';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { loadKeyFile } from '../../store/key-file.ts';
import { openCheckpoints } from '../../store/postgres/checkpoints.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { startOwed } from '../../worker/owed.ts';
import { payloadCodec } from '../../workflows/codec.ts';
import type { CommandMessage, Step } from '../../workflows/messages.ts';
import { freePort } from '../embedded/free-port.ts';
import { openDeciding } from './deciding.ts';

/** What the bench tells its worker, as JSON in the environment. */
export interface WorkerSetting {
  readonly kind: 'real' | 'idle';
  readonly temporal: string;
  readonly taskQueue: string;
  readonly databaseUrl: string;
  readonly keyFile: string;
  /** Runs that the worker keeps in memory. */
  readonly cached: number;
  /** File with the Steps that idle activities hand out, by type of command. */
  readonly steps?: string;
}

/** What the bench asks its worker: the Steps that were handed out, or how often a run was found in the worker's memory. */
export type Question = 'steps' | 'memory';

/** Workflow tasks whose run was in the worker's memory, and those for which it had to be replayed. */
export interface FoundInMemory {
  readonly hit: number;
  readonly miss: number;
}

const setting = JSON.parse(process.env.CARETRAIL_BENCH ?? '') as WorkerSetting;
const masterKey = await loadKeyFile(setting.keyFile);
const stopReaders: (() => Promise<void>)[] = [];
const answered: Record<string, Step> = {};
const metricsPort = await freePort();
Runtime.install({ telemetryOptions: { metrics: { prometheus: { bindAddress: `127.0.0.1:${metricsPort}` } } } });
process.on('message', async (question: Question) => process.send?.(question === 'steps' ? answered : await foundInMemory()));
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: setting.temporal, grpcCompression: { codec: 'none' } }),
  taskQueue: setting.taskQueue,
  workflowBundle: await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('../../workflows/index.js', import.meta.url)) }),
  activities: { ...(setting.kind === 'real' ? realActivities() : await idleActivities()) },
  dataConverter: { payloadCodecs: [payloadCodec(masterKey)] },
  maxCachedWorkflows: setting.cached,
  shutdownGraceTime: '1s',
});
process.on('SIGTERM', () => worker.shutdown());
const running = worker.run();
process.send?.('ready');
await running;
for (const stop of stopReaders) await stop();
process.exit();

/**
 * The activities as they run in production, but for two things: a partner that is asked takes it and answers later, by a command; and
 * each command is decided as of the instant that it carries, so that a day of care can be played in seconds.
 */
function realActivities(): Activities {
  const pool = openPool(setting.databaseUrl, 20);
  const runId = (): string => activityInfo().workflowExecution?.runId ?? '';
  const { store, streams, execute, open, asOf } = openDeciding({ pool, masterKey, runId });
  const last = new Map<string, number>();
  const owed = startOwed({
    store,
    checkpoints: openCheckpoints(pool),
    executeOn: (category, id, message) => asOf(message.occurredAt, () => streams.execute(category, id, message)),
    send: async () => ({ accepted: true, revision: 0, position: 0, events: [] }),
    report: () => undefined,
    refused: () => undefined,
  });
  stopReaders.push(() => owed.stop());
  return {
    open: (journeyId, setAside) => asOf(last.get(journeyId), () => open(journeyId, setAside)),
    execute(journeyId, message, setAside) {
      last.set(journeyId, message.occurredAt ?? Date.now());
      return asOf(message.occurredAt, async () => {
        const step = await execute(journeyId, message, setAside);
        answered[numberOf(message)] ??= step;
        return step;
      });
    },
    perform: async () => null,
  };
}

/** Activities that do nothing: what the workflow is told to do next is what the real ones have told it after the same commands. */
async function idleActivities(): Promise<Activities> {
  const steps = JSON.parse(await readFile(setting.steps ?? '', 'utf8')) as Readonly<Record<string, Step>>;
  const nothing = (message?: CommandMessage): Step => {
    const step = steps[message ? numberOf(message) : '0'] ?? steps['0'];
    if (!step) throw new Error('no Step was recorded');
    // Timers would fire by the instants of the recording.
    return { ...step, ...(step.next && { next: { ...step.next, wakeAt: Date.now() + 3_600_000 } }) };
  };
  return { open: async () => nothing(), execute: async (_journeyId, message) => nothing(message), perform: async () => null };
}

/** The number of a command within its play. */
function numberOf({ id }: CommandMessage): string {
  return id.split('#')[1] ?? '0';
}

/** Counted by the runner's own worker. */
async function foundInMemory(): Promise<FoundInMemory> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^temporal_sticky_cache_${name}\\{.*\\} (\\d+)`, 'gm'))].reduce(
      (all, [, count]) => all + Number(count),
      0,
    );
  return { hit: sum('hit'), miss: sum('miss') };
}
