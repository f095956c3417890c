import { createHash } from 'node:crypto';
import { Unavailable } from '../../store/event-store.ts';
import { RunnerUnavailable } from '../../workflows/send.ts';
import { coordinator, openRunningApi, parent, type RunningApi, start, startJourney } from './running-api.ts';

let api: RunningApi;
/** Errors that the runner gives before it works again. */
const outages: Error[] = [];
let sent = 0;

beforeAll(async () => {
  api = await openRunningApi(({ send }) => ({
    send: async (...command) => {
      sent += 1;
      const outage = outages.shift();
      if (outage) throw outage;
      return send(...command);
    },
  }));
});
afterAll(() => api.close());

const key = (value: string) => ({ 'idempotency-key': value });
const identity = { method: 'knowledge', identifiersRef: 'ref-1' };

test('a request without a key is turned away', async () => {
  const headers = { authorization: `Bearer ${await api.sign(parent)}`, 'content-type': 'application/json' };
  const answered = await fetch(`${api.address}/v1/journeys`, { method: 'POST', headers, body: JSON.stringify(start) });
  expect(answered.status).toBe(400);
  expect(await answered.json()).toMatchObject({ code: 'idempotency-key-missing' });
});

test.each(['', 'short', 'a'.repeat(101), 'tab\tinside'])('a key of another form is turned away: %s', async (value) => {
  const answered = await api.post('/v1/journeys', parent, start, key(value));
  expect(answered.statusCode).toBe(422);
  expect(answered.json().errors[0]?.field).toBe('idempotency-key');
});

test('a repeated start is the same journey, and is answered the same', async () => {
  const first = await api.post('/v1/journeys', parent, start, key('start-once'));
  const before = sent;
  const again = await api.post('/v1/journeys', parent, start, key('start-once'));
  expect(sent).toBe(before);
  expect(again.body).toBe(first.body);
  expect(again.statusCode).toBe(201);
  expect(again.headers).toMatchObject({
    'idempotent-replayed': 'true',
    location: first.headers.location,
    etag: first.headers.etag,
  });
  expect(first.headers).not.toHaveProperty('idempotent-replayed');
});

test('the order of fields makes no other request', async () => {
  const journeyId = await startJourney(api);
  const url = `/v1/journeys/${journeyId}/verify-identity`;
  await api.post(url, parent, { method: 'knowledge', identifiersRef: 'ref-1' }, key('order-of-fields'));
  const again = await api.post(url, parent, { identifiersRef: 'ref-1', method: 'knowledge' }, key('order-of-fields'));
  expect(again.headers).toHaveProperty('idempotent-replayed');
});

test.each([
  ['another body', { ...start, modality: 'video' }, {}],
  ['another instant', start, { 'occurred-at': '2026-01-01T00:00:00Z' }],
  ['another version', start, { 'if-match': '"v0"' }],
])('%s under the same key is turned away', async (what, body, headers) => {
  const name = `reused-${what.replace(' ', '-')}`;
  await api.post('/v1/journeys', parent, start, key(name));
  const answered = await api.post('/v1/journeys', parent, body, { ...key(name), ...headers });
  expect(answered.statusCode).toBe(422);
  expect(answered.json().code).toBe('idempotency-key-reused');
});

test('another client may use the same key, and the same client on another path', async () => {
  const mine = await startJourney(api);
  const body = { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'reached' };
  const first = await api.post(`/v1/journeys/${mine}/record-contact-attempt`, coordinator, body, key('shared-key'));
  const other = { ...coordinator, sub: 'coordinator-2' };
  const second = await api.post(`/v1/journeys/${mine}/record-contact-attempt`, other, body, key('shared-key'));
  const elsewhere = await api.post(`/v1/journeys/${await startJourney(api)}/record-contact-attempt`, coordinator, body, key('shared-key'));
  for (const answered of [first, second, elsewhere]) {
    expect(answered.statusCode).toBe(200);
    expect(answered.headers).not.toHaveProperty('idempotent-replayed');
  }
  const eventIds = [first, second, elsewhere].map((answered) => answered.json().events[0]?.id);
  expect(new Set(eventIds).size).toBe(3);
});

test('two commands on one journey under one key are two commands', async () => {
  const journeyId = await startJourney(api);
  await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, identity, key('two-commands'));
  const location = { state: 'WA', areaKey: '98101', addressRef: 'ref-2' };
  const second = await api.post(`/v1/journeys/${journeyId}/attest-location`, parent, location, key('two-commands'));
  expect(second.json().events[0]?.type).toBe('PatientLocationAttested');
});

test('a fault of ours is not kept: once it is mended, the repetition does the work', async () => {
  const journeyId = await startJourney(api);
  const url = `/v1/journeys/${journeyId}/verify-identity`;
  api.know({ identity: null as never });
  const first = await api.post(url, parent, identity, key('fault-of-ours'));
  api.know({});
  const again = await api.post(url, parent, identity, key('fault-of-ours'));
  expect([first.statusCode, again.statusCode]).toEqual([500, 200]);
});

test('a refusal is repeated as it was, even when it would succeed by now', async () => {
  const journeyId = await startJourney(api);
  const url = `/v1/journeys/${journeyId}/verify-identity`;
  api.know({ identity: { kinds: ['name'], matches: true } });
  const first = await api.post(url, parent, identity, key('refused-once'));
  api.know({});
  const again = await api.post(url, parent, identity, key('refused-once'));
  expect(again.statusCode).toBe(409);
  expect(again.body).toBe(first.body);
});

test.each([
  ['the runner', new RunnerUnavailable('gone')],
  ['the store', new Unavailable('gone')],
])('when %s does not answer, nothing is kept and the repetition does the work', async (_what, outage) => {
  outages.push(outage);
  const name = `outage-of-${outage.name}`;
  const first = await api.post('/v1/journeys', parent, start, key(name));
  expect(first.statusCode).toBe(503);
  expect(first.headers).toHaveProperty('retry-after');
  expect(first.json().code).toBe('unavailable');
  const again = await api.post('/v1/journeys', parent, start, key(name));
  expect(again.statusCode).toBe(201);
});

test('when the answer was lost after the command was recorded, the repetition brings it without a second event', async () => {
  const journeyId = await startJourney(api);
  const url = `/v1/journeys/${journeyId}/verify-identity`;
  const first = await api.post(url, parent, identity, key('answer-lost'));
  await api.database.writer.query("UPDATE idempotency SET status = NULL, body = NULL WHERE key = 'answer-lost'");
  const again = await api.post(url, parent, identity, key('answer-lost'));
  expect(again.body).toBe(first.body);
  expect(again.headers).not.toHaveProperty('idempotent-replayed');
  expect(await api.store.describe(`journey-${journeyId}`)).toMatchObject({ version: 3 });
});

test('what is kept of a request does not give its body away', async () => {
  await api.post('/v1/journeys', parent, start, key('fingerprint-1'));
  const { rows } = await api.database.writer.query<{ body_hash: string }>(
    "SELECT DISTINCT body_hash FROM idempotency WHERE key = 'fingerprint-1'",
  );
  expect(rows[0]?.body_hash).not.toBe(createHash('sha256').update(JSON.stringify(start)).digest('hex'));
});
