import { composeApi } from '../../api/compose.ts';
import { serveMetrics } from '../../api/metrics.ts';
import { loadConfig } from '../../config.ts';
import { openIdempotency } from '../../store/postgres/idempotency.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { coordinator, openRunningApi, parent, type RunningApi, start, startJourney } from './running-api.ts';
import { createSampleViews } from './sample-views.ts';

let api: RunningApi;
const lines: string[] = [];
let storeIsUp = true;

beforeAll(async () => {
  api = await openRunningApi(() => ({
    logger: { level: 'info', stream: { write: (line) => void lines.push(line) } },
    checks: {
      store: async () => {
        if (!storeIsUp) throw new Error('gone');
      },
      runner: async () => 'up',
    },
    plugins: [async (app) => void app.post('/v1/webhooks/test', async (_request, reply) => reply.code(202).send())],
    securedPlugins: [
      async (app) => void app.get('/v1/mine', async ({ principal }) => ({ who: principal.actor.id })),
      async (app) =>
        void app.get('/v1/broken', () => {
          throw new TypeError('Ada is not a function', { cause: Object.assign(new Error('Ada'), { code: 'E1' }) });
        }),
    ],
  }));
});
afterAll(() => api.close());

describe('the journey clock', () => {
  test('is read and moved, and every open run looks at it again', async () => {
    const moved = await api.put('/dev/clock', coordinator, { advance: 60_000 });
    expect(moved.json()).toEqual({ now: firstDay + 60_000, scale: 0 });
    expect(api.refreshed).toEqual([firstDay + 60_000]);
    expect((await api.get('/dev/clock', coordinator)).json()).toEqual({ now: firstDay + 60_000, scale: 0 });
  });

  test('takes an instant in either form', async () => {
    const at = firstDay + 120_000;
    expect((await api.put('/dev/clock', coordinator, { at: new Date(at).toISOString() })).json().now).toBe(at);
    expect((await api.put('/dev/clock', coordinator, { at: at + 1, scale: 0 })).json()).toEqual({ now: at + 1, scale: 0 });
  });

  test('does not go back', async () => {
    const answered = await api.put('/dev/clock', coordinator, { at: firstDay });
    expect(answered.statusCode).toBe(409);
    expect(answered.json().code).toBe('clock-backwards');
  });

  test.each([{}, { advance: -1 }, { at: 'noon' }, { scale: -1 }, { hands: 2 }])('is not moved by %j', async (change) => {
    expect((await api.put('/dev/clock', coordinator, change)).statusCode).toBe(422);
  });

  test('is moved by those who are known, and read by anybody', async () => {
    expect((await api.put('/dev/clock', undefined, { advance: 1 })).statusCode).toBe(401);
    expect((await api.get('/dev/clock')).statusCode).toBe(200);
  });

  test('does not exist without a development system', async () => {
    const plain = await openRunningApi(() => ({}), { development: false });
    const answered = await plain.get('/dev/clock', coordinator);
    await plain.close();
    expect(answered.json().code).toBe('route-unknown');
  });
});

describe('health', () => {
  test('the process lives', async () => {
    expect((await api.get('/health/live')).json()).toEqual({ status: 'live' });
  });

  test('it is ready while all its parts answer and every view goes on', async () => {
    const board = { view: 'board', state: 'caughtUp', position: 0, lagEvents: 0, lagSeconds: 0 };
    expect((await api.get('/health/ready')).json()).toEqual({ status: 'ready', parts: { store: 'up', runner: 'up' }, views: [board] });
    storeIsUp = false;
    const answered = await api.get('/health/ready');
    storeIsUp = true;
    expect(answered.statusCode).toBe(503);
    expect(answered.json()).toMatchObject({ code: 'not-ready', parts: { store: 'down', runner: 'up' } });
  });
});

