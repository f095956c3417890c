import { type RunningPartners, startPartners } from '../../dev/partners/server.ts';
import type { Attempts } from '../../store/ports.ts';
import { openAttempts } from '../../store/postgres/attempts.ts';
import { handedOut, networkSays, signed } from '../journeys/prescription-story.ts';
import { behave, type ClinicSide, ledgerOf, openClinicSide, secret } from '../partners/clinic-side.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';
import { effectOf, memoryAttempts, partiesAt, performing } from './performing.ts';

let database: TestDatabase;
let side: ClinicSide;
let partners: RunningPartners;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.owner.query('TRUNCATE attempts');
  side = await openClinicSide(Date.UTC(2026, 9, 6, 21, 3));
  partners = await startPartners({ port: 0, secret, apiUrl: side.url });
});
afterEach(async () => {
  await partners.stop();
  await side.close();
});

const sendKey = 'j1/rx-send.p1';
const order = {
  key: sendKey,
  reference: 'j1/p1',
  pharmacyId: 'pharmacy-1',
  rxnorm: '723',
  sig: 'two-times-a-day',
  quantity: 20,
  days: 10,
  patient: { patientId: 'patient-1', name: 'Robin Doe' },
};
const timesSent = async (party = 'pharmacy'): Promise<number> => (await ledgerOf(partners, party)).length;

/** A signed prescription, and the effect that sends it. */
function sending(attempts: Attempts = openAttempts(database.writer)) {
  const story = signed();
  const perform = performing({ story, partners, attempts });
  return { story, attempts, perform, send: () => perform(effectOf(story, 'send-prescription')) };
}

test('the first attempt is written down, sent and settled', async () => {
  const { attempts, send } = sending();
  const message = await send();
  expect(message).toEqual({
    id: 'effect:rx-send.p1:1',
    type: 'RecordRxTransmission',
    data: { rxId: 'p1', attempt: 1, outcome: 'succeeded', messageId: expect.stringMatching(/^msg_/), scriptVersion: '2023011' },
    actor: { kind: 'partner', id: 'pharmacy', role: 'A' },
    source: 'effect',
    causationId: 'rx-send.p1',
  });
  expect(await attempts.begin(sendKey, 1)).toMatchObject({ outcome: 'succeeded' });
});

test('a settled attempt states the same again, as of when it was known, and calls nobody', async () => {
  const { story, send } = sending();
  const knownAt = story.now;
  const first = await send();
  await behave(partners, 'pharmacy', 'fail');
  story.now += 60_000;
  expect(await send()).toEqual({ ...first, occurredAt: knownAt });
  expect(await timesSent()).toBe(1);
});

test('a crash before the call: asked about, not there, sent once', async () => {
  const { attempts, send } = sending();
  await attempts.begin(sendKey, 1);
  expect(await send()).toMatchObject({ data: { outcome: 'succeeded' } });
  expect(await timesSent()).toBe(1);
});

test('a crash between the call and its settling: asked about, found, not sent again', async () => {
  const { attempts, send } = sending();
  await attempts.begin(sendKey, 1);
  const held = await partiesAt(partners).pharmacy.send(order);
  await behave(partners, 'pharmacy', 'refuse');
  expect(await send()).toMatchObject({ data: { outcome: 'succeeded', ...('answer' in held && held.answer) } });
  expect(await timesSent()).toBe(1);
});

test('when nobody can be asked what became of it, it is unknown and not sent', async () => {
  const { attempts, send } = sending();
  await attempts.begin(sendKey, 1);
  await behave(partners, 'pharmacy', 'fail');
  expect(await send()).toMatchObject({ data: { outcome: 'unknown' } });
  await behave(partners, 'pharmacy', 'normal');
  expect(await timesSent()).toBe(0);
});

test('J-5: an unknown send is asked about under the key it was sent with, and never sent twice', async () => {
  const { story, perform, send } = sending();
  await behave(partners, 'pharmacy', 'reset-after-doing');
  expect(await send()).toMatchObject({ data: { outcome: 'unknown' } });
  networkSays(story, 'unknown');
  await behave(partners, 'pharmacy', 'normal');
  const query = effectOf(story, 'query-prescription');
  expect(await perform(query)).toMatchObject({ type: 'RecordRxReconciliation', data: { rxId: 'p1', attempt: 1, outcome: 'found' } });
  expect(await timesSent()).toBe(1);
});

test('J-5: what is certainly not there is sent again as the next attempt', async () => {
  const { story, perform, send } = sending();
  await behave(partners, 'pharmacy', 'fail');
  expect(await send()).toMatchObject({ data: { outcome: 'unknown' } });
  networkSays(story, 'unknown');
  await behave(partners, 'pharmacy', 'normal');
  expect(await perform(effectOf(story, 'query-prescription'))).toMatchObject({ data: { outcome: 'notFound' } });
  story.give('A', 'RecordRxReconciliation', { rxId: 'p1', attempt: 1, outcome: 'notFound' });
  expect(await send()).toMatchObject({ id: 'effect:rx-send.p1:2', data: { attempt: 2, outcome: 'succeeded' } });
  expect(await timesSent()).toBe(1);
});

test.each([
  ['refuse', 'refused'],
  ['fail', 'unknown'],
])('a partner that would %s is an outcome, not an error', async (mode, outcome) => {
  await behave(partners, 'pharmacy', mode);
  expect(await sending().send()).toMatchObject({ data: { outcome } });
});

test('a partner that is not there at all is an outcome too', async () => {
  const story = signed();
  const perform = performing({ story, partners: { endpointOf: () => ({ url: 'http://127.0.0.1:1', token: 'a token' }) } });
  expect(await perform(effectOf(story, 'send-prescription'))).toMatchObject({ data: { outcome: expect.stringMatching(/failed|unknown/) } });
});

test('without our own ledger nothing is sent', async () => {
  const away = { ...memoryAttempts(), begin: () => Promise.reject(new Error('the store is away')) };
  await expect(sending(away).send()).rejects.toThrow('the store is away');
  expect(await timesSent()).toBe(0);
});

describe('a delivery', () => {
  const asking = () => {
    const story = handedOut();
    side.now = story.now;
    const attempts = openAttempts(database.writer);
    const perform = performing({ story, partners, attempts });
    return { ask: () => perform(effectOf(story, 'request-courier')) };
  };

  test('is created once; the courier tells its course, and a repeated call asks how far it is', async () => {
    const { ask } = asking();
    expect(await ask()).toBeNull();
    expect(await ask()).toBeNull();
    side.now += 20 * 60_000;
    expect(await ask()).toMatchObject({ type: 'RecordDeliveryStatus', data: { leg: 1, status: 'picked-up', vendor: 'courier' } });
    expect(await timesSent('courier')).toBe(1);
  });

  test('that the courier refuses is cancelled, with the reason', async () => {
    await behave(partners, 'courier', 'refuse');
    expect(await asking().ask()).toMatchObject({ data: { status: 'cancelled', reason: 'http-422' } });
  });

  test('is asked for again until the courier surely has it, and exists once', async () => {
    const { ask } = asking();
    await behave(partners, 'courier', 'fail');
    await expect(ask()).rejects.toThrow('http-503');
    await behave(partners, 'courier', 'reset-after-doing');
    await expect(ask()).rejects.toThrow('the courier did not take the delivery');
    await behave(partners, 'courier', 'normal');
    expect(await ask()).toBeNull();
    expect(await timesSent('courier')).toBe(1);
  });
});
