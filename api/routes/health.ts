import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { ViewStatus } from '../../projections/view-status.ts';
import { ProblemSchema } from '../documentation.ts';
import { Problem, sendProblem } from '../problems.ts';

/** Asks one part whether it answers; rejects if it does not. */
export type Check = () => Promise<unknown>;

const checkMs = 2_000;
const open = { security: [], tags: ['health'] };
// A probe must never be the request too many.
const config = { rateLimit: false } as const;

/** Where the views stand; empty where there are none. */
export type AskViews = () => Promise<readonly ViewStatus[]>;

/** Whether the process lives, whether the parts that it needs answer, and how far the views have come. */
export const healthRoutes =
  (checks: Readonly<Record<string, Check>>, askViews: AskViews): FastifyPluginAsync =>
  async (app) => {
    app.get(
      '/health/live',
      {
        config,
        schema: {
          ...open,
          summary: 'Does the process live?',
          response: { 200: z.strictObject({ status: z.literal('live') }).describe('It does.') },
        },
      },
      async () => ({ status: 'live' }),
    );
    const View = z.strictObject({
      view: z.string(),
      state: z.enum(['caughtUp', 'behind', 'stopped']).describe('A stopped view has met an event that it cannot take.'),
      position: z.int(),
      lagEvents: z.int(),
      lagSeconds: z.number(),
    });
    const Parts = z.record(z.string(), z.enum(['up', 'down']));
    const response = {
      200: z.strictObject({ status: z.literal('ready'), parts: Parts, views: z.array(View) }).describe('They do.'),
      503: { description: 'One does not.', content: { 'application/problem+json': { schema: ProblemSchema } } },
    };
    app.get(
      '/health/ready',
      { config, schema: { ...open, summary: 'Do the parts that it needs answer?', response } },
      async (_request, reply) => {
        const states = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check)] as const));
        const parts = Object.fromEntries(states);
        const views = await askViews().then(known, () => []);
        const isStopped = views.some(({ state }) => state === 'stopped');
        if (isStopped || Object.values(parts).includes('down')) return sendProblem(reply, new Problem('not-ready', { parts, views }));
        return { status: 'ready', parts, views };
      },
    );
  };

/** What may be said to anybody: why a view stopped stays in the log. */
const known = (views: readonly ViewStatus[]): readonly ViewStatus[] =>
  views.map(({ view, state, position, lagEvents, lagSeconds }) => ({ view, state, position, lagEvents, lagSeconds }));

async function stateOf(check: Check): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => {
    timer = setTimeout(resolve, checkMs, 'down');
  });
  try {
    return await Promise.race([check().then(() => 'up' as const), late]);
  } catch {
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}
