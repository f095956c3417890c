// The log for those who follow it from outside: in order, without a gap, and with a count to prove it.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Role } from '../../domain/kernel/actor.ts';
import type { LogRange, StoredEvent } from '../../store/event-store.ts';
import type { Scope } from '../../store/ports.ts';
import { requireRole } from '../access.ts';
import { readAnswers } from '../documentation.ts';
import { shown } from '../shown-event.ts';

/** Reads the log under row-level security. */
export interface LogReader {
  /** @throws Unavailable */
  readAll(scope: Scope, range?: LogRange): Promise<readonly StoredEvent[]>;
  /** Position of the last event of all, 0 in an empty store. @throws Unavailable */
  head(): Promise<number>;
  /** How many events up to a position the scope may see. @throws Unavailable */
  count(scope: Scope, upTo: number): Promise<number>;
}

const followers: readonly Role[] = ['L', 'O'];

const asked = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('Position after which to read.'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const Page = z.strictObject({
  events: z.array(z.looseObject({ id: z.string(), type: z.string(), position: z.int(), data: z.looseObject({}) })),
  next: z.int().describe('Ask on with this as `after`.'),
  head: z.int().describe('Position of the last event of all.'),
  count: z.int().describe('How many events up to `head` you may see: whoever has read them all has that many.'),
});

/** `GET /v1/events`. */
export const eventRoutes = (log: LogReader): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    app.get('/v1/events', {
      onRequest: requireRole(followers),
      schema: {
        tags: ['events'],
        'x-roles': followers,
        summary: 'Read the log',
        querystring: asked,
        response: readAnswers('Events in the order in which they were recorded.', Page),
      },
      handler: async ({ principal: { scope }, query: { after, limit } }) => {
        const head = await log.head();
        const count = await log.count(scope, head);
        const page = await log.readAll(scope, { after, limit });
        // Whatever is younger than `head` is left for the next page, so that the count holds for what was read.
        const events = page.filter(({ position }) => position <= head);
        const last = events.at(-1)?.position ?? after;
        return { events: events.map(shown), next: page.length === limit ? last : Math.max(head, after), head, count };
      },
    });
  };
  return routes;
};
