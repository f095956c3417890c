// A real server and worker, with the events in the memory of the test: what a run does with the Steps it is given.
import { fileURLToPath } from 'node:url';
import { activityInfo } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import type { EventStore } from '../../store/event-store.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import type { Answer, CommandMessage } from '../../workflows/messages.ts';
import { createSender, type Sender } from '../../workflows/send.ts';
import { type Executor, executor, type HandClock, handClock, type Knowing } from '../activities/execute-setting.ts';
import { temporalAddress } from '../parts/temporal.ts';

/** What all runs of a test file share. */
export interface Runner {
  readonly bundle: WorkflowBundleWithSourceMap;
  readonly client: Client;
  readonly native: NativeConnection;
  close(): Promise<void>;
}

const quiet = new DefaultLogger('ERROR');

async function openRunner(): Promise<Runner> {
  Runtime.install({ logger: quiet, telemetryOptions: { logging: { filter: 'off' } } });
  const address = temporalAddress();
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  return {
    bundle: await bundleWorkflows(),
    client: new Client({ connection }),
    native,
    async close() {
      await native.close();
      await connection.close();
    },
  };
}

/** What the tests of one file share: a runner, and journeys of which each test starts its own. */
export interface RunnerOfFile {
  runner(): Runner;
  /** Journeys on a worker that stops after the test. */
  start(setting?: RunSetting): Promise<Running>;
}

/** Opens a runner before the tests of the file that calls it, and closes it after them. */
export function runnerOfFile(): RunnerOfFile {
  let opened: Runner | undefined;
  let running: Running | undefined;
  const runner = (): Runner => {
    if (!opened) throw new Error('the runner is open in tests only');
    return opened;
  };
  beforeAll(async () => {
    opened = await openRunner();
  }, 120_000);
  afterEach(() => running?.stopWorker());
  afterAll(() => opened?.close());
  return {
    runner,
    async start(setting) {
      running = await startRunning(runner(), setting);
      return running;
    },
  };
}

/** The present workflow code, or that of another file. */
export const bundleWorkflows = (path = '../../workflows/index.ts'): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL(path, import.meta.url)), logger: quiet });

export interface RunSetting {
  readonly runLength?: number;
  readonly perform?: Activities['perform'];
  readonly know?: Knowing;
  readonly maxCachedWorkflows?: number;
  /** Stands before `execute`. */
  readonly before?: () => Promise<void>;
}

/** Journeys on a task queue of their own. */
export interface Running {
  readonly store: EventStore;
  readonly clock: HandClock;
  readonly sender: Sender;
  readonly taskQueue: string;
  /** Gives commands one after the other; each must be answered. */
  give(journeyId: string, ...messages: readonly CommandMessage[]): Promise<readonly Answer[]>;
  /** One whose workflow code is the present one, or another. */
  startWorker(bundle?: WorkflowBundleWithSourceMap): Promise<void>;
  stopWorker(): Promise<void>;
}

const nothing: Activities['perform'] = async () => null;
let count = 0;

async function startRunning(runner: Runner, setting: RunSetting = {}): Promise<Running> {
  const { runLength = 4 } = setting;
  count += 1;
  const taskQueue = `run-test-${process.pid}-${count}`;
  const store = memoryEventStore();
  const clock = handClock();
  const activities = activitiesOf(store, clock, setting);
  const sender = createSender({ client: runner.client, taskQueue, runLength });
  let worker: Worker | undefined;
  let working: Promise<void> | undefined;
  const running: Running = {
    store,
    clock,
    sender,
    taskQueue,
    async give(journeyId, ...messages) {
      const answers: Answer[] = [];
      for (const message of messages) answers.push(await sender.send(journeyId, message));
      return answers;
    },
    async startWorker(workflowBundle = runner.bundle) {
      const { maxCachedWorkflows = 100 } = setting;
      worker = await Worker.create({
        connection: runner.native,
        taskQueue,
        workflowBundle,
        activities,
        maxCachedWorkflows,
        shutdownGraceTime: '2s',
      });
      working = worker.run();
    },
    async stopWorker() {
      worker?.shutdown();
      await working;
      worker = undefined;
      working = undefined;
    },
  };
  await running.startWorker();
  return running;
}

function activitiesOf(
  store: EventStore,
  clock: HandClock,
  { perform = nothing, know, before }: RunSetting,
): Activities & Record<string, never> {
  const runId = (): string => activityInfo().workflowExecution?.runId ?? '';
  const { open, execute }: Executor = executor({ store, clock, runId, report: () => undefined, ...(know && { know }) });
  const patient: Activities['execute'] = async (...given) => {
    await before?.();
    return execute(...given);
  };
  return { open, execute: patient, perform } as Activities & Record<string, never>;
}

/** Asks again and again, for a few seconds, until it holds. */
export async function eventually(act: () => Promise<void> | void, patienceMs = 10_000): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The runner's word on the newest run of a journey. */
export const describeRun = ({ client }: Runner, journeyId: string) => client.workflow.getHandle(journeyStream(journeyId)).describe();

interface MessageType {
  toObject(message: object, how: { readonly longs: NumberConstructor; readonly bytes: StringConstructor }): object;
}

/**
 * The newest run of a journey as the server recorded it, as JSON that can be replayed: whole numbers for what is long, base64 for bytes.
 * The SDK's own JSON works only where all its packages share one copy of protobufjs, which npm does not always give them.
 */
export async function historyOf({ client }: Runner, journeyId: string): Promise<string> {
  const history = await client.workflow.getHandle(journeyStream(journeyId)).fetchHistory();
  return JSON.stringify((history.constructor as unknown as MessageType).toObject(history, { longs: Number, bytes: String }));
}
