import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningPartners } from '../../dev/partners/server.ts';
import { courierClient } from '../../interop/courier/client.ts';
import { noticesClient } from '../../interop/notices/client.ts';
import { pharmacyClient } from '../../interop/pharmacy/client.ts';
import { behave, type ClinicSide, openClinicSide, startAgainst, until } from './clinic-side.ts';

const accepted = Date.UTC(2026, 9, 6, 21, 3);
const minute = 60_000;
const prescription = {
  key: 'j1/rx-send.p1',
  reference: 'j1/p1',
  pharmacyId: 'pharmacy-1',
  rxnorm: '723',
  sig: 'two-times-a-day',
  quantity: 20,
  days: 10,
  patient: { patientId: 'patient-1', name: 'Robin Doe' },
};
const delivery = {
  key: 'j1/courier.d1.1',
  reference: 'j1/d1/1',
  pickupId: 'pharmacy-1',
  recipient: { name: 'Robin Doe', address: '1 Pine Street, Seattle' },
  window: { from: accepted, to: accepted + 120 * minute },
  handling: ['adultSignature' as const],
};

let side: ClinicSide;
let partners: RunningPartners;
beforeEach(async () => {
  side = await openClinicSide(accepted);
  partners = await startAgainst(side);
});
afterEach(async () => {
  await partners.stop();
  await side.close();
});

const at = (party: 'pharmacy' | 'courier' | 'notices') => partners.endpointOf(party);
const quiet = () => new Promise((resolve) => setTimeout(resolve, 500));

/** Minutes after acceptance and what the webhook's command says, in order of arrival. */
const told = () =>
  side.webhooks.map(({ mapped, signed }) => {
    if (mapped.to !== 'command' || !signed) throw new Error('a webhook that is unsigned, or that we cannot read');
    const { occurredAt, type, data } = mapped.message;
    const { status, outcome } = data as { status?: string; outcome?: string };
    return [(occurredAt - accepted) / minute, type, status ?? outcome];
  });

test('a pharmacy verifies after a minute and dispenses after 47; nothing comes while the clock stands still', async () => {
  await pharmacyClient(at('pharmacy')).send(prescription);
  await quiet();
  expect(side.webhooks).toEqual([]);
  side.now += minute;
  await until(() => side.webhooks.length === 1);
  side.now += 100 * minute;
  await until(() => side.webhooks.length === 2);
  expect(told()).toEqual([
    [1, 'RecordPharmacyStatus', 'verified'],
    [47, 'RecordDispense', 'dispensed'],
  ]);
});

test('a pharmacy dispenses nothing that it has cancelled, and a courier who was stopped brings it back', async () => {
  const network = pharmacyClient(at('pharmacy'));
  await network.send(prescription);
  const wish = { key: 'j1/rx-cancel.p1.1', reference: prescription.reference, prescriptionKey: prescription.key };
  expect(await network.cancel(wish)).toEqual({ outcome: 'succeeded', answer: { response: 'approved' } });
  expect(await network.findCancel(wish.key)).toEqual({ state: 'found', answer: { response: 'approved' } });
  const courier = courierClient(at('courier'));
  await courier.create(delivery);
  side.now += 20 * minute;
  const stop = { key: 'j1/courier-stop.d1.1', created: delivery.key };
  expect(await courier.stop(stop)).toMatchObject({ answer: { status: 'returning' } });
  side.now += 100 * minute;
  await until(() => told().some(([, , status]) => status === 'returned'));
  const after = told().map(([, , status]) => status);
  expect(after).not.toContain('dispensed');
  expect(after).not.toContain('delivered');
});

test('a courier tells its course in the order in which it happened, and shows it to whoever asks', async () => {
  const courier = courierClient(at('courier'));
  expect(await courier.create(delivery)).toMatchObject({ answer: { status: 'requested' } });
  side.now += 20 * minute;
  expect(await courier.find(delivery.key)).toMatchObject({ answer: { status: 'picked-up' } });
  side.now += 100 * minute;
  await until(() => side.webhooks.length === 4);
  expect(told()).toEqual([
    [2, 'RecordDeliveryStatus', 'courier-assigned'],
    [15, 'RecordDeliveryStatus', 'picked-up'],
    [55, 'RecordDeliveryStatus', 'at-door'],
    [58, 'RecordDeliveryStatus', 'delivered'],
  ]);
  expect(side.webhooks.at(-1)?.mapped).toMatchObject({ message: { data: { recipientKind: 'adult', proofRef: expect.any(String) } } });
});

test('a notice is delivered at once', async () => {
  await noticesClient(at('notices')).send({
    key: 'j1/notice.n1',
    reference: 'j1/n1',
    recipient: 'parent-1',
    recipientRole: 'P',
    channel: 'push',
    kind: 'checkIn',
    textVersion: 1,
  });
  await until(() => side.webhooks.length === 1);
  expect(told()).toEqual([[0, 'RecordNotice', 'delivered']]);
});

test('a webhook that is not taken is sent again, and once more after that not', async () => {
  side.status = 503;
  await pharmacyClient(at('pharmacy')).send(prescription);
  side.now += minute;
  await until(() => side.webhooks.length >= 2);
  side.status = 202;
  await until(() => side.webhooks.length >= 3);
  const tries = side.webhooks.length;
  await quiet();
  expect(side.webhooks).toHaveLength(tries);
  expect(new Set(side.webhooks.map(({ body }) => body.id)).size).toBe(1);
});

test.each([
  ['duplicate', ['verified', 'verified', 'dispensed', 'dispensed']],
  ['reorder', ['dispensed', 'verified']],
  ['drop', []],
])('a partner may %s its webhooks', async (mode, words) => {
  await behave(partners, 'pharmacy', mode);
  await pharmacyClient(at('pharmacy')).send(prescription);
  side.now += 60 * minute;
  await until(() => side.webhooks.length === words.length);
  await quiet();
  expect(told().map(([, , word]) => word)).toEqual(words);
});

test('a partner may be late', async () => {
  await behave(partners, 'pharmacy', 'delay');
  await pharmacyClient(at('pharmacy')).send(prescription);
  side.now += 5 * minute;
  await quiet();
  expect(side.webhooks).toEqual([]);
  side.now += 6 * minute;
  await until(() => side.webhooks.length === 1);
  expect(told()).toEqual([[1, 'RecordPharmacyStatus', 'verified']]);
});

test('a stand-in that starts again goes on where it ended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'caretrail-partners-'));
  const first = await startAgainst(side, folder);
  const sent = await pharmacyClient(first.endpointOf('pharmacy')).send(prescription);
  side.now += minute;
  await until(() => side.webhooks.length === 1);
  await first.stop();
  const second = await startAgainst(side, folder);
  expect(await pharmacyClient(second.endpointOf('pharmacy')).send(prescription)).toEqual(sent);
  side.now += 60 * minute;
  await until(() => side.webhooks.length === 2);
  expect(told().map(([, , word]) => word)).toEqual(['verified', 'dispensed']);
  await second.stop();
  await rm(folder, { recursive: true });
});
