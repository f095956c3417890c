import { openSignInCodes } from '../../api/sign-in.ts';
import { coordinator, openRunningApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await openRunningApi();
});
afterAll(() => api.close());

const json = { 'content-type': 'application/json' };
const signIn = (code: string, origin = api.address): Promise<Response> =>
  fetch(`${api.address}/v1/sign-in`, { method: 'POST', headers: { ...json, origin }, body: JSON.stringify({ code }) });
const codeFor = async (who = coordinator): Promise<string> =>
  JSON.parse((await api.post('/dev/sign-in-codes', undefined, { token: await api.sign(who) })).body).code;
const signedIn = async (): Promise<string> => (await signIn(await codeFor())).headers.get('set-cookie')?.split(';')[0] ?? '';

test('a code brings a cookie that no script reads and no other site sends', async () => {
  const answered = await signIn(await codeFor());
  expect(answered.status).toBe(204);
  const [pair, ...attributes] = answered.headers.get('set-cookie')?.split('; ') ?? [];
  expect(pair).toMatch(/^caretrail=ey/);
  expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Strict']));
  const me = await api.get('/v1/me', undefined, { cookie: pair ?? '' });
  expect(me.json()).toEqual({ id: 'coordinator-1', role: 'K', tenant: '*', patients: [] });
});

test('a code is good once', async () => {
  const code = await codeFor();
  expect((await signIn(code)).status).toBe(204);
  const again = await signIn(code);
  expect(again.status).toBe(401);
  expect(await again.json()).toMatchObject({ code: 'sign-in-code-unknown' });
});

test('a code lapses after ten minutes', () => {
  let now = 0;
  const codes = openSignInCodes(() => now);
  const [early, late] = [codes.issue('a'), codes.issue('b')];
  now = 599_999;
  expect(codes.take(early)).toBe('a');
  now = 600_000;
  expect(codes.take(late)).toBeUndefined();
});

test('codes are made for valid tokens only, and not without a development system', async () => {
  expect((await api.post('/dev/sign-in-codes', undefined, { token: 'nobody' })).statusCode).toBe(401);
  const plain = await openRunningApi(() => ({}), { development: false });
  const answered = await plain.post('/dev/sign-in-codes', undefined, { token: await plain.sign(coordinator) });
  await plain.close();
  expect(answered.json().code).toBe('route-unknown');
});

test.each([undefined, 'https://evil.example', 'null'])('a change by cookie from the origin %s is refused', async (origin) => {
  const cookie = await signedIn();
  const answered = await fetch(`${api.address}/dev/clock`, {
    method: 'PUT',
    headers: { ...json, cookie, ...(origin && { origin }) },
    body: '{"advance":1}',
  });
  expect(answered.status).toBe(403);
  expect(await answered.json()).toMatchObject({ code: 'origin-foreign' });
});

test('a change by cookie from our own page is taken', async () => {
  const headers = { ...json, cookie: await signedIn(), origin: api.address };
  const answered = await fetch(`${api.address}/dev/clock`, { method: 'PUT', headers, body: '{"advance":1}' });
  expect(answered.status).toBe(200);
});

test('another site cannot sign somebody in', async () => {
  expect((await signIn(await codeFor(), 'https://evil.example')).status).toBe(403);
});

test('whoever signs out has no cookie any more', async () => {
  const headers = { cookie: await signedIn(), origin: api.address };
  const answered = await fetch(`${api.address}/v1/sign-in`, { method: 'DELETE', headers });
  expect(answered.status).toBe(204);
  expect(answered.headers.get('set-cookie')).toMatch(/^caretrail=;.*Expires=Thu, 01 Jan 1970/);
});

test('the cookie goes over encrypted lines only, but for a development system', async () => {
  const plain = await openRunningApi(() => ({}), { development: false });
  const cookieOf = async (running: RunningApi): Promise<string | null> => {
    const answered = await fetch(`${running.address}/v1/sign-in`, { method: 'DELETE', headers: { origin: running.address } });
    return answered.headers.get('set-cookie');
  };
  const [there, here] = [await cookieOf(plain), await cookieOf(api)];
  await plain.close();
  expect(there).toContain('Secure');
  expect(here).not.toContain('Secure');
});
