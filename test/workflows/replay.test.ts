// Changed workflow code must still replay the runs that are under way. `histories/` holds runs as they were recorded, with the code of
// their day. To record another, add it to scenarios.ts and run this file with CARETRAIL_TEST_RECORD=1: what is there is never
// replaced. `npm run fix` then lays it out like the others.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { historyOf, runnerOfFile } from './run-setting.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const { runner, start } = runnerOfFile();

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const recorded = readdirSync(folder).map((name) => [name, readFileSync(`${folder}${name}`, 'utf8')] as const);
const replay = (history: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: runner().bundle }, JSON.parse(history), 'journey-recorded');

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

const isRecording = process.env['CARETRAIL_TEST_RECORD'] === '1';

function keep(name: string, history: string): void {
  const file = `${folder}${name}.json`;
  if (isRecording && !existsSync(file)) writeFileSync(file, `${JSON.stringify(JSON.parse(history), null, 1)}\n`);
}

async function played(name: string, { setting, play }: Scenario): Promise<string> {
  const id = `replay-${process.pid}-${name}`;
  const running = await start(setting);
  await play(running, id);
  return historyOf(runner(), id);
}

describe('a run that has just been made', () => {
  test.each(Object.entries(scenarios))('%s is replayed by the code that made it', async (name, scenario) => {
    const history = await played(name, scenario);
    keep(name, history);
    await expect(replay(history)).resolves.toBeUndefined();
  });
});

test('every run that can be made is kept in a history', () => {
  const names = recorded.map(([name]) => name.replace('.json', ''));
  expect(Object.keys(scenarios).filter((name) => !names.includes(name) && !isRecording)).toEqual([]);
});
