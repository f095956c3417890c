import {
  type Client,
  type ConnectionOptions,
  isGrpcServiceError,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { journeyStream } from '../domain/kernel/stream.ts';
import type { journey } from './journey.ts';
import { type Answer, type CommandMessage, command, refresh } from './messages.ts';

/** The runner gave no answer in time. Nobody knows whether the command was recorded: repeat it with the same id. */
export class RunnerUnavailable extends Error {
  override readonly name = 'RunnerUnavailable';
}

export interface SendOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly runLength: number;
  /** How long the runner waits for a worker that has taken a task of a run; the runner's own ten seconds without it. */
  readonly workflowTaskTimeoutMs?: number | undefined;
}

/** Gives commands to journeys, and asks their runs to look again. */
export interface Sender {
  /** @throws RunnerUnavailable when there is no answer within `timeoutMs` */
  send(journeyId: string, message: CommandMessage, timeoutMs?: number): Promise<Answer>;
  /** Makes the run read its Step again, starting one if there is none. @throws RunnerUnavailable when the runner takes it from nobody */
  refresh(journeyId: string): Promise<void>;
}

/**
 * What the connection of a Sender's client is opened with, besides the address: it repeats nothing by itself. The Sender does, and comes back
 * in milliseconds to a run that was just about to continue as new, where the SDK waits for seconds; and a repetition of the SDK's that still
 * waits when the connection is closed ends the whole process.
 */
export const senderConnection: Pick<ConnectionOptions, 'interceptors'> = { interceptors: [] };

interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Somebody waits for the answer to a command. */
const brief: Pauses = { firstMs: 20, longestMs: 200 };
/** Nobody waits for a run to look again, and what is sent to a run that ends keeps it from ending. */
const patient: Pauses = { firstMs: 300, longestMs: 1_000 };

/** The one way in which a command reaches a journey: update-with-start, repeated under the same id until it is answered. */
export function createSender({ client, taskQueue, runLength, workflowTaskTimeoutMs }: SendOptions): Sender {
  const workflowOf = (journeyId: string) => ({
    workflowId: journeyStream(journeyId),
    taskQueue,
    args: [{ journeyId, runLength }] as Parameters<typeof journey>,
    ...(workflowTaskTimeoutMs !== undefined && { workflowTaskTimeout: workflowTaskTimeoutMs }),
  });

  const once = (journeyId: string, message: CommandMessage): Promise<Answer> =>
    client.workflow.executeUpdateWithStart(command, {
      updateId: message.id,
      args: [message],
      startWorkflowOperation: new WithStartWorkflowOperation<typeof journey>('journey', {
        ...workflowOf(journeyId),
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });

  // A run holds nothing that the record does not hold too: another may always take the place of one that gets nowhere.
  const replaceStuck = async (journeyId: string): Promise<void> => {
    if (!(await isStuck(client, journeyStream(journeyId)))) return;
    await client.workflow.start<typeof journey>('journey', { ...workflowOf(journeyId), workflowIdConflictPolicy: 'TERMINATE_EXISTING' });
  };

  return {
    async send(journeyId, message, timeoutMs = usualTimeoutMs) {
      try {
        return await repeated(brief, timeoutMs, (deadline) => client.withDeadline(deadline, () => once(journeyId, message)));
      } catch (error) {
        // Whoever repeats the command finds the other run; that this one is not found stuck changes nothing about the answer.
        if (error instanceof RunnerUnavailable)
          await client.withDeadline(Date.now() + checkMs, () => replaceStuck(journeyId)).catch(() => undefined);
        throw error;
      }
    },

    async refresh(journeyId) {
      const asked = { ...workflowOf(journeyId), signal: refresh, signalArgs: [] as [] };
      await repeated(patient, usualTimeoutMs, async () => {
        await replaceStuck(journeyId);
        await client.workflow.signalWithStart<typeof journey, []>('journey', asked);
      });
    },
  };
}

/** The runner gives a task that failed again and again; this often, and the run is taken for stuck. */
const triesOfStuck = 3;
const checkMs = 2_000;

/** A run whose task is not done however often it is tried: it cannot be replayed, or its code fails. @throws ServiceError */
async function isStuck(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const attempt = raw.pendingWorkflowTask?.attempt ?? 0;
    // Most tasks are done at their first attempt: for them the history is not worth a look.
    if (attempt < 2) return false;
    return attempt >= triesOfStuck || (await failuresOf(client, workflowId)) >= triesOfStuck;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** As many events as one page gives, from the last backwards: signals may stand between two failures. */
const lastEvents = 1_000;

/** How often the newest run's task has failed since one was done. The runner counts its attempts from one again after a signal. */
async function failuresOf({ workflowService, options }: Client, workflowId: string): Promise<number> {
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace: options.namespace,
    execution: { workflowId },
    maximumPageSize: lastEvents,
  });
  const events = history?.events ?? [];
  const done = events.findIndex((event) => event.workflowTaskCompletedEventAttributes);
  const since = done < 0 ? events : events.slice(0, done);
  return since.filter((event) => event.workflowTaskFailedEventAttributes).length;
}

const usualTimeoutMs = 20_000;

/** Asks until there is an answer. @throws RunnerUnavailable when there is none in time */
async function repeated<Given>(
  { firstMs, longestMs }: Pauses,
  timeoutMs: number,
  ask: (deadline: number) => Promise<Given>,
): Promise<Given> {
  const deadline = Date.now() + timeoutMs;
  for (let pause = firstMs; ; pause = Math.min(longestMs, pause * 2)) {
    try {
      return await ask(deadline);
    } catch (error) {
      if (!mayRepeat(error)) throw error;
      if (Date.now() + pause >= deadline) throw new RunnerUnavailable('the runner did not answer in time');
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

// The run closed or continued as new under the Update, or the server is away. None of these says whether the command was recorded.
const mayRepeat = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError ||
  error instanceof WorkflowUpdateFailedError ||
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  error instanceof ServiceError ||
  isGrpcServiceError(error);
