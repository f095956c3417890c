/**
 * (f): milliseconds from the answer that accepts a command, as a client of the API gets it, until the row arrives on another line of that
 * client, `GET /v1/board/stream`, against the sum of the parts on the way, each measured alone. Both are medians: the wait for the next
 * look is spread evenly over its interval, and a mean would be moved by a single slow disk write. The parts, in their order:
 *
 * - `follow`: an event is appended by one process's store until another's subscription hands it out (NOTIFY, and the read of the log);
 * - `take`: the board's fold of one event, and the transaction with its row and its checkpoint;
 * - `look`: the feed notices that the view has moved: it asks every 200 ms, so half of that on average;
 * - `read`: the rows that changed, in a transaction under row-level security, with the view's position before it;
 * - `line`: the message is written, goes over the loopback, and is parsed by the client.
 *
 * Not a part: the append itself and the runner, for they come before the answer. What the parts cost each other when they run together,
 * on the same processors and the same database as the API, the worker and all other views, is what the ratio shows. `look` is a wait, not
 * work, and it is most of the sum; `withoutLook` is the ratio of what is left of both when its median is taken off.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from '../journeys/drive.ts';
import { compared, type Measured, median, percentile, rounded, undisturbed, type Wishes } from './measure.ts';
import type { Setting } from './setting.ts';
import { listen } from './stream-client.ts';
import { gapMs, measureParts, samples, warmUp } from './visible-parts.ts';
import { startWhole, type Whole } from './whole.ts';

/** Measures (f) `visible`, in milliseconds. */
export async function measureVisible(setting: Setting, wishes: Wishes): Promise<Readonly<Record<string, Measured>>> {
  const parts = await measureParts(setting, wishes);
  const whole = await startWhole(join(setting.folder, 'visible'));
  try {
    const pids = [process.pid, setting.temporalPid, setting.postgresPid, ...whole.pids];
    const { result, foreign } = await undisturbed(pids, wishes, () => throughAll(whole));
    const ours = median(result);
    const sum = Object.values(parts).reduce((total, part) => total + part, 0);
    const rest = (value: number): number => Math.max(0, value - parts.look);
    return {
      visible: {
        ...compared(ours, sum, 'ms'),
        more: {
          ...Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, rounded(value)])),
          withoutLook: rounded(rest(ours) / rest(sum)),
          p99: rounded(percentile(result, 0.99)),
          foreign: rounded(foreign),
        },
      },
    };
  } finally {
    await whole.stop();
  }
}

/** From each accepted command to its row. */
async function throughAll(whole: Whole): Promise<readonly number[]> {
  const listener = await listen(`${whole.api}/v1/board/stream`, whole.tokens.K ?? '');
  const taken: number[] = [];
  try {
    for (let n = 0; n < samples + warmUp; n += 1) {
      const journeyId = await ask(whole);
      const accepted = performance.now();
      const arrived = await listener.arrival(journeyId);
      if (n >= warmUp) taken.push(Math.max(0, arrived - accepted));
      await pause(gapMs(n));
    }
  } finally {
    listener.end();
  }
  return taken;
}

/** Begins a journey through the API. Returns its id as soon as the command has been accepted. */
async function ask(whole: Whole): Promise<string> {
  const request = { method: 'POST', path: '/v1/journeys', role: 'X', key: randomUUID() } as const;
  const answer = await call(whole, { ...request, body: whole.request });
  return (answer as { readonly journeyId: string }).journeyId;
}
