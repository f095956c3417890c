import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyFile, loadKeyFile } from '../../store/key-file.ts';
import { KeyDestroyed, type Vault } from '../../store/ports.ts';
import { openVault } from '../../store/postgres/vault.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';

let database: TestDatabase;
let vault: Vault;
const masterKey = randomBytes(32);

beforeAll(async () => {
  database = await createDatabase();
  vault = openVault(database.writer, masterKey);
});
afterAll(() => database.drop());

describe('the vault', () => {
  test('gives a text back to its subject only', async () => {
    const reference = await vault.put('p-1', 'journey-1', 'Ana Lopez, 12 Élm Street 🫀');
    expect(await vault.get('p-1', reference)).toBe('Ana Lopez, 12 Élm Street 🫀');
    expect(await vault.get('p-2', reference)).toBeUndefined();
    expect(await vault.get('p-1', 'no-such-reference')).toBeUndefined();
  });

  test('keeps one key per subject, also when two register at once', async () => {
    const [one, two] = await Promise.all([vault.register('p-3'), vault.register('p-3')]);
    expect(one).toBe(two);
    expect(await vault.register('p-4')).not.toBe(one);
  });

  test('stores neither the text nor the key in the clear, and nothing twice the same', async () => {
    await vault.put('p-5', 'journey-5', 'a secret text');
    await vault.put('p-5', 'journey-5', 'a secret text');
    const { rows } = await database.owner.query("SELECT sealed, commitment FROM vault_texts WHERE subject = 'p-5'");
    expect(rows).toHaveLength(2);
    expect(rows[0].sealed.equals(rows[1].sealed)).toBe(false);
    expect(rows[0].commitment.equals(rows[1].commitment)).toBe(false);
    expect(rows[0].sealed.includes('secret')).toBe(false);
  });

  test('cannot be opened with another master key', async () => {
    const reference = await vault.put('p-6', 'journey-6', 'text');
    await expect(openVault(database.writer, randomBytes(32)).get('p-6', reference)).rejects.toThrow();
  });

  test('notices a text that was moved to another stream or reference, or changed', async () => {
    const [one, two] = [await vault.put('p-7', 'journey-7', 'one'), await vault.put('p-7', 'journey-7', 'two')];
    await database.owner.query(
      'UPDATE vault_texts SET sealed = (SELECT sealed FROM vault_texts WHERE reference = $2) WHERE reference = $1',
      [one, two],
    );
    await expect(vault.get('p-7', one)).rejects.toThrow();
    await database.owner.query("UPDATE vault_texts SET stream = 'journey-8' WHERE reference = $1", [two]);
    await expect(vault.get('p-7', two)).rejects.toThrow();
  });

  test('gives nothing once the key is destroyed, while the ciphertext stays', async () => {
    const reference = await vault.put('p-9', 'journey-9', 'text');
    const other = await vault.put('p-10', 'journey-9', 'text');
    await vault.destroyKey('p-9');
    await vault.destroyKey('p-9');
    await expect(vault.get('p-9', reference)).rejects.toThrow(KeyDestroyed);
    await expect(vault.put('p-9', 'journey-9', 'more')).rejects.toThrow(KeyDestroyed);
    await expect(vault.register('p-9')).rejects.toThrow(KeyDestroyed);
    expect(await vault.get('p-10', other)).toBe('text');
    const { rows } = await database.owner.query("SELECT wrapped FROM vault_keys JOIN vault_texts USING (subject) WHERE subject = 'p-9'");
    expect(rows).toEqual([{ wrapped: null }]);
  });
});

describe('the key file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caretrail-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is made once, for its owner only, and gives the same key again', async () => {
    const path = join(folder, 'master.key');
    const key = await createKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await loadKeyFile(path)).toEqual(key);
    await expect(createKeyFile(path)).rejects.toThrow('EEXIST');
  });

  test('is refused when others can read it or it holds no key', async () => {
    const path = join(folder, 'master.key');
    await writeFile(path, 'c2hvcnQ=', { mode: 0o600 });
    await expect(loadKeyFile(path)).rejects.toThrow('32 bytes');
    await chmod(path, 0o644);
    await expect(loadKeyFile(path)).rejects.toThrow('0600');
  });
});
