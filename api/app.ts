// The API as a value: made from what it needs, bound to no process.
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyRequest, LogController } from 'fastify';
import type { LoggerOptions } from 'pino';
import { Code, Id } from '../domain/kernel/event.ts';
import type { Clock, ClockSetting, Vault } from '../store/ports.ts';
import { type Authenticate, type AuthOptions, createAuthenticate } from './auth.ts';
import { addDocumentation } from './documentation.ts';
import { validatorCompiler } from './input.ts';
import { readJsonOnce } from './json-body.ts';
import { answerError, Problem, sendProblem } from './problems.ts';
import { type BoardRoutesOptions, boardRoutes } from './routes/board.ts';
import { type CommandRoutesOptions, commandRoutes } from './routes/commands.ts';
import { clockMoving, clockReading, type Development } from './routes/development.ts';
import { employerRoutes } from './routes/employers.ts';
import { eventRoutes, type LogReader } from './routes/events.ts';
import { type Check, healthRoutes } from './routes/health.ts';
import { journeyCommandRoutes } from './routes/journey-commands.ts';
import { journeyRoutes } from './routes/journeys.ts';
import { meRoutes, signInCodeRoutes, signInRoutes } from './routes/sign-in.ts';
import { textRoutes } from './routes/texts.ts';
import { screens } from './screens.ts';
import { authorizationOf, openSignInCodes } from './sign-in.ts';
import { closeSilentConnections } from './silent-connections.ts';
import type { Views } from './views.ts';

export interface Limits {
  readonly bodyBytes: number;
  /** Of a roster, which comes as one text. */
  readonly rosterBytes: number;
  /** For a whole request, real time. */
  readonly requestMs: number;
  /** For the runner's answer; less than `requestMs`. */
  readonly commandMs: number;
  /** Per client, else per address, in real time. */
  readonly requestsPerMinute: number;
  /** Per address: requests whose token is not valid. */
  readonly strangersPerMinute: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 64 * 1024,
  rosterBytes: 8 * 1024 * 1024,
  requestMs: 30_000,
  commandMs: 20_000,
  requestsPerMinute: 6_000,
  strangersPerMinute: 120,
};

/** Everything that the API needs. */
export interface ApiParts extends Omit<CommandRoutesOptions, 'limits'> {
  readonly vault: Pick<Vault, 'put'>;
  readonly clock: Clock;
  readonly auth: AuthOptions;
  readonly log: LogReader;
  readonly views: Views;
  readonly boardTimes?: Partial<Pick<BoardRoutesOptions, 'patienceMs' | 'heartbeatMs'>>;
  /** Folder of the built screens; without one none are served. */
  readonly screens?: string;
  /** Asked by `/health/ready`, by name. */
  readonly checks: Readonly<Record<string, Check>>;
  readonly logger: (LoggerOptions & { readonly stream?: { write(line: string): void } }) | false;
  readonly limits: Limits;
  /** Routes that check by themselves who calls, such as signed webhooks. */
  readonly plugins?: readonly FastifyPluginAsync[];
  /** Routes behind a token; `request.principal` says whose. */
  readonly securedPlugins?: readonly FastifyPluginAsync[];
  /** Never in production. */
  readonly development?: Development;
}

/** Makes the API, ready to listen or to be injected into. @throws Error when the key set cannot be loaded */
export async function createApp(parts: ApiParts): Promise<FastifyInstance> {
  const { logger, limits } = parts;
  const app = Fastify({
    logger: logger && { ...logger, serializers: { err: errorInLog as never } },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    handlerTimeout: limits.requestMs,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply as never),
  });
  app.setValidatorCompiler(validatorCompiler as never);
  // Answers are made from our own types; their schemas are for the documentation and the tests.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerError);
  app.removeContentTypeParser('text/plain');
  readJsonOnce(app);
  app.decorateRequest('principal');
  observe(app, parts);
  closeSilentConnections(app);
  await app.register(cookie);
  await protect(app, limits);
  await addDocumentation(app);
  await app.register(healthRoutes(parts.checks, parts.views.status));
  for (const plugin of parts.plugins ?? []) await app.register(plugin);
  if (parts.development) await app.register(clockReading(parts.development));
  const authenticate = await createAuthenticate(parts.auth);
  await addSignIn(app, parts, authenticate);
  await app.register(securedRoutes(parts, authenticate));
  if (parts.screens !== undefined) await app.register(screens(parts.screens));
  return app;
}

