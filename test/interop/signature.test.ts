import { isSigned, sign } from '../../interop/signature.ts';

const secret = 'a secret of at least thirty-two characters';
const body = Buffer.from('{"id":"evt_1","at":"2026-10-06T21:04:00Z"}');
const now = Date.UTC(2026, 9, 6, 21, 4);
const good = sign(secret, body, now);

test('what the partner signed is believed, up to five minutes either way', () => {
  expect(isSigned(secret, body, good, now)).toBe(true);
  expect(isSigned(secret, body, good, now + 300_000)).toBe(true);
  expect(isSigned(secret, body, good, now - 300_000)).toBe(true);
});

test('an old message sent again is not', () => {
  expect(isSigned(secret, body, good, now + 301_000)).toBe(false);
  expect(isSigned(secret, body, good, now - 301_000)).toBe(false);
});

test('one byte more, another stamp or another secret is not', () => {
  expect(isSigned(secret, Buffer.concat([body, Buffer.from(' ')]), good, now)).toBe(false);
  expect(isSigned(secret, body, good.replace(/t=\d+/, `t=${now / 1_000 + 60}`), now)).toBe(false);
  expect(isSigned('another secret of thirty-two characters', body, good, now)).toBe(false);
});

test.each(['', 't=1', 'v1=00', `t=${now / 1_000},v1=`, `t=x,v1=${'0'.repeat(64)}`, `${good},v1=00`])(
  'a header like "%s" is not',
  (header) => {
    expect(isSigned(secret, body, header, now)).toBe(false);
  },
);
