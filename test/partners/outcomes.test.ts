import { createServer } from 'node:net';
import type { PartyName } from '../../dev/partners/party.ts';
import { type RunningPartners, startPartners } from '../../dev/partners/server.ts';
import { courierClient } from '../../interop/courier/client.ts';
import { eligibilityClient } from '../../interop/eligibility/client.ts';
import { noticesClient } from '../../interop/notices/client.ts';
import { paymentClient } from '../../interop/payment/client.ts';
import { pharmacyClient } from '../../interop/pharmacy/client.ts';
import type { Called, Endpoint, Found } from '../../interop/port.ts';
import { safetyClient } from '../../interop/safety/client.ts';
import { behave, callsOf, ledgerOf, planFaults, secret } from './clinic-side.ts';

const prescription = {
  reference: 'j1/p1',
  pharmacyId: 'pharmacy-1',
  rxnorm: '723',
  sig: 'two-times-a-day',
  quantity: 20,
  days: 10,
  patient: { patientId: 'patient-1', name: 'Robin Doe', birthDate: '2017-03-02' },
};
const delivery = {
  reference: 'j1/d1/1',
  pickupId: 'pharmacy-1',
  recipient: { name: 'Robin Doe', address: '1 Pine Street, Seattle' },
  window: { from: 0, to: 7_200_000 },
  handling: ['adultSignature' as const],
};
const notice = { reference: 'j1/n1', recipient: 'parent-1', recipientRole: 'P' as const, channel: 'push', kind: 'checkIn', textVersion: 1 };
const question = { rxnorm: '723', quantity: 20, days: 10, allergies: [], medications: [] };

interface Trial {
  readonly party: PartyName;
  readonly send: (endpoint: Endpoint, key: string) => Promise<Called<unknown>>;
  readonly find?: (endpoint: Endpoint, key: string) => Promise<Found<unknown>>;
}

const trials: readonly Trial[] = [
  { party: 'eligibility', send: (at, key) => eligibilityClient(at).check({ key, patientId: 'p1', employerId: 'e1', at: 0 }) },
  { party: 'safety', send: (at, key) => safetyClient(at).check({ key, ...question }) },
  {
    party: 'pharmacy',
    send: (at, key) => pharmacyClient(at).send({ key, ...prescription }),
    find: (at, key) => pharmacyClient(at).find(key),
  },
  { party: 'courier', send: (at, key) => courierClient(at).create({ key, ...delivery }), find: (at, key) => courierClient(at).find(key) },
  {
    party: 'payment',
    send: (at, key) => paymentClient(at).charge({ key, reference: 'j1/ch1', payerId: 'parent-1', cents: 2_500 }),
    find: (at, key) => paymentClient(at).find(key),
  },
  { party: 'notices', send: (at, key) => noticesClient(at).send({ key, ...notice }), find: (at, key) => noticesClient(at).find(key) },
];

const token = 'a token that opens nothing';

let partners: RunningPartners;
beforeAll(async () => {
  partners = await startPartners({ port: 0, secret });
});
afterAll(() => partners.stop());

describe.each(trials)('$party', ({ party, send, find }) => {
  const at = (): Endpoint => ({ ...partners.endpointOf(party), timeoutMs: 1_000 });
  const key = (name: string): string => `j1/${party}.${name}`;
  const timesDone = async (name: string): Promise<number> =>
    (await ledgerOf(partners, party)).filter((entry) => entry.key === key(name)).length;
  afterEach(() => behave(partners, party, 'normal'));

  test('succeeds, and does the same thing once however often it is asked', async () => {
    const first = await send(at(), key('twice'));
    expect(first.outcome).toBe('succeeded');
    expect(await send(at(), key('twice'))).toEqual(first);
    expect(await timesDone('twice')).toBe(1);
  });

  test('refuses', async () => {
    await behave(partners, party, 'refuse');
    expect(await send(at(), key('refused'))).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/^http-4/) });
    expect(await timesDone('refused')).toBe(0);
  });

  test('certainly has not done what it was never reached for', async () => {
    const closed = { url: `http://127.0.0.1:${await closedPort()}`, token };
    expect(await send(closed, key('unreached'))).toEqual({ outcome: 'failed', reason: 'econnrefused' });
    expect(await send({ url: 'http://no-such-host.invalid', token }, key('unreached'))).toMatchObject({ outcome: 'failed' });
  });

  test('may or may not have done it when the line is cut; it has', async () => {
    await behave(partners, party, 'reset-after-doing');
    expect((await send(at(), key('cut'))).outcome).toBe('unknown');
    expect(await timesDone('cut')).toBe(1);
    if (find) expect(await find(at(), key('cut'))).toMatchObject({ state: 'found' });
    await behave(partners, party, 'normal');
    expect((await send(at(), key('cut'))).outcome).toBe('succeeded');
    expect(await timesDone('cut')).toBe(1);
  });

  test('may or may not have done it when the line is dropped; it has not, and the next try does it', async () => {
    await planFaults(partners, party, [{ on: 'send', fault: 'drop' }]);
    expect((await send(at(), key('dropped'))).outcome).toBe('unknown');
    if (find) expect(await find(at(), key('dropped'))).toEqual({ state: 'notFound' });
    expect(await timesDone('dropped')).toBe(0);
    expect((await send(at(), key('dropped'))).outcome).toBe('succeeded');
    expect(await timesDone('dropped')).toBe(1);
  });

  test('may or may not have done it when the answer is late; it has', async () => {
    await planFaults(partners, party, [{ on: 'send', fault: 'delay' }]);
    expect(await send({ ...at(), timeoutMs: 100 }, key('late'))).toEqual({ outcome: 'unknown', reason: 'timeout' });
    expect(await timesDone('late')).toBe(1);
  });

  test('is heard once when it answers twice, and the line after it is clean', async () => {
    await planFaults(partners, party, [{ on: 'send', fault: 'answer-twice' }]);
    const first = await send(at(), key('echo'));
    expect(first.outcome).toBe('succeeded');
    expect(await send(at(), key('echo'))).toEqual(first);
    if (find) await planFaults(partners, party, [{ on: 'query', fault: 'answer-twice' }]);
    if (find) expect(await find(at(), key('echo'))).toMatchObject({ state: 'found' });
    if (find) expect(await find(at(), key('no-such'))).toEqual({ state: 'notFound' });
    expect(await timesDone('echo')).toBe(1);
  });

  test('does not let us in without its token: certainly not done, and no refusal', async () => {
    const stranger = { ...at(), token };
    expect(await send(stranger, key('stranger'))).toEqual({ outcome: 'failed', reason: 'http-401' });
    if (find) expect(await find(stranger, key('stranger'))).toEqual({ state: 'unknown', reason: 'http-401' });
    expect(await timesDone('stranger')).toBe(0);
  });

  test('may or may not have done it when it answers 503; it has not', async () => {
    await behave(partners, party, 'fail');
    expect(await send(at(), key('fault'))).toEqual({ outcome: 'unknown', reason: 'http-503' });
    if (find) expect(await find(at(), key('fault'))).toEqual({ state: 'unknown', reason: 'http-503' });
    await behave(partners, party, 'normal');
    if (find) expect(await find(at(), key('fault'))).toEqual({ state: 'notFound' });
    expect(await timesDone('fault')).toBe(0);
  });
});

