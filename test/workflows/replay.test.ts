// Changed workflow code must still replay the runs that are under way. `histories/` holds runs as they were recorded.
// To record another: let a journey of run.test.ts go as far as wanted, and write the text of `historyOf(runner, id)` (run-setting.ts)
// into a file there, named after what happened in it.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { hour } from '../../domain/kernel/time.ts';
import { message, openTask, startMessage, stored } from '../activities/execute-setting.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { eventually, historyOf, openRunner, type Runner, type Running, startRunning } from './run-setting.ts';

let runner: Runner;
let running: Running | undefined;
beforeAll(async () => {
  runner = await openRunner();
}, 120_000);
afterEach(() => running?.stopWorker());
afterAll(() => runner.close());

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const recorded = readdirSync(folder).map((name) => [name, readFileSync(`${folder}${name}`, 'utf8')] as const);
const replay = (history: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: runner.bundle }, JSON.parse(history), 'journey-recorded');

test.each(recorded)('%s is replayed by the present code', async (_name, history) => {
  await expect(replay(history)).resolves.toBeUndefined();
});

/** The first timer of the history is made a call that was never asked for. */
function altered(history: string): string {
  const { events } = JSON.parse(history) as { events: { timerStartedEventAttributes?: object }[] };
  const at = events.findIndex(({ timerStartedEventAttributes: timer }) => timer !== undefined);
  const { timerStartedEventAttributes: _timer, ...event } = events[at] ?? {};
  const call = { activityId: '99', activityType: { name: 'perform' } };
  const scheduled = 10;
  return JSON.stringify({
    events: events.with(at, { ...event, eventType: scheduled, activityTaskScheduledEventAttributes: call } as object),
  });
}

test.each(recorded)('%s is not replayed once it is altered', async (_name, history) => {
  await expect(replay(altered(history))).rejects.toMatchObject({ name: 'DeterminismViolationError' });
});

test.each([100, 2])('a run that has just been made is replayed by the code that made it (runs of %i Steps)', async (runLength) => {
  const id = `replay-${process.pid}-${runLength}`;
  running = await startRunning(runner, { runLength, perform: verifying });
  const { store, clock, sender, give } = running;
  await give(id, startMessage, message('identity', 'X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r1' }));
  await eventually(async () => expect((await stored(store, id)).at(-1)?.type).toBe('ProxyAuthorityVerified'));
  await give(id, openTask('t1'));
  clock.at = firstDay + hour;
  await sender.refresh(id);
  await eventually(async () => expect((await stored(store, id)).at(-1)?.type).toBe('SlaBreached'));
  const history = await historyOf(runner, id);
  await expect(replay(history)).resolves.toBeUndefined();
});

const verifying: Activities['perform'] = async (_id, { kind }) =>
  kind === 'verify-proxy'
    ? message('effect:proxy:1', 'T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' }, { source: 'effect' })
    : null;
