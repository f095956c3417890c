import { fromDelivery, toDelivery } from '../../interop/courier/mapping.ts';

const delivery = (status: string, more: object = {}) => ({ id: 'del_1', external_id: 'j1/d1/1', status, ...more });

describe('the courier column of the table in 13.3', () => {
  test.each([
    ['requested', delivery('pending')],
    ['courier-assigned', delivery('pickup')],
    ['courier-assigned', delivery('pickup', { courier_imminent: false })],
    ['at-pharmacy', delivery('pickup', { courier_imminent: true })],
    ['picked-up', delivery('pickup_complete')],
    ['en-route', delivery('dropoff')],
    ['at-door', delivery('dropoff', { courier_imminent: true })],
    ['attempted', delivery('canceled', { undeliverable_reason: 'customer_unavailable' })],
    ['refused', delivery('canceled', { undeliverable_reason: 'customer_rejected_order' })],
    ['cancelled', delivery('canceled')],
    ['cancelled', delivery('canceled', { undeliverable_reason: 'store_closed' })],
    ['returning', delivery('returned')],
    ['returning', delivery('pickup', { id: 'ret_1' })],
    ['returned', delivery('delivered', { id: 'ret_1' })],
    ['delivered', delivery('delivered')],
  ])('%s', (status, told) => expect(fromDelivery(told).status).toBe(status));

  test('a status that we do not know has none of our words', () => expect(fromDelivery(delivery('teleported')).status).toBeUndefined());
});

test('a hand-over to an adult who signed says so', () => {
  const verification = { signature: { image_url: 'https://courier.example/proofs/proof-1' }, identification: { min_age_verified: true } };
  expect(fromDelivery(delivery('delivered', { dropoff: { verification } }))).toEqual({
    externalId: 'del_1',
    status: 'delivered',
    recipientKind: 'adult',
    proofRef: 'proof-1',
  });
});

test('a courier learns who, where, when and how to handle it, and nothing else (R-34)', () => {
  const asked = toDelivery({
    key: 'j1/courier.d1.1',
    reference: 'j1/d1/1',
    pickupId: 'pharmacy-1',
    recipient: { name: 'Robin Doe', address: '1 Pine Street, Seattle' },
    window: { from: 0, to: 7_200_000 },
    handling: ['adultSignature', 'coldChain'],
  });
  expect(asked).toEqual({
    external_id: 'j1/d1/1',
    idempotency_key: 'j1/courier.d1.1',
    pickup_business_id: 'pharmacy-1',
    pickup_ready_dt: '1970-01-01T00:00:00.000Z',
    dropoff_name: 'Robin Doe',
    dropoff_address: '1 Pine Street, Seattle',
    dropoff_deadline_dt: '1970-01-01T02:00:00.000Z',
    manifest_items: [{ name: 'Parcel', quantity: 1, temperature: 'cold' }],
    dropoff_verification: { signature_requirement: { enabled: true }, identification: { min_age: 18 } },
  });
});
