import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createAuthenticate } from '../../api/auth.ts';
import { developmentIssuer } from '../../config.ts';
import { audience, type Claims, coordinator, issuer, openRunningApi, parent, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await openRunningApi(({ limits }) => ({ limits: { ...limits, strangersPerMinute: 1_000 } }));
});
afterAll(() => api.close());

const read = (authorization?: string) =>
  fetch(`${api.address}/v1/journeys/none`, { headers: authorization === undefined ? {} : { authorization } });
const claims = { iss: issuer, aud: audience, ...coordinator };

test('a valid token opens', async () => {
  const answered = await read(`Bearer ${await api.sign(coordinator)}`);
  expect(answered.status).toBe(404);
});

test('nothing about a journey is anonymous', async () => {
  const answered = await read();
  expect(answered.status).toBe(401);
  expect(answered.headers.get('www-authenticate')).toBe('Bearer');
  expect(await answered.json()).toMatchObject({ code: 'unauthenticated' });
});

test.each<[string, Claims]>([
  ['has expired', { ...coordinator, exp: 1_000_000 }],
  ['is not valid yet', { ...coordinator, nbf: 4_000_000_000 }],
  ['comes from another issuer', { ...coordinator, iss: 'https://evil.example.org' }],
  ['is meant for somebody else', { ...coordinator, aud: 'another' }],
  ['claims to be the system', { ...coordinator, role: 'T' }],
  ['has a role that does not exist', { ...coordinator, role: 'Z' }],
  ['has no role', { sub: 'x', tenant: '*' }],
  ['has no subject', { role: 'K', tenant: '*' }],
  ['has a subject that is no id', { ...coordinator, sub: 'a|b' }],
  ['has no tenant', { sub: 'x', role: 'K' }],
  ['names every patient', { ...parent, patients: ['*'] }],
  ['smuggles two patients into one', { ...parent, patients: ['patient-1,patient-2'] }],
])('a token that %s does not', async (_what, wrong) => {
  const answered = await read(`Bearer ${await api.sign(wrong)}`);
  expect(answered.status).toBe(401);
});

test('nor one without a signature', async () => {
  const unsigned = new UnsecuredJWT(claims).setExpirationTime('1h').encode();
  expect((await read(`Bearer ${unsigned}`)).status).toBe(401);
});

test('nor one signed with a shared secret', async () => {
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'test' })
    .setExpirationTime('1h')
    .sign(Buffer.alloc(32, 1));
  expect((await read(`Bearer ${token}`)).status).toBe(401);
});

test('nor one signed by a stranger', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'test' }).setExpirationTime('1h').sign(privateKey);
  expect((await read(`Bearer ${token}`)).status).toBe(401);
});

test.each(['', 'Bearer', 'Bearer a b', 'Basic dXNlcjpwYXNz', 'Bearer not.a.token'])('nor "%s"', async (authorization) => {
  expect((await read(authorization)).status).toBe(401);
});

test('a token without an end does not open', async () => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: 'EdDSA' }] };
  const authenticate = await createAuthenticate({ keys, issuer, audience, production: true });
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' });
  await expect(authenticate(`Bearer ${await token.sign(privateKey)}`)).rejects.toMatchObject({ code: 'unauthenticated' });
  const ending = await token.setExpirationTime('1h').sign(privateKey);
  await expect(authenticate(`Bearer ${ending}`)).resolves.toMatchObject({ actor: { kind: 'person', id: 'coordinator-1', role: 'K' } });
});

test('the development issuer never opens a production system', async () => {
  const options = { keys: { keys: [] }, issuer: developmentIssuer, audience };
  await expect(createAuthenticate({ ...options, production: true })).rejects.toThrow('refused in production');
  await expect(createAuthenticate({ ...options, production: false })).resolves.toBeDefined();
});

describe('a key set at an address', () => {
  let server: Server;
  let status = 200;
  let url: string;
  const pair = generateKeyPair('RS256');
  beforeAll(async () => {
    const jwk = { ...(await exportJWK((await pair).publicKey)), kid: 'far', alg: 'RS256' };
    server = createServer((_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const token = async () =>
    `Bearer ${await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'far' })
      .setExpirationTime('1h')
      .sign((await pair).privateKey)}`;

  test('is fetched', async () => {
    const authenticate = await createAuthenticate({ keys: { url }, issuer, audience, production: true });
    await expect(authenticate(await token())).resolves.toMatchObject({ tenant: '*', scope: { patients: '*' } });
  });

  test('that fails is no fault of the one who asks', async () => {
    status = 500;
    const authenticate = await createAuthenticate({ keys: { url }, issuer, audience, production: true });
    await expect(authenticate(await token())).rejects.toMatchObject({ name: 'Unavailable' });
    status = 200;
  });

  test('that is not there neither', async () => {
    const authenticate = await createAuthenticate({ keys: { url: 'http://127.0.0.1:1/keys' }, issuer, audience, production: true });
    await expect(authenticate(await token())).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

test('whoever guesses tokens is slowed down', async () => {
  const narrow = await openRunningApi(({ limits }) => ({ limits: { ...limits, strangersPerMinute: 3 } }));
  const statuses: number[] = [];
  for (let i = 0; i < 5; i += 1) statuses.push((await narrow.get('/v1/journeys/none')).statusCode);
  const known = await narrow.get('/v1/journeys/none', coordinator);
  await narrow.close();
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  expect(known.statusCode).toBe(404);
});

test('whoever asks too often is told to wait, and nobody else', async () => {
  const narrow = await openRunningApi(({ limits }) => ({ limits: { ...limits, requestsPerMinute: 2 } }));
  const statuses: number[] = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await narrow.get('/v1/journeys/none', coordinator)).statusCode);
  const last = await narrow.get('/v1/journeys/none', coordinator);
  const other = await narrow.get('/v1/journeys/none', { ...coordinator, sub: 'coordinator-2' });
  const probe = await Promise.all([1, 2, 3].map(() => narrow.get('/health/live')));
  await narrow.close();
  expect(statuses).toEqual([404, 404, 429]);
  expect(last.json().code).toBe('rate-limited');
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
  expect(other.statusCode).toBe(404);
  expect(probe.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
});
