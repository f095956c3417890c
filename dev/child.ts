import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandOf, isAlive, killServer } from './embedded/postgres-process.ts';

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Ends it in good order, or with force after ten seconds. */
  stop(): Promise<void>;
}

/** Which process was started last with a log file. */
interface Started {
  readonly pid: number;
  readonly script: string;
}

/** Ends the processes whose logs stand in this folder and whose parent was killed, so that nobody ended them. */
export async function stopOrphans(logs: string): Promise<void> {
  const names = (await readdir(logs)).filter((name) => name.endsWith('.pid'));
  for (const name of names) {
    const { pid, script } = JSON.parse(await readFile(join(logs, name), 'utf8')) as Started;
    if (isAlive(pid) && commandOf(pid).includes(script)) await killServer(pid);
    await rm(join(logs, name));
  }
}

/** Starts one of our own processes with its output in a log file. */
export async function startChild(name: string, script: string, env: Readonly<Record<string, string>>, log: string): Promise<Child> {
  await mkdir(dirname(log), { recursive: true });
  const file = openSync(log, 'a', 0o600);
  // Ctrl-C must reach this process alone: it stops its children one after the other.
  const child = spawn(process.execPath, [script], { env: { ...process.env, ...env }, stdio: ['ignore', file, file], detached: true });
  closeSync(file);
  if (child.pid !== undefined) await writeFile(`${log}.pid`, JSON.stringify({ pid: child.pid, script } satisfies Started));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killAtExit = (): void => void (child.exitCode === null && child.kill('SIGKILL'));
  process.once('exit', killAtExit);
  child.once('exit', () => process.removeListener('exit', killAtExit));
  return {
    name,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = await Promise.race([ended, pause(10_000, 'late', { ref: false })]);
      if (late === 'late') child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Waits until an address answers with success. @throws Error with the end of the log when the process ends first or takes too long */
export async function answers(url: string, child: Child, log: string, patienceMs = 60_000): Promise<void> {
  const until = Date.now() + patienceMs;
  while (Date.now() < until && child.process.exitCode === null && child.process.signalCode === null) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await pause(100);
  }
  const tail = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-15).join('\n');
  throw new Error(`${child.name} did not come up:\n${tail}`);
}
