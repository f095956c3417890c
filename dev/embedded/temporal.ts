import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { commandOf, isAlive, killServer, stopServer } from './postgres-process.ts';
import { hasAnswered } from './temporal-answer.ts';

/** A Temporal server that answers. */
export interface RunningTemporal {
  readonly address: string;
  /** Where its screens are; only when they were asked for. */
  readonly uiAddress?: string;
  /** Undefined for a server that is not ours. */
  readonly pid?: number;
  /** Shuts it down in good order; what it keeps in a folder stays. A server that is not ours goes on. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would; start it again with the same folder and port. @throws Error for a server that is not ours */
  kill(): Promise<void>;
}

/** Where the server keeps its histories: in a folder, or nowhere once it stops. */
type Keeping = { readonly folder: string; readonly inMemory?: never } | { readonly inMemory: true; readonly folder?: never };

export type TemporalOptions = Keeping & {
  /** The file that takes what the server prints. */
  readonly log: string;
  /** Serves Temporal's own screens too. */
  readonly ui?: boolean;
  /** A free one is taken unless one is given. */
  readonly port?: number;
  /** A server that runs already, taken instead of one of our own. */
  readonly address?: string | undefined;
  /** The `temporal` command; by default the one that dev/setup.mjs found. */
  readonly executable?: string;
};

const host = '127.0.0.1';

/** The one search attribute; without it every workflow task that sets it would be blocked. */
const stage = 'CaretrailStage';

/** The development server is held back for laptops; these limits are high enough never to be met. */
const limits = [
  'frontend.rps',
  'frontend.namespaceRPS',
  'matching.rps',
  'history.rps',
  'frontend.persistenceMaxQPS',
  'matching.persistenceMaxQPS',
  'history.persistenceMaxQPS',
].flatMap((name) => ['--dynamic-config-value', `${name}=100000`]);

/**
 * Starts a Temporal development server on the loopback address, after stopping one that an earlier run left on the same folder,
 * and waits until its namespace answers. With an address, only waits for the server there.
 * @throws Error when it does not answer in time (with the end of its log)
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const found = await foundBySetup();
  const external = options.address ?? (options.executable ? undefined : found?.address);
  if (external) return joinExternal(external);
  const executable = options.executable ?? found?.path;
  if (!executable) throw new Error('no Temporal server is known: run `node dev/setup.mjs`, or set CARETRAIL_TEMPORAL_ADDRESS');
  if (options.folder) await stopOrphan(options.folder);
  const port = options.port ?? (await freePort());
  const uiPort = options.ui ? await freePort() : undefined;
  const pid = await launch(executable, options, flags(options, port, uiPort));
  if (options.folder) await writeFile(pidFile(options.folder), String(pid));
  const killAtExit = (): void => void (isAlive(pid) && process.kill(pid, 'SIGKILL'));
  process.once('exit', killAtExit);
  const address = `${host}:${port}`;
  await ready(address, pid, options.log);
  const ended = (end: (pid: number) => Promise<void>) => async () => {
    process.removeListener('exit', killAtExit);
    if (isAlive(pid)) await end(pid);
  };
  return {
    address,
    ...(uiPort ? { uiAddress: `http://${host}:${uiPort}` } : {}),
    pid,
    stop: ended(stopServer),
    kill: ended(killServer),
  };
}

async function joinExternal(address: string): Promise<RunningTemporal> {
  if (!(await answersWithin(30_000, address, () => true))) throw new Error(`no Temporal server answers at ${address}`);
  return {
    address,
    stop: async () => undefined,
    kill: async () => {
      throw new Error(`the Temporal server at ${address} is not ours to kill`);
    },
  };
}

/** What dev/setup.mjs wrote down, if it has run here. */
async function foundBySetup(): Promise<{ readonly path?: string; readonly address?: string } | undefined> {
  const text = await readFile(resolve('.caretrail/setup.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { temporal: { path?: string; address?: string } }).temporal;
}

function flags({ folder }: TemporalOptions, port: number, uiPort: number | undefined): string[] {
  const listen = ['--ip', host, '--port', String(port), ...(uiPort ? ['--ui-port', String(uiPort)] : ['--headless'])];
  const journal = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'];
  const keep = folder ? ['--db-filename', database(folder), ...journal] : [];
  return ['server', 'start-dev', ...listen, ...keep, '--search-attribute', `${stage}=Keyword`, '--log-level', 'warn', ...limits];
}

async function launch(executable: string, { folder, log }: TemporalOptions, args: readonly string[]): Promise<number> {
  await mkdir(dirname(resolve(log)), { recursive: true });
  if (folder) await mkdir(folder, { recursive: true });
  const file = openSync(log, 'w', 0o600);
  // In a process group of its own, so that Ctrl-C reaches those who use it before it ends.
  const child = spawn(executable, args, { detached: true, stdio: ['ignore', file, file] });
  closeSync(file);
  child.unref();
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const pid = child.pid ?? (await failed);
  failed.catch(() => undefined);
  return pid;
}

async function ready(address: string, pid: number, log: string): Promise<void> {
  if (await answersWithin(60_000, address, () => isAlive(pid))) return;
  if (isAlive(pid)) await killServer(pid);
  const tail = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-20).join('\n');
  throw new Error(`Temporal did not start at ${address}:\n${tail}`);
}

async function answersWithin(patience: number, address: string, isRunning: () => boolean): Promise<boolean> {
  const end = Date.now() + patience;
  while (Date.now() < end && isRunning()) {
    if (await hasAnswered(address)) return true;
    await pause(50);
  }
  return false;
}

/** Ends the server that an earlier run left on this folder: two on one database would spoil it. */
async function stopOrphan(folder: string): Promise<void> {
  const pid = Number(await readFile(pidFile(folder), 'utf8').catch(() => ''));
  if (pid > 0 && isAlive(pid) && commandOf(pid).includes(database(folder))) await stopServer(pid);
  await rm(pidFile(folder), { force: true });
}

const database = (folder: string): string => join(resolve(folder), 'temporal.db');
const pidFile = (folder: string): string => join(folder, 'temporal.pid');
