// A worker of the bench, a process of its own: with the real activities, or with activities that do nothing.
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { activityInfo } from '@temporalio/activity';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { createClaims } from '../../activities/claims.ts';
import { createExecute } from '../../activities/execute.ts';
import { createFacts } from '../../activities/facts.ts';
import type { Activities } from '../../activities/index.ts';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import { templates } from '../../domain/templates/index.ts';
import { commitmentKeyOf, loadKeyFile } from '../../store/key-file.ts';
import type { Clock } from '../../store/ports.ts';
import { openCheckpoints } from '../../store/postgres/checkpoints.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { openVault } from '../../store/postgres/vault.ts';
import { startOwed } from '../../worker/owed.ts';
import { payloadCodec } from '../../workflows/codec.ts';
import type { CommandMessage, Step } from '../../workflows/messages.ts';

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

const setting = JSON.parse(process.env.CARETRAIL_BENCH ?? '') as WorkerSetting;
const masterKey = await loadKeyFile(setting.keyFile);
const stopReaders: (() => Promise<void>)[] = [];
const answered: Record<string, Step> = {};
process.on('message', () => process.send?.(answered));
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
  const store = openEventStore(pool);
  const instant = new AsyncLocalStorage<number>();
  const last = new Map<string, number>();
  const now = (): number => instant.getStore() ?? Date.now();
  const clock: Clock = { now: async () => now(), realTimeOf: async (at) => Date.now() + at - now() };
  const references = createReferences(store);
  const report = ({ error }: { readonly error: unknown }): never => {
    throw error;
  };
  const vault = openVault(pool, masterKey);
  const streams = createStreams({ store, clock, vault, references, commitmentKey: commitmentKeyOf(masterKey), report });
  const facts = createFacts({ references, vault, clock, templates });
  const runId = (): string => activityInfo().workflowExecution?.runId ?? '';
  const { execute, open } = createExecute({
    store,
    clock,
    loadFacts: facts.load,
    loadClaim: createClaims(streams.execute, facts.load),
    runId,
    report,
  });
  const owed = startOwed({
    store,
    checkpoints: openCheckpoints(pool),
    executeOn: (category, id, message) => instant.run(message.occurredAt ?? Date.now(), () => streams.execute(category, id, message)),
    send: async () => ({ accepted: true, revision: 0, position: 0, events: [] }),
    report: () => undefined,
    refused: () => undefined,
  });
  stopReaders.push(() => owed.stop());
  return {
    open: (journeyId, setAside) => instant.run(last.get(journeyId) ?? Date.now(), () => open(journeyId, setAside)),
    execute(journeyId, message, setAside) {
      const at = message.occurredAt ?? Date.now();
      last.set(journeyId, at);
      return instant.run(at, async () => {
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
