import { createServer } from 'node:net';
import { type RunningPartners, startPartners } from '../../dev/partners/server.ts';
import { courierClient } from '../../interop/courier/client.ts';
import { eligibilityClient } from '../../interop/eligibility/client.ts';
import { noticesClient } from '../../interop/notices/client.ts';
import { paymentClient } from '../../interop/payment/client.ts';
import { pharmacyClient } from '../../interop/pharmacy/client.ts';
import type { Called, Endpoint, Found } from '../../interop/port.ts';
import { safetyClient } from '../../interop/safety/client.ts';
import { behave, ledgerOf, secret } from './clinic-side.ts';

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
  readonly party: string;
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

let partners: RunningPartners;
beforeAll(async () => {
  partners = await startPartners({ port: 0, secret });
});
afterAll(() => partners.stop());

describe.each(trials)('$party', ({ party, send, find }) => {
  const at = (): Endpoint => ({ url: `${partners.url}/${party}`, timeoutMs: 1_000 });
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
    const closed = { url: `http://127.0.0.1:${await closedPort()}` };
    expect(await send(closed, key('unreached'))).toEqual({ outcome: 'failed', reason: 'econnrefused' });
    expect(await send({ url: 'http://no-such-host.invalid' }, key('unreached'))).toMatchObject({ outcome: 'failed' });
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
  const called = await paymentClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 200 }).charge({
    key: 'k',
    reference: 'j1/ch1',
    payerId: 'p',
    cents: 1,
  });
  expect(called).toEqual({ outcome: 'unknown', reason: 'timeout' });
  expect(Date.now() - started).toBeLessThan(2_000);
  silent.close();
});

test('the stand-in courier refuses to be told more than it may know', async () => {
  const body = JSON.stringify({ dropoff_name: 'Robin Doe', manifest_items: [{ name: 'Amoxicillin', quantity: 1 }] });
  const headers = { 'idempotency-key': 'k', 'content-type': 'application/json' };
  expect((await fetch(`${partners.url}/courier/deliveries`, { method: 'POST', headers, body })).status).toBe(400);
});

/** A port of the loopback address on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
