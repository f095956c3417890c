import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts with a fresh nonce; `bound` must be given again to open it. Returns nonce, tag and ciphertext as one. */
export function seal(key: Buffer, plain: Buffer, bound: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(bound));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Decrypts what `seal` made. @throws Error when the key or what it is bound to is another, or it was changed */
export function unseal(key: Buffer, sealed: Buffer, bound: string): Buffer {
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(bound)).setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
}

/** What lets the holder of the key, and nobody else, show later that a text was this one. */
export function commitTo(key: Buffer, text: string, bound: string): Buffer {
  // A key of its own: none serves two algorithms.
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'caretrail commitment', 32));
  return createHmac('sha256', derived).update(`${bound}\n${text}`).digest();
}
