import { randomBytes, randomUUID } from 'node:crypto';
import { KeyDestroyed, type Vault } from '../ports.ts';
import type { Database } from './pool.ts';
import { commitTo, seal, unseal } from './sealing.ts';

interface KeyRow {
  readonly keyId: string;
  /** Null once the key is destroyed; the row stays, so that the subject never gets another. */
  readonly wrapped: Buffer | null;
}

interface TextRow extends KeyRow {
  readonly stream: string;
  readonly sealed: Buffer;
}

interface Key {
  readonly id: string;
  readonly secret: Buffer;
}

const isReference = (reference: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(reference);
const keyBinding = (subject: string, keyId: string) => `${subject}\n${keyId}`;
const textBinding = (stream: string, reference: string) => `${stream}\n${reference}`;

/**
 * The vault over a pool of the writer's role; the master key of 32 bytes wraps the key of each subject. No key is remembered between
 * calls, so that one destroyed anywhere is destroyed everywhere. A subject whose key was destroyed gets no other: `register` throws
 * KeyDestroyed too.
 */
export function openVault(writer: Database, masterKey: Buffer): Vault {
  return {
    register: async (subject) => (await keyOf(writer, masterKey, subject)).id,
    put: (subject, stream, text) => put(writer, masterKey, { subject, stream, text }),
    get: (subject, reference) => get(writer, masterKey, subject, reference),
    destroyKey: async (subject) => {
      await writer.query(
        `INSERT INTO vault_keys (subject, key_id, destroyed_at) VALUES ($1, $2, now())
         ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = coalesce(vault_keys.destroyed_at, now())`,
        [subject, randomUUID()],
      );
    },
  };
}

async function keyOf(database: Database, masterKey: Buffer, subject: string): Promise<Key> {
  const text = 'SELECT key_id AS "keyId", wrapped FROM vault_keys WHERE subject = $1';
  const found = await database.query<KeyRow>(text, [subject]);
  if (found.rows[0]) return unwrap(masterKey, subject, found.rows[0]);
  const id = randomUUID();
  const wrapped = seal(masterKey, randomBytes(32), keyBinding(subject, id));
  await database.query('INSERT INTO vault_keys (subject, key_id, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    subject,
    id,
    wrapped,
  ]);
  // Another caller may have been first.
  const made = await database.query<KeyRow>(text, [subject]);
  return unwrap(masterKey, subject, made.rows[0] ?? { keyId: id, wrapped: null });
}

function unwrap(masterKey: Buffer, subject: string, { keyId, wrapped }: KeyRow): Key {
  if (!wrapped) throw new KeyDestroyed('the key of this subject has been destroyed');
  return { id: keyId, secret: unseal(masterKey, wrapped, keyBinding(subject, keyId)) };
}

async function put(
  database: Database,
  masterKey: Buffer,
  { subject, stream, text }: Record<'subject' | 'stream' | 'text', string>,
): Promise<string> {
  const { secret } = await keyOf(database, masterKey, subject);
  const reference = randomUUID();
  const bound = textBinding(stream, reference);
  const values = [reference, subject, stream, seal(secret, Buffer.from(text), bound), commitTo(secret, text, bound)];
  await database.query('INSERT INTO vault_texts (reference, subject, stream, sealed, commitment) VALUES ($1, $2, $3, $4, $5)', values);
  return reference;
}

async function get(database: Database, masterKey: Buffer, subject: string, reference: string): Promise<string | undefined> {
  if (!isReference(reference)) return undefined;
  const { rows } = await database.query<TextRow>(
    `SELECT t.stream, t.sealed, k.key_id AS "keyId", k.wrapped FROM vault_texts t JOIN vault_keys k USING (subject)
     WHERE t.reference = $1 AND t.subject = $2`,
    [reference, subject],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { secret } = unwrap(masterKey, subject, row);
  return unseal(secret, row.sealed, textBinding(row.stream, reference)).toString('utf8');
}
