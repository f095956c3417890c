// The board: where every journey stands, whom it waits for, and what happens on it.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Role, roles, staff } from '../../domain/kernel/actor.ts';
import { At, Code, Id } from '../../domain/kernel/event.ts';
import type { ClockSetting } from '../../store/ports.ts';
import { requireRole } from '../access.ts';
import { createFeed } from '../board-feed.ts';
import { type Line, openLine } from '../board-stream.ts';
import { readAnswers, streamAnswers } from '../documentation.ts';
import { type FieldError, Problem } from '../problems.ts';
import type { BoardView } from '../views.ts';

export interface BoardRoutesOptions {
  readonly board: BoardView;
  readonly readClock: () => Promise<ClockSetting>;
  /** Position of the last event of all. */
  readonly head: () => Promise<number>;
  /** How long a request may wait for the view to catch up. */
  readonly patienceMs?: number;
  readonly heartbeatMs?: number;
}

const watchers: readonly Role[] = [...staff, 'V', 'L'];
const Party = z.strictObject({ role: z.enum(roles), id: Id.optional() });

const Row = z.strictObject({
  journeyId: Id,
  employerId: Id,
  templateId: Id,
  entryPoint: z.string(),
  superState: z.string(),
  overlays: z.array(z.string()),
  outcome: z.string().optional(),
  needsHuman: z.boolean(),
  why: Code.describe('Why it stands where it stands.'),
  waitingOn: z.strictObject({ who: z.enum(roles), id: Id.optional() }),
  unblocks: z.string().describe('The command that moves it on.'),
  safety: z.boolean().describe('A safety clock runs or an emergency is open.'),
  nearestDeadline: z.strictObject({ name: Code, entityId: Id, dueAt: At }).optional(),
  breaches: z.int().describe('Promises broken so far.'),
  owner: Party.nullable(),
  openTasks: z.array(z.strictObject({ taskId: Id, kind: Code, ownerRole: z.enum(roles), ownerId: Id.optional(), dueAt: At })),
  children: z.array(z.strictObject({ kind: z.string(), id: Id, status: z.string() })),
  requestedAt: At,
  updatedAt: At,
  revision: z.int(),
  position: z.int().describe('Position in the log of the event that last changed it.'),
});

const Page = z.strictObject({
  rows: z.array(Row).describe('Safety first, then broken promises that need a human, then the nearest deadline, then age.'),
  next: z.string().optional().describe('Ask on with this as `cursor`; absent at the end.'),
  position: z.int().describe('Position in the log that the rows stand for.'),
  total: z.int().describe('Rows that the filter lets through in all, counted up to 1,000.'),
  now: At.describe('Journey time of this reading.'),
  scale: z.number().describe('Journey milliseconds per real millisecond.'),
});

const filter = {
  state: Code.optional().describe('A super-state, or `open` for every state but Closed.'),
  needsHuman: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  waitingOn: z.enum(roles).optional(),
  owner: Id.optional(),
  employerId: Id.optional(),
};
const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const asked = z.strictObject({
  ...filter,
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().max(400).optional(),
  waitForPosition: position
    .optional()
    .describe('Answer only once the view holds this position of the log, or with 503 after five seconds.'),
});
const followed = z.strictObject({ ...filter, after: position.optional().describe('As Last-Event-ID, for those who cannot send it.') });
const resuming = z.looseObject({ 'last-event-id': position.optional().describe('Id of the last event that arrived.') });

const about = { tags: ['board'], 'x-roles': watchers };
const onRequest = requireRole(watchers);

/** `GET /v1/board` and its stream. */
export const boardRoutes = (options: BoardRoutesOptions): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    await app.register(pageRoute(options));
    await app.register(streamRoute(options));
  };
  return routes;
};

const pageRoute =
  ({ board, readClock, head, patienceMs = 5_000 }: BoardRoutesOptions): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/v1/board', {
      onRequest,
      schema: { ...about, summary: 'Read the board', querystring: asked, response: readAnswers('A page of the board.', Page) },
      handler: async ({ principal, query: { limit, cursor, waitForPosition, ...wanted } }) => {
        if (waitForPosition !== undefined && waitForPosition > (await head()))
          throw new Problem('input-invalid', { errors: [beyondTheEnd] });
        if (waitForPosition !== undefined && !(await board.reached(waitForPosition, patienceMs))) throw new Problem('view-behind');
        const page = await board.page(principal.scope, defined(wanted), { limit, ...(cursor !== undefined && { cursor }) });
        return { ...page, ...(await readClock()) };
      },
    });
  };

const streamRoute =
  ({ board, readClock, heartbeatMs }: BoardRoutesOptions): FastifyPluginAsyncZod =>
  async (app) => {
    const feed = createFeed({ board, clock: readClock, ...(heartbeatMs !== undefined && { heartbeatMs }) });
    const lines = new Set<Line>();
    app.addHook('preClose', async () => {
      for (const line of lines) line.cut();
    });
    app.get('/v1/board/stream', {
      onRequest,
      schema: {
        ...about,
        summary: 'Follow the board',
        description:
          'Server-sent events: `row` for every row that changed, `gone` for one that the filter no longer lets through, `position` for how far the view is, at least every 15 seconds. Each id is a position; whoever comes back with the last one misses nothing.',
        querystring: followed,
        headers: resuming,
        response: streamAnswers('The events, for as long as the line holds.'),
      },
      handler: async (request, reply) => {
        const { principal, query, headers } = request;
        const { after, ...wanted } = query;
        const begin = headers['last-event-id'] ?? after ?? (await board.position());
        reply.hijack();
        const line = openLine(reply.raw, reply.getHeaders());
        lines.add(line);
        try {
          await feed(line, { scope: principal.scope, filter: defined(wanted), after: begin, until: principal.expiresAt });
        } catch (error) {
          // The listener comes back and hears then what is wrong.
          request.log.warn({ err: error }, 'a line of the board ended');
        } finally {
          lines.delete(line);
          line.end();
        }
      },
    });
  };

/** No answer can have given such a position: to wait for it would be to no end. */
const beyondTheEnd: FieldError = {
  field: 'waitForPosition',
  problem: 'lies beyond the end of the log',
  remedy: 'Send a position that an answer has given.',
};

/** A field that was not sent must not be there at all. */
const defined = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
