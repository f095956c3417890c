/**
 * (g): the seconds from the moment at which everything was killed with SIGKILL (API, worker, views, partners, Temporal, PostgreSQL) until
 * every open journey has been served again: each has been given a command through the API, and the command was accepted, which takes the
 * database, the runner and a worker that has read the journey's run and events anew. Everything is started again at once, as a supervisor
 * would; callers ask from then on, and repeat a request that was not answered under the same key. The baseline is when the first was served.
 */
import { join } from 'node:path';
import { call } from '../journeys/drive.ts';
import { type Measured, rounded, type Wishes } from './measure.ts';
import type { Setting } from './setting.ts';
import { startWhole, type Whole } from './whole.ts';

const callers = 32;
const patienceMs = 600_000;
const retryMs = 100;

/** Measures (g) `recovery`, in seconds. @throws Error when a journey is not served within ten minutes */
export async function measureRecovery(setting: Setting, { journeys }: Wishes): Promise<Readonly<Record<string, Measured>>> {
  const whole = await startWhole(join(setting.folder, 'recovery'));
  try {
    const ids = Array.from({ length: journeys }, (_, n) => `bench-recovered-${n}`);
    await each(ids, (journeyId) => whole.begin(journeyId));
    await whole.kill();
    const killed = performance.now();
    const since = (): number => (performance.now() - killed) / 1_000;
    await whole.start('partners', 'worker', 'projections', 'api');
    const up = since();
    const served: number[] = [];
    await each(ids, async (journeyId) => {
      await serve(whole, journeyId);
      served.push(since());
    });
    const [first = 0, last = 0] = [served[0], served.at(-1)];
    return {
      recovery: {
        ours: rounded(last),
        baseline: rounded(first),
        ratio: rounded(last / first),
        unit: 's',
        more: { journeys, processesUp: rounded(up), half: rounded(served[Math.floor(journeys / 2)] ?? 0) },
      },
    };
  } finally {
    await whole.stop();
  }
}

/** Does the work for all of them, a few at a time. */
async function each(ids: readonly string[], work: (journeyId: string) => Promise<void>): Promise<void> {
  const queue = [...ids];
  const next = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) await work(id);
  };
  await Promise.all(Array.from({ length: callers }, next));
}

/** A command that anybody at the desk may give; repeated under the same key until it is answered. */
async function serve(whole: Whole, journeyId: string): Promise<void> {
  const request = { method: 'POST', path: `/v1/journeys/${journeyId}/verify-proxy`, role: 'K', key: journeyId } as const;
  const body = { proxyId: whole.proxyId, kind: 'parent' };
  for (const end = Date.now() + patienceMs; ; ) {
    try {
      return void (await call(whole, { ...request, body }));
    } catch (error) {
      // A refusal will not change; whatever else goes wrong while the parts come up passes.
      if (Date.now() > end || / answered 4(?!29)/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
