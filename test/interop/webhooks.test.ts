import { commands } from '../../domain/journey/index.ts';
import { parseReference, referenceOf } from '../../interop/port.ts';
import { commandOf, type ReceivedMessage } from '../../interop/webhooks.ts';

const at = '2026-10-06T21:04:00.000Z';
const receivedAt = Date.parse(at) + 1_000;
const received = (source: string, body: object): ReceivedMessage => ({ source, externalId: 'x-1', body, receivedAt });
const pharmacy = (more: object) => received('pharmacy', { id: 'x-1', reference: 'j1/p1', at, ...more });
const courier = (data: object, more: object = {}) =>
  received('courier', {
    kind: 'event.delivery_status',
    id: 'x-1',
    created: at,
    data: { id: 'del_1', external_id: 'j1/d1/2', ...data },
    ...more,
  });
const receipt = (kind: string) =>
  received('notices', {
    id: 'x-1',
    kind,
    created: at,
    notice: { channel: 'push', template: { name: 'checkIn', version: 1 }, metadata: { reference: 'j1/n1', recipientRole: 'P' } },
  });

/** The command's type and data; the data must be such as the journey takes. */
function told(message: ReceivedMessage): readonly [string, unknown] {
  const mapped = commandOf(message);
  if (mapped.to !== 'command') throw new Error(`no command: ${JSON.stringify(mapped)}`);
  const { type, data } = mapped.message;
  expect(commands[type]?.data.safeParse(data).error).toBeUndefined();
  return [type, data];
}

test('the command carries the id of the message, the partner and the instant that it names', () => {
  expect(commandOf(pharmacy({ kind: 'status', status: 'verified', pharmacy: 'pharmacy-1' }))).toEqual({
    to: 'command',
    journeyId: 'j1',
    message: {
      id: 'pharmacy:x-1',
      type: 'RecordPharmacyStatus',
      data: { rxId: 'p1', status: 'verified', pharmacyId: 'pharmacy-1' },
      actor: { kind: 'partner', id: 'pharmacy', role: 'A' },
      source: 'inbox',
      occurredAt: Date.parse(at),
      causationId: 'pharmacy:x-1',
    },
  });
});

test('nothing happened after we heard of it, whatever a partner says', () => {
  const mapped = commandOf({ ...pharmacy({ kind: 'status', status: 'verified' }), receivedAt: Date.parse(at) - 5_000 });
  expect(mapped).toMatchObject({ message: { occurredAt: Date.parse(at) - 5_000 } });
});

describe('a pharmacy', () => {
  test.each([
    'verified',
    'rejected',
    'stock-out',
    'ready',
    'picked-up',
    'transferred',
    'prior-authorisation-required',
    'prior-authorisation-decided',
  ])('may say %s', (status) =>
    expect(told(pharmacy({ kind: 'status', status }))).toEqual(['RecordPharmacyStatus', { rxId: 'p1', status }]),
  );

  test.each(['dispensed', 'partial', 'not-dispensed', 'returned-to-stock'])('may say %s of a fill', (outcome) => {
    const fill = { outcome, ndc: '00093-4150-73', quantity: 20, patientCents: 0 };
    expect(told(pharmacy({ kind: 'dispense', ...fill }))).toEqual(['RecordDispense', { rxId: 'p1', ...fill }]);
  });
});

describe('a courier', () => {
  test('names the leg by the third part of our reference', () => {
    expect(told(courier({ status: 'pickup' }))).toEqual([
      'RecordDeliveryStatus',
      { deliveryId: 'd1', leg: 2, status: 'courier-assigned', vendor: 'courier', externalId: 'del_1' },
    ]);
  });

  test('gives up with a reason', () => {
    expect(told(courier({ status: 'canceled', undeliverable_reason: 'customer_unavailable' }))).toMatchObject([
      'RecordDeliveryStatus',
      { status: 'attempted', reason: 'customer-unavailable' },
    ]);
  });

  test('that has only taken it says nothing new', () => expect(commandOf(courier({ status: 'pending' }))).toEqual({ to: 'ignored' }));

  test('with a word that we do not know is set aside', () =>
    expect(commandOf(courier({ status: 'teleported' }))).toEqual({ to: 'parked', reason: 'status-unknown' }));
});

test('a receipt tells whether a notice arrived', () => {
  const notice = { noticeId: 'n1', kind: 'checkIn', recipientRole: 'P', channel: 'push', textVersion: 1 };
  expect(told(receipt('delivered'))).toEqual(['RecordNotice', { ...notice, status: 'delivered' }]);
  expect(told(receipt('bounced'))).toEqual(['RecordNotice', { ...notice, status: 'failed' }]);
});

test.each([
  ['source-unknown', received('weather', {})],
  ['source-unknown', received('constructor', {})],
  ['unreadable', received('pharmacy', { unreadable: 'e30=' })],
  ['unreadable', pharmacy({ kind: 'status', status: 'verified', at: 'yesterday' })],
  ['reference-unknown', pharmacy({ kind: 'status', status: 'verified', reference: 'p1' })],
  ['reference-unknown', pharmacy({ kind: 'status', status: 'verified', reference: 'j1/p1/1/x' })],
  ['reference-unknown', pharmacy({ kind: 'status', status: 'verified', reference: '../p1' })],
])('what no command can be made of is set aside: %s', (reason, message) => expect(commandOf(message)).toEqual({ to: 'parked', reason }));

test('a reference comes back as it was given', () => {
  const reference = { journeyId: 'j1', entityId: 'd1', part: '2' };
  expect(parseReference(referenceOf(reference))).toEqual(reference);
  expect(parseReference('j1/p1')).toEqual({ journeyId: 'j1', entityId: 'p1' });
});
