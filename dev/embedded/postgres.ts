import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { installedBinaries, sharedBinaries } from './postgres-binaries.ts';
import { claimHome, type Home, homeFor, prepareData, releaseHome, removeHome } from './postgres-data.ts';
import { isAlive, killServer, stopOrphan, stopServer } from './postgres-process.ts';

/** A running PostgreSQL of our own, on the loopback address only. */
export interface EmbeddedPostgres {
  readonly host: string;
  readonly port: number;
  readonly superuserPassword: string;
  readonly pid: number;
  /** Connection string; the superuser's when no role is named. */
  url(database: string, role?: string, password?: string): string;
  /** Shuts it down in good order; the data stay. */
  stop(): Promise<void>;
  /** SIGKILL for the whole server, as a crash would; start it again with the same folder and port. */
  kill(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Starts PostgreSQL on the data of this folder, which it makes when there are none, after stopping what an earlier run left there.
 * A free port is taken unless one is given.
 * @throws Error when the folder is in use, was written by another major version, or the server does not come up (with the end of its log)
 */
export async function startPostgres(options: { readonly folder: string; readonly port?: number }): Promise<EmbeddedPostgres> {
  const home = await homeFor(options.folder);
  await claimHome(home);
  await stopOrphan(home.data);
  const installed = await installedBinaries();
  const binaries = home.user ? await sharedBinaries(installed, home.cache) : installed;
  const superuserPassword = await prepareData(home, binaries);
  const port = options.port ?? (await freePort());
  const pid = await launch(home, binaries.native, port);
  return {
    host,
    port,
    superuserPassword,
    pid,
    url: (database, role = 'postgres', password = superuserPassword) =>
      `postgresql://${encodeURIComponent(role)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`,
    stop: async () => {
      await stopServer(pid);
      await releaseHome(home);
    },
    kill: () => killServer(pid),
    remove: async () => {
      await stopServer(pid);
      await removeHome(home);
    },
  };
}

/** Deletes what a run that was cut off left in this folder, its server first. */
export async function removePostgres(options: { readonly folder: string }): Promise<void> {
  const home = await homeFor(options.folder);
  await stopOrphan(home.data);
  await removeHome(home);
}

function settings(data: string, port: number): string[] {
  const values = {
    listen_addresses: host,
    port,
    unix_socket_directories: '',
    max_connections: 200,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return ['-D', data, ...Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function launch(home: Home, native: string, port: number): Promise<number> {
  const log = openSync(home.log, 'w', 0o600);
  const child = spawn(join(native, 'bin', 'postgres'), settings(home.data, port), {
    ...home.user,
    cwd: home.folder,
    // In a process group of its own, so that Ctrl-C reaches those who use it before it ends.
    detached: true,
    stdio: ['ignore', log, log],
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  closeSync(log);
  child.unref();
  const pid = child.pid ?? (await failed);
  failed.catch(() => undefined);
  await ready(home, pid, () => child.exitCode !== null || child.signalCode !== null);
  return pid;
}

async function ready(home: Home, pid: number, hasEnded: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end && !hasEnded() && isAlive(pid)) {
    const lines = (await readFile(join(home.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return;
    await pause(20);
  }
  if (!hasEnded()) await killServer(pid);
  const tail = (await readFile(home.log, 'utf8')).trimEnd().split('\n').slice(-20).join('\n');
  throw new Error(`PostgreSQL did not start on ${home.data}:\n${tail}`);
}