async function addSignIn(app: FastifyInstance, { development, limits }: ApiParts, authenticate: Authenticate): Promise<void> {
  const signIn = { codes: openSignInCodes(), authenticate };
  await app.register(signInRoutes({ ...signIn, secure: !development, attemptsPerMinute: limits.strangersPerMinute }));
  if (development) await app.register(signInCodeRoutes(signIn));
}

/** One line per request: ids and codes, never a body, a query or a header. */
function observe(app: FastifyInstance, { metrics }: ApiParts): void {
  app.addHook('onSend', async (request, reply) => void reply.header('request-id', request.id));
  app.addHook('onResponse', async (request, reply) => {
    const { method, params, principal } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const { statusCode: status, elapsedTime: ms } = reply;
    metrics.requestTook(route, method, status, ms / 1_000);
    const who = principal && {
      client: principal.actor.id,
      role: principal.actor.role,
      purpose: Code.safeParse(request.headers.purpose).data,
    };
    request.log.info({ method, route, status, ms: Math.round(ms), ...who, ...(!request.is404 && { params: idsIn(params) }) }, 'request');
  });
}

/** Whatever stands in a path is logged only if it is an id. */
const idsIn = (params: unknown): object =>
  Object.fromEntries(Object.entries(params ?? {}).filter(([, value]) => Id.safeParse(value).success));

/** A message may quote what was sent: the kind of error and the place in the program say enough. */
function errorInLog(error: unknown): object | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name: type, code, stack, cause } = error as Error & { readonly code?: unknown };
  return { type, code, stack: stack?.split('\n').filter((line) => line.startsWith('    at ')), cause: errorInLog(cause) };
}

async function protect(app: FastifyInstance, { requestsPerMinute }: Limits): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  });
  // After the token is checked and before the body is read.
  await app.register(rateLimit, {
    hook: 'preParsing',
    timeWindow: 60_000,
    cache: 20_000,
    max: requestsPerMinute,
    keyGenerator: ({ principal, ip }) => principal?.client ?? ip,
    errorResponseBuilder: () => new Problem('rate-limited'),
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_request, reply) => sendProblem(reply, new Problem('route-unknown')));
}

const securedRoutes =
  (parts: ApiParts, authenticate: Authenticate): FastifyPluginAsync =>
  async (app) => {
    const refused = app.createRateLimit({ max: parts.limits.strangersPerMinute, timeWindow: 60_000, keyGenerator: ({ ip }) => ip });
    const identify = async (request: FastifyRequest): Promise<void> => {
      try {
        request.principal = await authenticate(authorizationOf(request));
      } catch (error) {
        const guesses = await refused(request);
        throw 'isExceeded' in guesses && guesses.isExceeded ? new Problem('rate-limited') : error;
      }
    };
    app.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      await identify(request);
    });
    await app.register(commandRoutes(parts));
    await app.register(journeyRoutes(parts));
    await app.register(journeyCommandRoutes(parts));
    await app.register(
      boardRoutes({ board: parts.views.board, readClock: clockReader(parts), head: () => parts.log.head(), ...parts.boardTimes }),
    );
    await app.register(employerRoutes({ access: parts.views.access, clock: parts.clock }));
    await app.register(eventRoutes(parts.log));
    await app.register(meRoutes);
    await app.register(textRoutes(parts));
    for (const plugin of parts.securedPlugins ?? []) await app.register(plugin);
    if (parts.development) await app.register(clockMoving(parts.development));
  };

const clockReader = ({ clock, development }: ApiParts) =>
  development
    ? (): Promise<ClockSetting> => development.clock.read()
    : async (): Promise<ClockSetting> => ({ now: await clock.now(), scale: 1 });
