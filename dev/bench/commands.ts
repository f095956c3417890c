// (a) and (b): commands a second through the runner, against the same workflow whose activities do nothing.
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSender } from '../../workflows/send.ts';
import { firstDayOf, openPlay, type Play } from './caller.ts';
import { compared, cpuMs, type Measured, mostDisturbed, rounded, watchQuiet } from './measure.ts';
import { callers, type Setting } from './setting.ts';
import type { WorkerSetting } from './worker.ts';

const runLength = 4;
const windowMs = 8_000;
const rounds = 3;
const tries = 3;
/** Journeys that are open at once where none is to be found in the worker's memory, and how many it may keep. */
const rotating = { journeys: 160, cached: 16 };
const manyCached = 2_000;

interface Side {
  readonly kind: WorkerSetting['kind'];
  readonly pid: number;
  readonly send: ReturnType<typeof createSender>['send'];
  /** What the activities have answered so far, by the number of the command. */
  steps(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a worker of its own on a task queue of its own. @throws Error when it does not come up */
async function startSide(setting: Setting, kind: WorkerSetting['kind'], label: string, cached: number): Promise<Side> {
  const taskQueue = `bench-${label}-${kind}`;
  const { temporal, keyFile, folder } = setting;
  const told: WorkerSetting = {
    kind,
    taskQueue,
    cached,
    temporal,
    keyFile,
    databaseUrl: setting.databaseUrl('writer'),
    steps: stepsIn(folder),
  };
  const env = { ...process.env, CARETRAIL_BENCH: JSON.stringify(told) };
  // What the runner's worker says of itself is of no interest here; what goes wrong ends the process.
  const child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const heard = (): Promise<unknown> => new Promise((resolve) => child.once('message', resolve));
  const ended = new Promise<never>((_, reject) => child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`))));
  ended.catch(() => undefined);
  await Promise.race([heard(), ended]);
  return {
    kind,
    pid: child.pid ?? 0,
    send: createSender({ client: setting.client, taskQueue, runLength }).send,
    async steps() {
      const answer = heard();
      child.send('steps');
      return answer;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended.catch(() => undefined);
    },
  };
}

const stepsIn = (folder: string): string => join(folder, 'steps.json');

/** Plays one journey for real and keeps what its activities answered, for those that do nothing. */
async function record(setting: Setting): Promise<void> {
  const side = await startSide(setting, 'real', 'recorded', manyCached);
  const play = openPlay({ ...setting, send: side.send, journeyId: 'bench-recorded', cast: setting.castFor(0, 0), isIdle: false });
  while (await play.next());
  await writeFile(stepsIn(setting.folder), JSON.stringify(await side.steps()));
  await side.stop();
}

/** Callers that never rest; `open` says which play a caller goes on with. */
async function count(until: number, callersOf: readonly (() => Promise<Play>)[]): Promise<number> {
  let given = 0;
  const call = async (nextPlay: () => Promise<Play>): Promise<void> => {
    while (Date.now() < until) {
      const play = await nextPlay();
      if (await play.next()) given += 1;
    }
  };
  await Promise.all(callersOf.map(call));
  return given;
}

interface Window {
  readonly given: number;
  readonly seconds: number;
  readonly cpu: Readonly<Record<string, number>>;
}

/** One window of commands; measured again while somebody else is busy on the machine. */
async function measure(setting: Setting, side: Side, callersOf: readonly (() => Promise<Play>)[]): Promise<Window> {
  for (let attempt = 1; ; attempt += 1) {
    const pids = { worker: side.pid, temporal: setting.temporalPid, postgres: setting.postgresPid, callers: process.pid };
    const before = await cpuOf(pids);
    const quiet = await watchQuiet([process.pid, setting.temporalPid, setting.postgresPid]);
    const began = performance.now();
    const given = await count(Date.now() + windowMs, callersOf);
    const seconds = (performance.now() - began) / 1_000;
    const after = await cpuOf(pids);
    if ((await quiet.end()) <= mostDisturbed || attempt === tries) {
      const {
        worker = 0,
        callers: all = 0,
        ...others
      } = Object.fromEntries(Object.keys(pids).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
      // The workers are children of this process.
      return { given, seconds, cpu: { worker, callers: all - worker, ...others } };
    }
  }
}

async function cpuOf(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const used = await Promise.all(Object.entries(pids).map(async ([name, pid]) => [name, await cpuMs(pid)] as const));
  return Object.fromEntries(used);
}

/** Each caller plays its journeys one after the other: all of them stay in the worker's memory. */
function oneAfterTheOther(setting: Setting, side: Side, label: string): readonly (() => Promise<Play>)[] {
  const length = firstDayOf(setting.castFor(0, 0)).length;
  return Array.from({ length: callers }, (_, caller) => {
    let journeys = 0;
    let given = length;
    let play: Play | undefined;
    return async () => {
      if (!play || given === length) {
        journeys += 1;
        given = 0;
        const journeyId = `bench-${label}-${side.kind}-${caller}-${journeys}`;
        play = openPlay({ ...setting, send: side.send, journeyId, cast: setting.castFor(caller, journeys), isIdle: side.kind === 'idle' });
      }
      given += 1;
      return play;
    };
  });
}

/** Each caller gives one command to each of many journeys in turn: by the time a journey comes again, the worker has forgotten it. */
function inTurn(setting: Setting, side: Side, label: string): readonly (() => Promise<Play>)[] {
  const each = rotating.journeys / callers;
  return Array.from({ length: callers }, (_, caller) => {
    const plays = Array.from({ length: each }, (_unused, n) =>
      openPlay({
        ...setting,
        send: side.send,
        journeyId: `bench-${label}-${side.kind}-${caller}-${n}`,
        cast: setting.castFor(caller, n),
        isIdle: side.kind === 'idle',
      }),
    );
    let turn = 0;
    return async () => {
      turn += 1;
      return plays[turn % each] as Play;
    };
  });
}

interface Sum {
  given: number;
  seconds: number;
  readonly cpu: Record<string, number>;
}

function add(sum: Sum, { given, seconds, cpu }: Window): void {
  sum.given += given;
  sum.seconds += seconds;
  for (const [name, ms] of Object.entries(cpu)) sum.cpu[name] = (sum.cpu[name] ?? 0) + ms;
}

type Callers = typeof oneAfterTheOther;

async function alternate(setting: Setting, label: string, cached: number, callersOf: Callers): Promise<{ ours: Sum; idle: Sum }> {
  const ours: Sum = { given: 0, seconds: 0, cpu: {} };
  const idle: Sum = { given: 0, seconds: 0, cpu: {} };
  for (let round = 1; round <= rounds; round += 1) {
    for (const kind of ['real', 'idle'] as const) {
      const side = await startSide(setting, kind, `${label}-${round}`, cached);
      add(kind === 'real' ? ours : idle, await measure(setting, side, callersOf(setting, side, `${label}-${round}`)));
      await side.stop();
    }
  }
  return { ours, idle };
}

const rate = ({ given, seconds }: Sum): number => given / seconds;

/** Measures (a) `commands.cached` and (b) `commands.uncached`; the baseline of (b) is ours of (a). */
export async function measureCommands(setting: Setting): Promise<Readonly<Record<string, Measured>>> {
  await record(setting);
  const cached = await alternate(setting, 'cached', manyCached, oneAfterTheOther);
  const uncached = await alternate(setting, 'uncached', rotating.cached, inTurn);
  return {
    'commands.cached': { ...compared(rate(cached.ours), rate(cached.idle), 'commands/s'), cpuMsPerCommand: cpuOfEach(cached.ours) },
    'commands.uncached': {
      ...compared(rate(uncached.ours), rate(cached.ours), 'commands/s'),
      cpuMsPerCommand: cpuOfEach(uncached.ours),
      more: { idleActivities: rounded(rate(uncached.idle)) },
    },
  };
}

const cpuOfEach = ({ cpu, given }: Sum): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(cpu).map(([name, ms]) => [name, rounded(ms / given)]));
