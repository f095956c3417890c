import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { removePostgres } from '../../dev/embedded/postgres.ts';
import { testFolder } from './postgres.ts';

/** The project's files in a folder of their own, with the packages, the build and the Temporal server that setup has fetched. */
export interface Checkout {
  readonly folder: string;
  /** Runs a command to its end. Returns what it printed. @throws when it fails */
  run(command: string, args: readonly string[], input?: string): string;
  /** Starts `npm start` and waits for a line. Returns all that it has printed and what interrupts it as Ctrl-C would. */
  start(args: readonly string[], line: string): Promise<{ readonly printed: () => string; readonly interrupt: () => Promise<void> }>;
  remove(): Promise<void>;
}

export function createCheckout(label: string): Checkout {
  const folder = testFolder(label);
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' }).trim().split('\n');
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  for (const built of ['dist', 'web/dist']) cpSync(built, join(folder, built), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, '.caretrail'));
  symlinkSync(resolve('.caretrail/temporal'), join(folder, '.caretrail/temporal'));
  const env = { ...process.env, NODE_OPTIONS: '' };
  return {
    folder,
    run: (command, args, input) =>
      execFileSync(command, args, { cwd: folder, env, encoding: 'utf8', ...(input !== undefined && { input }) }),
    start: (args, line) => start(folder, env, args, line),
    async remove() {
      await removePostgres({ folder: join(folder, '.caretrail/postgres') });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const patienceMs = 200_000;

async function start(folder: string, env: NodeJS.ProcessEnv, args: readonly string[], line: string) {
  const child = spawn('npm', ['start', ...args], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const reached = new Promise<void>((done, fail) => {
    const take = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (printed.includes(line)) done();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const late = setTimeout(() => fail(new Error(`no line "${line}" within ${patienceMs / 1_000} s:\n${printed}`)), patienceMs);
    late.unref();
    void ended.then(() => fail(new Error(`npm start ended before the line "${line}":\n${printed}`)));
  });
  await reached;
  const interrupt = async (): Promise<void> => {
    if (child.pid) process.kill(-child.pid, 'SIGINT');
    await ended;
  };
  return { printed: () => printed, interrupt };
}

/** Command lines of living processes that name a folder. */
export function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((command) => command.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