test('a partner that takes a call and never answers leaves it unknown', async () => {
  const silent = createServer((socket) => socket.unref());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const started = Date.now();
  const called = await paymentClient({ url: `http://127.0.0.1:${port}`, token, timeoutMs: 200 }).charge({
    key: 'k',
    reference: 'j1/ch1',
    payerId: 'p',
    cents: 1,
  });
  expect(called).toEqual({ outcome: 'unknown', reason: 'timeout' });
  expect(Date.now() - started).toBeLessThan(2_000);
  silent.close();
});

describe('a fault plan', () => {
  const ask = (key: string) => pharmacyClient(partners.endpointOf('pharmacy')).find(key);
  afterEach(() => planFaults(partners, 'pharmacy', []));

  test('meets the calls in their order, each line as often as it says, and then everything is well', async () => {
    await planFaults(partners, 'pharmacy', [
      { on: 'query', fault: 'none' },
      { on: 'query', fault: 'fail', times: 2 },
      { on: 'query', fault: 'refuse' },
    ]);
    const before = (await callsOf(partners, 'pharmacy')).length;
    const heard = [];
    for (let n = 0; n < 5; n += 1) heard.push((await ask('plan')).state);
    expect(heard).toEqual(['notFound', 'unknown', 'unknown', 'unknown', 'notFound']);
    const calls = (await callsOf(partners, 'pharmacy')).slice(before);
    expect(calls.map(({ operation, key, fault }) => [operation, key, fault])).toEqual(
      ['none', 'fail', 'fail', 'refuse', 'none'].map((fault) => ['query', 'plan', fault]),
    );
  });

  test('can be read back, and shows what is left of it', async () => {
    await planFaults(partners, 'pharmacy', [{ on: 'query', fault: 'fail', times: 3 }]);
    await ask('left');
    const response = await fetch(`${partners.url}/control/pharmacy/faults`);
    expect(await response.json()).toEqual({ faults: [{ on: 'query', fault: 'fail', times: 2 }] });
  });

  test.each([
    { faults: [{ on: 'send', fault: 'explode' }] },
    { faults: [{ on: 'message', fault: 'refuse' }] },
    { faults: [{ on: 'send', fault: 'drop', times: 0 }] },
    {},
  ])('that nobody can read is refused: %j', async (plan) => {
    const response = await fetch(`${partners.url}/control/pharmacy/faults`, { method: 'PUT', body: JSON.stringify(plan) });
    expect(response.status).toBe(400);
  });

  test('is set for a stand-in that there is', async () => {
    expect((await fetch(`${partners.url}/control/pigeon/faults`)).status).toBe(404);
    expect((await fetch(`${partners.url}/control/pharmacy/weather`)).status).toBe(404);
  });
});

test('the stand-in courier refuses to be told more than it may know', async () => {
  const body = JSON.stringify({ dropoff_name: 'Robin Doe', manifest_items: [{ name: 'Amoxicillin', quantity: 1 }] });
  const { url, token: known } = partners.endpointOf('courier');
  const headers = { 'idempotency-key': 'k', 'content-type': 'application/json', authorization: `Bearer ${known}` };
  expect((await fetch(`${url}/deliveries`, { method: 'POST', headers, body })).status).toBe(400);
});

/** A port of the loopback address on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
