import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { ask, call } from '../../interop/http.ts';

/** A partner that answers with what the path says: `/<status>` or `/<status>/<body>`. */
const partner = createServer((request, response) => {
  const [, status, body = '{}'] = (request.url ?? '').split('/').map(decodeURIComponent);
  seen.push(String(request.headers.authorization));
  response.writeHead(Number(status), { location: '/200' }).end(body);
});
const seen: string[] = [];
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
});
afterAll(() => {
  partner.closeAllConnections();
  partner.close();
});

const Anything = z.object({});
const send = (path: string) => call({ url, token: 'the token' }, { method: 'POST', path, key: 'k', body: {} }, Anything);

test.each([
  [200, 'succeeded'],
  [201, 'succeeded'],
  [302, 'unknown'],
  [400, 'refused'],
  [401, 'failed'],
  [402, 'refused'],
  [403, 'refused'],
  [404, 'failed'],
  [405, 'failed'],
  [408, 'failed'],
  [409, 'unknown'],
  [410, 'refused'],
  [422, 'refused'],
  [425, 'failed'],
  [429, 'failed'],
  [500, 'unknown'],
  [502, 'unknown'],
  [503, 'unknown'],
  [504, 'unknown'],
])('an answer of %i means %s', async (status, outcome) => expect((await send(`/${status}`)).outcome).toBe(outcome));

test.each(['not json', '[]'])('a 200 that cannot be read may or may not have been done: %s', async (body) =>
  expect(await send(`/200/${encodeURIComponent(body)}`)).toEqual({ outcome: 'unknown', reason: 'answer-unreadable' }),
);

test.each([
  ['/200', 'found'],
  ['/404', 'notFound'],
  ['/401', 'unknown'],
  ['/403', 'unknown'],
  ['/410', 'unknown'],
  ['/500', 'unknown'],
  ['/200/nonsense', 'unknown'],
])('a question answered with %s: %s', async (path, state) =>
  expect((await ask({ url, token: 'the token' }, path, Anything)).state).toBe(state),
);

test('every call carries the token', async () => {
  seen.length = 0;
  await send('/200');
  await ask({ url, token: 'the token' }, '/200', Anything);
  expect(seen).toEqual(['Bearer the token', 'Bearer the token']);
});
