// Reading one journey: as of any instant, and event for event.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { roles } from '../../domain/kernel/actor.ts';
import { At, Code, Id } from '../../domain/kernel/event.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import { readJourney } from '../../projections/journey.ts';
import { transitionsOf } from '../../projections/transitions.ts';
import { seenBy } from '../../projections/visibility.ts';
import type { Clock } from '../../store/ports.ts';
import { firstSeen, readers, requireRole, type StreamReader } from '../access.ts';
import { readAnswers } from '../documentation.ts';
import { Problem } from '../problems.ts';
import { shown } from '../shown-event.ts';

export interface JourneyRoutesOptions {
  readonly reader: StreamReader;
  readonly clock: Clock;
}

const params = z.strictObject({ journeyId: Id });
const instant = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value));
const headers = z.looseObject({ purpose: Code.optional().describe('Why an auditor reads; it stands in the log of reads.') });
const Deadline = z.strictObject({ name: z.string(), entityId: z.string(), dueAt: At });

/** A journey as it is answered; the shapes inside grow with the stages. */
export const JourneySchema = z.looseObject({
  journeyId: Id,
  now: At.describe('Journey time of this reading.'),
  revision: z.int(),
  superState: z.string(),
  overlays: z.array(z.string()),
  outcome: z.string().optional(),
  owner: z.strictObject({ role: z.enum(roles), id: Id.optional() }).nullable(),
  reason: z.strictObject({
    why: z.string(),
    waitingOn: z.strictObject({ who: z.enum(roles), id: Id.optional() }),
    unblocks: z.string().describe('The command that moves it on.'),
    needsHuman: z.boolean(),
  }),
  waitingOn: z.array(z.strictObject({ who: z.string(), id: Id.optional(), forWhat: z.string(), entityId: z.string() })),
  children: z.array(z.strictObject({ kind: z.string(), id: z.string(), status: z.string() })),
  tasks: z.array(z.looseObject({ taskId: Id })),
  deadlines: z.array(Deadline),
  quotes: z.array(z.looseObject({ quoteId: Id })),
  charges: z.array(z.looseObject({ chargeId: Id })),
  followUp: z.looseObject({}).optional(),
  survey: z.looseObject({}).optional(),
});

/** A page of a journey's events. */
export const HistorySchema = z.strictObject({
  journeyId: Id,
  events: z.array(z.looseObject({ id: z.string(), type: z.string(), version: z.int(), data: z.looseObject({}) })),
  next: z.int().optional().describe('Ask on with this as `after`; absent at the end.'),
});

/** Every step of a journey and where it led. */
export const TimelineSchema = z.strictObject({
  journeyId: Id,
  transitions: z.array(
    z.looseObject({ revision: z.int(), type: z.string(), occurredAt: At, superState: z.string(), overlays: z.array(z.string()) }),
  ),
});

const asked = z.strictObject({
  asOf: instant.optional().describe('World time, ISO 8601: what had happened by then.'),
  knownAt: instant.optional().describe('Recorded time, ISO 8601: what had been recorded by then.'),
});

const page = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('Version after which to read.'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** `GET /v1/journeys/:journeyId` and its history. */
export const journeyRoutes = ({ reader, clock }: JourneyRoutesOptions): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    const about = { tags: ['journey'], 'x-roles': readers, params, headers };
    const onRequest = requireRole(readers);

    app.get('/v1/journeys/:journeyId', {
      onRequest,
      schema: { ...about, summary: 'Read a journey', querystring: asked, response: readAnswers('The journey.', JourneySchema) },
      handler: async ({ principal, params: { journeyId }, query: { asOf, knownAt } }, reply) => {
        const events = await reader.readStream(principal.scope, journeyStream(journeyId));
        const now = await clock.now();
        const bounds = { ...(asOf !== undefined && { asOf }), ...(knownAt !== undefined && { knownAt }) };
        const journey = readJourney(events, { ...bounds, now: asOf ?? knownAt ?? now, sees: seenBy(principal.actor.role) });
        if (!journey) throw new Problem('entity-unknown');
        // What is guarded by If-Match is the journey as it is, not as it was.
        if (asOf === undefined && knownAt === undefined) reply.header('etag', `"v${journey.revision}"`);
        return { journeyId, now, ...journey };
      },
    });

    app.get('/v1/journeys/:journeyId/history', {
      onRequest,
      schema: { ...about, summary: 'Read what happened', querystring: page, response: readAnswers('The events, in order.', HistorySchema) },
      handler: async ({ principal, params: { journeyId }, query: { after, limit } }) => {
        const stream = journeyStream(journeyId);
        const events = await reader.readStream(principal.scope, stream, { from: after + 1, limit });
        if (events.length === 0) await firstSeen(reader, principal, stream);
        const last = events.at(-1);
        return {
          journeyId,
          events: events.filter(seenBy(principal.actor.role)).map(shown),
          ...(last && events.length === limit && { next: last.version }),
        };
      },
    });

    app.get('/v1/journeys/:journeyId/timeline', {
      onRequest,
      schema: { ...about, summary: 'Read where each event led', response: readAnswers('The steps, in order.', TimelineSchema) },
      handler: async ({ principal, params: { journeyId } }) => {
        const events = await reader.readStream(principal.scope, journeyStream(journeyId));
        if (events.length === 0) throw new Problem('entity-unknown');
        return { journeyId, transitions: transitionsOf(events.filter(seenBy(principal.actor.role))) };
      },
    });
  };
  return routes;
};
