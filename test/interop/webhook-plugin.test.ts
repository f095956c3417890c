import Fastify from 'fastify';
import { answerError } from '../../api/problems.ts';
import { sign } from '../../interop/signature.ts';
import { webhookRoutes } from '../../interop/webhook-plugin.ts';
import type { ReceivedMessage } from '../../interop/webhooks.ts';

const secret = 'a secret of at least thirty-two characters';
const journeyTime = Date.UTC(2026, 9, 6, 21, 4);

async function listen({ broken = false } = {}) {
  const kept: ReceivedMessage[] = [];
  const receive = async (message: ReceivedMessage): Promise<boolean> => {
    if (broken) throw new Error('the store is away');
    const isNew = !kept.some(({ source, externalId }) => source === message.source && externalId === message.externalId);
    if (isNew) kept.push(message);
    return isNew;
  };
  const app = Fastify();
  app.setErrorHandler(answerError);
  app.post('/other', async (request) => request.body);
  await app.register(webhookRoutes({ inbox: { receive }, secrets: { courier: secret }, clock: { now: async () => journeyTime } }));
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  open.push(app);
  const post = async (
    payload: string,
    { path = '/v1/webhooks/courier', signature = sign(secret, Buffer.from(payload), Date.now()) } = {},
  ) => {
    const headers = { 'content-type': 'application/json', 'caretrail-signature': signature };
    const response = await fetch(`${address}${path}`, { method: 'POST', headers, body: payload });
    return { status: response.status, text: await response.text() };
  };
  return { kept, post };
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

const body = '{ "id": "evt_1",  "note": "spaces and order stay as they were sent" }';

test('a signed message stands in the inbox before it is acknowledged; a repeat is acknowledged too', async () => {
  const { kept, post } = await listen();
  expect((await post(body)).status).toBe(202);
  expect((await post(body)).status).toBe(202);
  expect(kept).toEqual([{ source: 'courier', externalId: 'evt_1', body: JSON.parse(body), receivedAt: journeyTime }]);
});

test('what the inbox cannot keep is not acknowledged', async () => {
  const { post } = await listen({ broken: true });
  expect((await post(body)).status).toBe(500);
});

test('an unsigned, badly signed or old message is not let in', async () => {
  const { kept, post } = await listen();
  const old = sign(secret, Buffer.from(body), Date.now() - 600_000);
  for (const signature of ['', 't=1,v1=00', sign(secret, Buffer.from('{}'), Date.now()), old])
    expect((await post(body, { signature })).status).toBe(401);
  expect(kept).toEqual([]);
});

test('a source that we do not know, or have no secret of, is not there', async () => {
  const { post } = await listen();
  for (const source of ['weather', 'pharmacy', '__proto__'])
    expect((await post(body, { path: `/v1/webhooks/${source}` })).status).toBe(404);
});

test('what is signed is kept even if it cannot be read, under a name of its own', async () => {
  const { kept, post } = await listen();
  expect((await post('not json')).status).toBe(202);
  expect((await post('["no id"]')).status).toBe(202);
  expect(kept.map(({ externalId }) => externalId)).toEqual([expect.stringMatching(/^sha256-/), expect.stringMatching(/^sha256-/)]);
});

test('a message of more than 64 KB is refused', async () => {
  const { post } = await listen();
  expect((await post(`"${'x'.repeat(70_000)}"`)).status).toBe(413);
});

test('the API beside it still reads its own bodies', async () => {
  const { post } = await listen();
  expect((await post('{"a": 1}', { path: '/other' })).text).toBe('{"a":1}');
});
