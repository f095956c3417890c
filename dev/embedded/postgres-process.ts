import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child that nobody has waited for yet is dead all the same.
    return statOf(pid)?.state !== 'Z';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, '' when it is gone. */
export function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function statOf(pid: number | string): { readonly state: string; readonly parent: number } | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function childrenOf(parent: number): number[] {
  if (process.platform === 'linux') {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => statOf(pid)?.parent === parent).map(Number);
  }
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return rows.map((row) => row.trim().split(/\s+/).map(Number)).flatMap(([pid, ppid]) => (ppid === parent && pid ? [pid] : []));
}

/** SIGKILL for the server and all that it started; returns when they are gone. @throws Error when they stay */
export async function killServer(pid: number): Promise<void> {
  const all = [pid, ...childrenOf(pid)];
  for (const one of all) signal(one, 'SIGKILL');
  await gone(all, 10_000);
}

/** Ends the server in good order, by force when it takes longer than ten seconds. */
export async function stopServer(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  await gone([pid], 10_000).catch(() => killServer(pid));
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function gone(pids: readonly number[], patience: number): Promise<void> {
  const end = Date.now() + patience;
  while (pids.some(isAlive)) {
    if (Date.now() > end) throw new Error(`processes ${pids.filter(isAlive).join(', ')} do not end`);
    await pause(10);
  }
}

/** Stops a server that an earlier run left on this data, and takes away the lock file of one that died. */
export async function stopOrphan(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid > 0 && isAlive(pid) && commandOf(pid).includes(data)) await stopServer(pid);
  await rm(lock, { force: true });
}
