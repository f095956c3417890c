import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** One measure of the bench. */
export interface Measured {
  /** Ours and the baseline in the same unit; the ratio says how much of the baseline ours reaches, unless the measure says otherwise. */
  readonly ours: number;
  readonly baseline: number;
  readonly ratio: number;
  readonly unit: string;
  /** Processor time for each command, by process. */
  readonly cpuMsPerCommand?: Readonly<Record<string, number>>;
  /** What else is worth knowing, by name. */
  readonly more?: Readonly<Record<string, number>>;
}

/** Two figures of one unit, rounded to what they are worth. */
export const compared = (ours: number, baseline: number, unit: string): Measured => ({
  ours: rounded(ours),
  baseline: rounded(baseline),
  ratio: rounded(ours / baseline),
  unit,
});

/** Three significant digits. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const inOrder = values.toSorted((a, b) => a - b);
  return inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * share))] ?? 0;
}

/** The value that half of the values lie below. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Milliseconds of one tick of the kernel's accounting; 100 ticks a second on every Linux. */
const tickMs = 10;

/** Processor time that processes and all below them have used, in milliseconds; nobody is counted twice. @throws Error where there is no /proc */
export async function cpuMs(...roots: readonly number[]): Promise<number> {
  const all = await processes();
  const family = (root: number): number[] => [root, ...all.filter(({ parent }) => parent === root).flatMap((child) => family(child.pid))];
  const pids = new Set(roots.flatMap(family));
  return all.filter((known) => pids.has(known.pid)).reduce((sum, { ticks }) => sum + ticks * tickMs, 0);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

async function processes(): Promise<readonly Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return found.filter(Boolean).map((line) => {
    // The name in brackets may hold blanks.
    const fields = line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    // Its own time, and that of its children that have ended: else it would seem to go back with each of them.
    const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + (fields[field] ?? 0), 0);
    return { pid: Number.parseInt(line, 10), parent: fields[1] ?? 0, ticks };
  });
}

/** Watches how much of the machine others use meanwhile. */
interface Quiet {
  /** Share of all processors, 0 to 1, that went to processes that are not ours. */
  end(): Promise<number>;
}

/** Above this share a window is measured again. */
const mostDisturbed = 0.15;

/** Begins to watch; `ours` are the roots of our own processes. */
async function watchQuiet(ours: readonly number[]): Promise<Quiet> {
  const [began, used, own] = [performance.now(), await busyMs(), await cpuMs(...ours)];
  return {
    async end() {
      const foreign = (await busyMs()) - used - ((await cpuMs(...ours)) - own);
      return Math.max(0, foreign) / ((performance.now() - began) * cpus().length);
    },
  };
}

async function busyMs(): Promise<number> {
  const [first = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0] = first.trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + soft) * tickMs;
}

/** What the person who asks for the bench may say. */
export interface Wishes {
  /** Times that a disturbed window is measured at most. */
  readonly tries: number;
  /** Windows of each side that are measured in turn, where a measure takes several. */
  readonly rounds: number;
  /** How long such a window is, in milliseconds. */
  readonly windowMs: number;
  /** Open journeys that are to be served again after everything was killed. */
  readonly journeys: number;
}

/** What a window gave, and the share of the machine that others used meanwhile. */
export interface Undisturbed<T> {
  readonly result: T;
  readonly foreign: number;
}

/** Measures a window, again while somebody else is busy on the machine; the least disturbed counts. @throws what the window throws */
export async function undisturbed<T>(ours: readonly number[], { tries }: Wishes, window: () => Promise<T>): Promise<Undisturbed<T>> {
  let best: Undisturbed<T> | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const quiet = await watchQuiet(ours);
    const result = await window();
    const foreign = await quiet.end();
    if (!best || foreign < best.foreign) best = { result, foreign };
    if (foreign <= mostDisturbed || attempt >= tries) return best;
  }
}
