import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint } from '../../dev/setup-build.mjs';
import { command } from '../../dev/setup-command.mjs';
import { samePackages } from '../../dev/setup-packages.mjs';
import { findTemporal, firstThatWorks } from '../../dev/setup-temporal.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'caretrail-setup-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** A `temporal` that answers nothing but what its version is. */
async function fakeTemporal(folder: string, server: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'temporal');
  await writeFile(path, `#!/bin/sh\necho "temporal version 1.0.0 (Server ${server}, UI 2.0.0)"\n`);
  await chmod(path, 0o755);
  return path;
}

const fails = (reason: string) => async () => {
  throw new Error(reason);
};

describe('packages', () => {
  const locked = {
    '': { name: 'caretrail' },
    'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' },
    'node_modules/@swc/core-darwin-arm64': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  };
  const installed = { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' } };

  test('those of the lock file are taken as they are, without those for other platforms', () => {
    expect(samePackages(locked, installed)).toBe(true);
  });

  test.each([
    ['one is missing', {}],
    ['one has another version', { 'node_modules/zod': { version: '3.0.0', integrity: 'sha512-a' } }],
    ['one has other content', { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-x' } }],
    ['one is no longer in the lock file', { ...installed, 'node_modules/left-pad': { version: '1.0.0', integrity: 'sha512-c' } }],
  ])('they are installed anew when %s', (_, other) => {
    expect(samePackages(locked, other)).toBe(false);
  });
});

describe('the Temporal server', () => {
  test('at the address in the environment needs nothing else', async () => {
    const found = await findTemporal(root, { CARETRAIL_TEMPORAL_ADDRESS: 'temporal.example.org:7233', PATH: '' });
    expect(found).toEqual({ source: 'CARETRAIL_TEMPORAL_ADDRESS', address: 'temporal.example.org:7233' });
  });

  test('on the PATH is taken before the copy', async () => {
    const path = await fakeTemporal(join(root, 'bin'), '1.29.1');
    await fakeTemporal(join(root, '.caretrail/temporal'), '1.32.0');
    const found = await findTemporal(root, { PATH: join(root, 'bin') });
    expect(found).toEqual({ source: 'temporal on the PATH', path, version: 'temporal version 1.0.0 (Server 1.29.1, UI 2.0.0)' });
  });

  test('on the PATH is passed over when it is too old', async () => {
    await fakeTemporal(join(root, 'bin'), '1.27.2');
    const path = await fakeTemporal(join(root, '.caretrail/temporal'), '1.28.0');
    const found = await findTemporal(root, { PATH: join(root, 'bin') });
    expect(found).toMatchObject({ source: 'the copy in .caretrail', path });
  });

  test('is looked for until one try succeeds', async () => {
    const told: string[] = [];
    const tries = [
      ['first', fails('not set')],
      ['second', fails('not found')],
      ['third', fails('not there')],
      ['fourth', fails('long story\nrefused')],
      ['fifth', async () => 'here'],
      ['sixth', fails('never asked')],
    ];
    expect(await firstThatWorks(tries, (line: string) => told.push(line))).toEqual({ source: 'fifth', taken: 'here' });
    expect(told).toEqual(['fourth: refused']);
  });

  test('that cannot be had is an error that names each try', async () => {
    const tries = [
      ['PATH', fails('not found')],
      ['pip', fails('no network')],
    ];
    await expect(firstThatWorks(tries)).rejects.toThrow(/PATH: not found\n.*pip: no network\n.*CARETRAIL_TEMPORAL_ADDRESS/);
  });

  test('of which a try left a part behind is cleared of it', async () => {
    const cache = join(root, '.caretrail/temporal');
    await fakeTemporal(cache, '1.32.0');
    await mkdir(`${cache}.part-999999999`);
    await writeFile(join(cache, 'temporal.part-999999999'), 'half');
    await findTemporal(root, { PATH: '' });
    expect(await readdir(cache)).toEqual(['temporal']);
    expect(await readdir(join(root, '.caretrail'))).toEqual(['temporal']);
  });
});

describe('the build', () => {
  const write = async (path: string, text: string) => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
    await utimes(join(root, path), 1, 1);
  };

  beforeEach(async () => {
    for (const path of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'config.ts', 'domain/a.ts']) await write(path, '1');
  });

  test.each(['config.ts', 'domain/a.ts', 'domain/new.ts', 'tsconfig.json'])('is made anew after a change of %s', async (path) => {
    const before = await fingerprint(root);
    await write(path, '22');
    expect(await fingerprint(root)).not.toBe(before);
  });

  test('is made anew after a source was deleted', async () => {
    const before = await fingerprint(root);
    await rm(join(root, 'domain/a.ts'));
    expect(await fingerprint(root)).not.toBe(before);
  });

  test.each(['test/a.test.ts', 'docs/a.json', 'dist/domain/b.ts', 'node_modules/a/b.ts', 'README.md'])('does not mind %s', async (path) => {
    const before = await fingerprint(root);
    await write(path, '22');
    expect(await fingerprint(root)).toBe(before);
  });
});

describe('a command', () => {
  test('that is not there is not ok', async () => {
    expect(await command(join(root, 'nothing'), [])).toMatchObject({ ok: false, text: expect.stringContaining('is not installed') });
  });

  test('that takes too long is given up', async () => {
    const answer = await command(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { timeout: 200 });
    expect(answer).toEqual({ ok: false, text: 'no answer within 0.2 s' });
  });

  test('gives back what it printed', async () => {
    expect(await command(process.execPath, ['-e', 'console.log(1); console.error(2); process.exit(3)'])).toMatchObject({ ok: false });
    expect(await command(process.execPath, ['-e', 'console.log(1)'])).toEqual({ ok: true, text: '1' });
  });
});
