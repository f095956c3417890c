import type { Checkpoints } from '../store/ports.ts';
import { type Delivery, Lanes } from './lanes.ts';

/** What one entry of a log leads to. */
export interface Entry {
  readonly position: number;
  readonly deliveries: readonly Delivery[];
}

/** Something that went wrong in a reader and will be tried again. */
export interface Trouble {
  readonly reader: string;
  readonly target?: string;
  readonly tries?: number;
  readonly error: unknown;
}

export interface ReaderOptions {
  readonly name: string;
  readonly checkpoints: Checkpoints;
  /** Entries after a position, for ever; it may throw, and is then called again. */
  readonly follow: (after: number, signal: AbortSignal) => AsyncIterable<Entry>;
  readonly report: (trouble: Trouble) => void;
  /** The pause after so many failures of one target, in milliseconds. */
  readonly pauseOf?: ((tries: number) => number) | undefined;
}

export interface RunningReader {
  /** Ends reading, waits for what is under way, and saves how far it came. */
  stop(): Promise<void>;
}

const saveEveryMs = 500;
const pauseAfterFaultMs = 500;

/**
 * Reads a log from its checkpoint and delivers what each entry leads to. The checkpoint never passes the oldest delivery that is
 * outstanding, so a crash loses none; those behind it may be made again, which their ids make harmless.
 */
export function startReader(options: ReaderOptions): RunningReader {
  const ending = new AbortController();
  const running = run(options, ending.signal);
  return {
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

async function run(options: ReaderOptions, signal: AbortSignal): Promise<void> {
  const { name, checkpoints, report, pauseOf } = options;
  const from = await start(options, signal);
  if (from === undefined) return;
  const lanes = new Lanes({ from, report: (failure) => report({ reader: name, ...failure }), ...(pauseOf && { pauseOf }) });
  let saved = from;
  const save = async (): Promise<void> => {
    const upTo = lanes.deliveredUpTo();
    if (upTo <= saved) return;
    await checkpoints.save(name, upTo).catch((error: unknown) => report({ reader: name, error }));
    saved = upTo;
  };
  let saving = Promise.resolve();
  const timer = setInterval(() => {
    saving = saving.then(save);
  }, saveEveryMs);
  await read(options, signal, from, lanes);
  clearInterval(timer);
  await lanes.stop();
  await saving.then(save);
}

/** Where to begin; asks until the store answers. */
async function start({ name, checkpoints, report }: ReaderOptions, signal: AbortSignal): Promise<number | undefined> {
  while (!signal.aborted) {
    try {
      return await checkpoints.load(name);
    } catch (error) {
      report({ reader: name, error });
      await pause(pauseAfterFaultMs, signal);
    }
  }
  return undefined;
}

async function read({ name, follow, report }: ReaderOptions, signal: AbortSignal, from: number, lanes: Lanes): Promise<void> {
  for (let after = from; !signal.aborted; ) {
    try {
      for await (const { position, deliveries } of follow(after, signal)) {
        if (signal.aborted) return;
        await lanes.put(position, deliveries);
        after = position;
      }
    } catch (error) {
      report({ reader: name, error });
    }
    await pause(pauseAfterFaultMs, signal);
  }
}

/** Waits, but no longer than until the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over);
  });
}
