import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyFile } from '../store/key-file.ts';
import type { RolePasswords } from '../store/postgres/cluster.ts';

/** Made once for this checkout and kept where only its owner may read them. */
export interface Secrets {
  readonly passwords: RolePasswords;
  readonly partnerSecret: string;
  readonly keyFile: string;
}

const secret = (): string => randomBytes(24).toString('base64url');

/** The secrets in a folder; makes them the first time. */
export async function openSecrets(folder: string): Promise<Secrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'secrets.json');
  const keyFile = join(folder, 'vault.key');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return { ...(JSON.parse(known) as Omit<Secrets, 'keyFile'>), keyFile };
  await createKeyFile(keyFile).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const made = { passwords: { owner: secret(), writer: secret(), projector: secret(), api: secret() }, partnerSecret: secret() + secret() };
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return { ...made, keyFile };
}
