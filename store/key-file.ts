import { hkdfSync, randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';

const keyBytes = 32;

/**
 * Makes a master key for the vault and writes it where only its owner may read it. Returns the key.
 * @throws Error when the file is there already
 */
export async function createKeyFile(path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes);
  await writeFile(path, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

/** The master key in this file. @throws Error when it is missing, open to others, or no key of 32 bytes */
export async function loadKeyFile(path: string): Promise<Buffer> {
  const { mode } = await stat(path);
  const isOpenToOthers = (mode & 0o077) !== 0;
  if (process.platform !== 'win32' && isOpenToOthers) throw new Error(`others can read the key file ${path}: give it the mode 0600`);
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64');
  if (key.length !== keyBytes) throw new Error(`the key file ${path} does not hold a key of ${keyBytes} bytes`);
  return key;
}

/** A key of its own for one purpose, derived from the master key. */
export const keyFor = (masterKey: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', masterKey, '', purpose, keyBytes));

/** Keys the commitments that events keep of the texts behind their references. */
export const commitmentKeyOf = (masterKey: Buffer): string => keyFor(masterKey, 'caretrail message commitments').toString('base64');
