import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './postgres-binaries.ts';
import { commandOf, isAlive, stopOrphan } from './postgres-process.ts';

/** Where a server keeps its things, and as whom it runs. */
export interface Home {
  /** What the caller named; holds the password. */
  readonly folder: string;
  /** Where the server's own files stand. */
  readonly base: string;
  readonly data: string;
  readonly log: string;
  /** Holds programs that every user may run. */
  readonly cache: string;
  /** The ordinary user to run as; undefined when we are one ourselves. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

const cache = '/var/cache/caretrail';
const run = promisify(execFile);

/**
 * The home of a folder: the folder itself, or, as root, a place under a cache that an ordinary user can reach, because PostgreSQL
 * refuses to run as root. @throws Error when root finds no ordinary user
 */
export async function homeFor(folder: string): Promise<Home> {
  const full = resolve(folder);
  await mkdir(full, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) return { folder: full, base: full, data: join(full, 'data'), log: join(full, 'postgres.log'), cache: full };
  const base = join(cache, createHash('sha256').update(full).digest('hex').slice(0, 16));
  const home = { folder: full, base, data: join(base, 'data'), log: join(base, 'postgres.log'), cache, user: await ordinaryUser() };
  await linkHome(home);
  return home;
}

async function ordinaryUser(): Promise<{ uid: number; gid: number }> {
  const nobody = (await readFile('/etc/passwd', 'utf8')).split('\n').find((line) => line.startsWith('nobody:'));
  const [, , uid, gid] = nobody?.split(':') ?? [];
  if (!uid || !gid)
    throw new Error('PostgreSQL does not run as root, and there is no user "nobody" to run it as: start as an ordinary user');
  return { uid: Number(uid), gid: Number(gid) };
}

/** The link in the folder stands for the data: whoever deleted the folder wanted those gone too. */
async function linkHome(home: Home): Promise<void> {
  const link = join(home.folder, 'data');
  if (await lstat(link).catch(() => undefined)) return;
  await stopOrphan(home.data);
  await rm(home.base, { recursive: true, force: true });
  await symlink(home.data, link);
}

async function makeBase(home: Home): Promise<void> {
  await mkdir(home.base, { recursive: true });
  if (!home.user) return;
  // Whatever the umask says, the ordinary user must get through.
  for (const path of [home.cache, home.base]) await chmod(path, 0o755);
}

/** Writes down that this process runs the server. @throws Error when another living process does */
export async function claimHome(home: Home): Promise<void> {
  const file = join(home.folder, 'supervisor.pid');
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (pid > 0 && pid !== process.pid && isAlive(pid) && commandOf(pid).includes('node')) {
    throw new Error(`the PostgreSQL in ${home.folder} is in use by process ${pid}: stop that first`);
  }
  await makeBase(home);
  await writeFile(file, String(process.pid));
}

/** Writes down that nobody does any more. */
export async function releaseHome(home: Home): Promise<void> {
  await rm(join(home.folder, 'supervisor.pid'), { force: true });
}

/**
 * Makes the data when there are none. Returns the superuser's password.
 * @throws Error for data of another version, or without a password
 */
export async function prepareData(home: Home, binaries: Binaries): Promise<string> {
  const secret = join(home.folder, 'postgres-password');
  const found = await readFile(join(home.data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (found === undefined) return initialise(home, binaries, secret);
  const major = binaries.version.split('.')[0];
  if (found.trim() !== major) {
    const remedy = 'dump and restore them, or delete the folder';
    throw new Error(`the data in ${home.folder} are of PostgreSQL ${found.trim()}, the installed one is ${major}: ${remedy}`);
  }
  return readFile(secret, 'utf8').catch((cause) => {
    throw new Error(`the superuser's password is missing: ${secret}`, { cause });
  });
}

async function initialise(home: Home, binaries: Binaries, secret: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const work = join(home.base, 'new');
  const draft = join(work, 'data');
  const handed = join(work, 'password');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o700 });
  await writeFile(handed, password, { mode: 0o600 });
  if (home.user) for (const path of [work, handed]) await chown(path, home.user.uid, home.user.gid);
  const rules = ['--auth=scram-sha-256', '--username=postgres', `--pwfile=${handed}`, '--encoding=UTF8', '--locale=C'];
  await run(join(binaries.native, 'bin', 'initdb'), [`--pgdata=${draft}`, ...rules], { ...home.user, cwd: work }).catch((cause) => {
    throw new Error(`PostgreSQL could not make its data in ${draft}: ${cause.stderr}`, { cause });
  });
  await rm(secret, { force: true });
  await writeFile(secret, password, { mode: 0o600 });
  // Last, so that a start cut short before leaves nothing that looks like data.
  await rename(draft, home.data);
  await rm(work, { recursive: true });
  return password;
}

/** Deletes the data and the password. */
export async function removeHome(home: Home): Promise<void> {
  for (const name of ['data', 'postgres-password', 'supervisor.pid', 'postgres.log']) {
    await rm(join(home.folder, name), { recursive: true, force: true });
  }
  if (home.user) await rm(home.base, { recursive: true, force: true });
}
