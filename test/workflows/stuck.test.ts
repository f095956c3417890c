// A run that cannot be replayed gets nowhere; another takes its place.
import type { Sender } from '../../workflows/send.ts';
import { message, openTask, startMessage, stored } from '../activities/execute-setting.ts';
import { bundleWorkflows, describeRun, eventually, pause, type Running, runnerOfFile } from './run-setting.ts';

const { runner, start } = runnerOfFile();

let count = 0;
/** A journey whose run was made by the workflow code of another day. */
async function unreplayable(): Promise<Running & { readonly id: string; readonly runId: string }> {
  count += 1;
  const id = `stuck-${process.pid}-${count}`;
  const running = await start({ runLength: 100 });
  const { give, stopWorker, startWorker } = running;
  await stopWorker();
  await startWorker(await bundleWorkflows('./other-code.ts'));
  await give(id, startMessage, openTask('t1'));
  const { runId } = await describeRun(runner(), id);
  await stopWorker();
  await startWorker();
  return { ...running, id, runId };
}

const contact = message('c1', 'K', 'RecordContactAttempt', { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'reached' });

// Looks a second apart: after a signal between two attempts the runner counts from one again, and never gets to three.
const inVain: Readonly<Record<'command' | 'refresh', (sender: Sender, id: string) => Promise<unknown>>> = {
  command: (sender, id) => sender.send(id, contact, 1_000),
  refresh: (sender, id) => sender.refresh(id).then(() => pause(1_000)),
};

test.each(['command', 'refresh'] as const)(
  'a run that cannot be replayed is replaced by another, after a %s in vain',
  async (what) => {
    const { id, runId, sender, store, give } = await unreplayable();
    await eventually(async () => {
      await inVain[what](sender, id);
      expect((await describeRun(runner(), id)).runId).not.toBe(runId);
    }, 60_000);
    expect((await give(id, contact))[0]).toMatchObject({ accepted: true });
    const events = await stored(store, id);
    expect(events.map(({ version }) => version)).toEqual(events.map((_, i) => i + 1));
  },
  90_000,
);
