// Encrypts whatever the runner keeps. Used by workers and clients, never inside the sandbox.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const encoding = Buffer.from('binary/caretrail-sealed');

/**
 * Seals payloads with AES-256-GCM under a key made from the master key. What was not sealed with it is not opened either, so that
 * nobody without the key can give a command through the runner.
 */
export function payloadCodec(masterKey: Buffer): PayloadCodec {
  // A key of its own: none serves two purposes.
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'caretrail payloads', 32));
  return {
    encode: async (payloads) => payloads.map((payload) => ({ metadata: { encoding }, data: seal(key, plainOf(payload)) })),
    decode: async (payloads) =>
      payloads.map(({ metadata, data }) => {
        const isSealed = metadata?.encoding && encoding.equals(metadata.encoding);
        if (!isSealed || !data) throw new Error('a payload of the runner is not sealed with our key');
        return payloadOf(unseal(key, Buffer.from(data)));
      }),
  };
}

/** Length of the head, the head (metadata in base64 as JSON), then the data as they are. */
function plainOf({ metadata, data }: Payload): Buffer {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  // A result of nothing comes with an empty list in place of bytes.
  return Buffer.concat([length, head, Buffer.from(data ?? [])]);
}

function payloadOf(plain: Buffer): Payload {
  const dataAt = 4 + plain.readUInt32BE(0);
  const head = JSON.parse(plain.toString('utf8', 4, dataAt)) as Readonly<Record<string, string>>;
  const metadata = Object.fromEntries(Object.entries(head).map(([name, value]) => [name, Buffer.from(value, 'base64')]));
  return { metadata, data: plain.subarray(dataAt) };
}

function seal(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function unseal(key: Buffer, sealed: Buffer): Buffer {
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
}
