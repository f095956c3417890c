import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { payloadCodec } from '../../workflows/codec.ts';

const key = randomBytes(32);
const payloads = [{ rxId: 'p1', text: 'penicillin' }, undefined, 'ünï', Buffer.from([0, 1, 255])].map((value) =>
  defaultPayloadConverter.toPayload(value),
);

test('what was sealed comes back as it was, and cannot be read meanwhile', async () => {
  const codec = payloadCodec(key);
  const sealed = await codec.encode(payloads);
  expect(JSON.stringify(sealed.map(({ data }) => Buffer.from(data ?? []).toString('latin1')))).not.toContain('penicillin');
  const opened = await codec.decode(sealed);
  expect(opened.map((payload) => defaultPayloadConverter.fromPayload(payload))).toEqual(
    payloads.map((payload) => defaultPayloadConverter.fromPayload(payload)),
  );
});

test('two seals of the same differ', async () => {
  const [first] = await payloadCodec(key).encode(payloads);
  const [second] = await payloadCodec(key).encode(payloads);
  expect(first?.data).not.toEqual(second?.data);
});

test('another key, a changed byte, or no seal at all is not opened', async () => {
  const [sealed] = await payloadCodec(key).encode(payloads);
  if (!sealed?.data) throw new Error('nothing was sealed');
  await expect(payloadCodec(randomBytes(32)).decode([sealed])).rejects.toThrow();
  const changed = Buffer.from(sealed.data);
  changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
  await expect(payloadCodec(key).decode([{ ...sealed, data: changed }])).rejects.toThrow();
  await expect(payloadCodec(key).decode(payloads)).rejects.toThrow('not sealed');
});