test('commands and requests are counted', async () => {
  await startJourney(api);
  api.know({ start: { onRoster: false } });
  await api.post('/v1/journeys', parent, start);
  api.know({});
  const server = await serveMetrics(api.parts.metrics, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as { port: number };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const elsewhere = await fetch(`http://127.0.0.1:${port}/`);
  await new Promise((resolve) => server.close(resolve));
  expect(text).toContain('caretrail_commands_total{command="StartJourney",answer="accepted"} 1');
  expect(text).toContain('caretrail_commands_total{command="StartJourney",answer="employer-unknown"} 1');
  expect(text).toContain('caretrail_http_request_duration_seconds_count{route="/v1/journeys",method="POST",status="201"} 1');
  expect(elsewhere.status).toBe(404);
  expect((await api.get('/metrics')).statusCode).toBe(404);
});

test('the log holds ids and codes, and nothing that was sent', async () => {
  const journeyId = await startJourney(api);
  lines.length = 0;
  await api.post(`/v1/journeys/${journeyId}/texts`, parent, { text: 'Her name is Ada.' });
  await api.get(`/v1/journeys/${journeyId}?asOf=2030-01-01T00:00:00Z&name=Ada`, coordinator, { purpose: 'audit' });
  await api.get('/v1/Ada?name=Ada', coordinator);
  await api.get('/v1/journeys/Ada%20Ada', coordinator, { purpose: 'to see how Ada is' });
  const logged = lines.map((line) => JSON.parse(line));
  expect(logged[0]).toMatchObject({
    method: 'POST',
    route: '/v1/journeys/:journeyId/texts',
    status: 201,
    client: 'parent-1',
    role: 'X',
    params: { journeyId },
  });
  expect(logged[1]).toMatchObject({ status: 422, purpose: 'audit' });
  expect(logged[2]).toMatchObject({ route: 'unknown', status: 404 });
  expect(logged[3]).toMatchObject({ status: 422, params: {} });
  expect(lines.join('')).not.toMatch(/Ada|Bearer|asOf/);
});

test('a failure is logged by its kind and place, without its message', async () => {
  lines.length = 0;
  const answered = await api.get('/v1/broken', coordinator);
  expect(answered.statusCode).toBe(500);
  expect(answered.body).not.toContain('Ada');
  const [failure] = lines.map((line) => JSON.parse(line));
  expect(failure.err).toMatchObject({
    type: 'TypeError',
    stack: expect.arrayContaining([expect.stringContaining('operations.test')]),
    cause: { code: 'E1' },
  });
  expect(lines.join('')).not.toContain('Ada');
});

test('a database that is away is an outage, not a fault', async () => {
  const gone = openPool('postgresql://nobody@127.0.0.1:1/nothing');
  const broken = await openRunningApi(() => ({ idempotency: openIdempotency(gone) }));
  const answered = await broken.post('/v1/journeys', parent, start);
  await broken.close();
  await gone.end();
  expect(answered.statusCode).toBe(503);
  expect(answered.headers).toHaveProperty('retry-after');
});

test('answers are not kept by anybody on the way, and carry the request’s id', async () => {
  const answered = await api.get('/v1/journeys/none', coordinator);
  expect(answered.headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test('other parts add routes that check who calls by themselves, or behind a token', async () => {
  expect((await api.post('/v1/webhooks/test', undefined)).statusCode).toBe(202);
  expect((await api.get('/v1/mine')).statusCode).toBe(401);
  expect((await api.get('/v1/mine', coordinator)).json()).toEqual({ who: 'coordinator-1' });
});

describe('the composed API', () => {
  const env = { CARETRAIL_JWKS: 'none.json', CARETRAIL_JWT_ISSUER: 'https://id', CARETRAIL_JWT_AUDIENCE: 'a', CARETRAIL_API_PORT: '0' };
  const needed = ['jwks', 'jwtIssuer', 'jwtAudience'] as const;

  test('refuses to let a production clock be moved', async () => {
    const config = loadConfig({ ...env, NODE_ENV: 'production' }, needed);
    const development = { clock: api.clock, refreshAll: async () => undefined };
    await expect(composeApi(config, { ...api.parts, development })).rejects.toThrow('production');
  });

  test('does not start without its key set', async () => {
    await expect(composeApi(loadConfig(env, needed), api.parts)).rejects.toThrow('none.json');
  });
});

test('a view that has stopped makes the service not ready, and what stopped it is not told', async () => {
  const views = createSampleViews();
  const stopped = { view: 'board', state: 'stopped', position: 7, lagEvents: 3, lagSeconds: 9, reason: 'Ada' } as const;
  const broken = await openRunningApi(() => ({ views: { ...views, status: async () => [stopped] } }));
  const answered = await broken.get('/health/ready');
  await broken.close();
  expect(answered.statusCode).toBe(503);
  expect(answered.json()).toMatchObject({ code: 'not-ready', views: [{ view: 'board', state: 'stopped', position: 7 }] });
  expect(answered.body).not.toContain('Ada');
});
