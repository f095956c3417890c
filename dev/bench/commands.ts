// (a) and (b): commands a second through the runner, against the same workflow whose activities do nothing.
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSender } from '../../workflows/send.ts';
import { firstDayOf, openPlay, type Play } from './caller.ts';
import { compared, cpuMs, type Measured, rounded, undisturbed, type Wishes } from './measure.ts';
import { callers, type Setting } from './setting.ts';
import type { FoundInMemory, Question, WorkerSetting } from './worker.ts';

const runLength = 4;
/** Commands come slowly: a window of them must be longer than that of other measures. */
const windows = 3;
/** Journeys that are open at once where none is to be found in the worker's memory, and how many it may keep. */
const rotating = { journeys: 192, cached: 48 };
const manyCached = 2_000;

interface Side {
  readonly kind: WorkerSetting['kind'];
  readonly pid: number;
  readonly send: ReturnType<typeof createSender>['send'];
  ask(question: Question): Promise<unknown>;
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
    async ask(question) {
      const answer = heard();
      child.send(question);
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
  const play = openPlay({ ...setting, send: side.send, journeyId: 'bench-recorded', cast: setting.castFor(0), isIdle: false });
  while (await play.next());
  await writeFile(stepsIn(setting.folder), JSON.stringify(await side.ask('steps')));
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
  readonly inMemory: FoundInMemory;
}

/** One window of commands; measured again while somebody else is busy on the machine. */
async function measure(setting: Setting, side: Side, callersOf: readonly (() => Promise<Play>)[], wishes: Wishes): Promise<Window> {
  const { result } = await undisturbed([process.pid], wishes, async () => {
    const before = await readUsed(setting, side);
    const began = performance.now();
    const given = await count(Date.now() + windows * wishes.windowMs, callersOf);
    const seconds = (performance.now() - began) / 1_000;
    return { given, seconds, ...usedBetween(before, await readUsed(setting, side)) };
  });
  return result;
}

type Used = Pick<Window, 'cpu' | 'inMemory'>;

/** Everything that the bench starts runs below this process. */
async function readUsed({ temporalPid, postgresPid }: Setting, side: Side): Promise<Used> {
  const [worker, temporal, postgres, all] = await Promise.all([side.pid, temporalPid, postgresPid, process.pid].map((pid) => cpuMs(pid)));
  const [w = 0, t = 0, p = 0, sum = 0] = [worker, temporal, postgres, all];
  return { cpu: { worker: w, temporal: t, postgres: p, callers: sum - w - t - p }, inMemory: (await side.ask('memory')) as FoundInMemory };
}

function usedBetween(before: Used, after: Used): Used {
  const cpu = Object.fromEntries(Object.entries(after.cpu).map(([name, ms]) => [name, ms - (before.cpu[name] ?? 0)]));
  return { cpu, inMemory: { hit: after.inMemory.hit - before.inMemory.hit, miss: after.inMemory.miss - before.inMemory.miss } };
}

/** Each caller plays its journeys one after the other: all of them stay in the worker's memory. */
function oneAfterTheOther(setting: Setting, side: Side, label: string): readonly (() => Promise<Play>)[] {
  const length = firstDayOf(setting.castFor(0)).length;
  return Array.from({ length: callers }, (_, caller) => {
    let journeys = 0;
    let given = length;
    let play: Play | undefined;
    return async () => {
      if (!play || given === length) {
        journeys += 1;
        given = 0;
        const journeyId = `bench-${label}-${side.kind}-${caller}-${journeys}`;
        play = openPlay({ ...setting, send: side.send, journeyId, cast: setting.castFor(caller), isIdle: side.kind === 'idle' });
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
        cast: setting.castFor(caller),
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
  hit: number;
  miss: number;
  readonly cpu: Record<string, number>;
}

const nothing = (): Sum => ({ given: 0, seconds: 0, hit: 0, miss: 0, cpu: {} });

function add(sum: Sum, { given, seconds, cpu, inMemory }: Window): void {
  sum.given += given;
  sum.seconds += seconds;
  sum.hit += inMemory.hit;
  sum.miss += inMemory.miss;
  for (const [name, ms] of Object.entries(cpu)) sum.cpu[name] = (sum.cpu[name] ?? 0) + ms;
}

interface Way {
  readonly label: string;
  /** Runs that the worker keeps in memory. */
  readonly cached: number;
  readonly callersOf: typeof oneAfterTheOther;
  /** Commands that every caller gives before the window. */
  readonly before: number;
}

async function alternate(setting: Setting, { label, cached, callersOf, before }: Way, wishes: Wishes): Promise<{ ours: Sum; idle: Sum }> {
  const [ours, idle] = [nothing(), nothing()];
  for (let round = 1; round <= wishes.rounds; round += 1) {
    for (const kind of ['real', 'idle'] as const) {
      const side = await startSide(setting, kind, `${label}-${round}`, cached);
      const calling = callersOf(setting, side, `${label}-${round}`);
      await giveEach(calling, before);
      add(kind === 'real' ? ours : idle, await measure(setting, side, calling, wishes));
      await side.stop();
    }
  }
  return { ours, idle };
}

/** So that what only the first commands need is no part of a window. */
async function giveEach(calling: readonly (() => Promise<Play>)[], commands: number): Promise<void> {
  await Promise.all(
    calling.map(async (nextPlay) => {
      for (let n = 0; n < commands; n += 1) await (await nextPlay()).next();
    }),
  );
}

const rate = ({ given, seconds }: Sum): number => given / seconds;

/** Measures (a) `commands.cached` and (b) `commands.uncached`; the baseline of (b) is ours of (a). */
export async function measureCommands(setting: Setting, wishes: Wishes): Promise<Readonly<Record<string, Measured>>> {
  await record(setting);
  const found = { label: 'cached', cached: manyCached, callersOf: oneAfterTheOther, before: 2 };
  const cached = await alternate(setting, found, wishes);
  const forgotten = { label: 'uncached', cached: rotating.cached, callersOf: inTurn, before: rotating.journeys / callers };
  const uncached = await alternate(setting, forgotten, wishes);
  return {
    'commands.cached': {
      ...compared(rate(cached.ours), rate(cached.idle), 'commands/s'),
      ...usedFor(cached.ours, { idleCpuMs: cpuOfEach(cached.idle) }),
    },
    'commands.uncached': {
      ...compared(rate(uncached.ours), rate(cached.ours), 'commands/s'),
      ...usedFor(uncached.ours, { idleActivities: rounded(rate(uncached.idle)), idleCpuMs: cpuOfEach(uncached.idle) }),
    },
  };
}

function usedFor({ cpu, given, hit, miss }: Sum, more: Measured['more'] = {}): Pick<Measured, 'cpuMsPerCommand' | 'more'> {
  return {
    cpuMsPerCommand: Object.fromEntries(Object.entries(cpu).map(([name, ms]) => [name, rounded(ms / given)])),
    more: { ...more, tasksInMemoryEach: rounded(hit / given), replaysEach: rounded(miss / given) },
  };
}

const cpuOfEach = ({ cpu, given }: Sum): number => rounded(Object.values(cpu).reduce((sum, ms) => sum + ms, 0) / given);
