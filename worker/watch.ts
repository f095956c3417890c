// The watch on work not done: the net under the durable timers and the runs that start effects (design: a run may be behind its stream).
import { attemptKey } from '../activities/perform-once.ts';
import type { DueItem } from '../projections/due.ts';
import type { AttemptLedger, Clock } from '../store/ports.ts';
import type { Sender } from '../workflows/send.ts';
import { pause, type RunningReader, type Trouble } from './reader.ts';

export interface WatchOptions {
  /** What is due at an instant of journey time. */
  readonly readDue: (at: number) => Promise<readonly DueItem[]>;
  /** Whether the journey itself still waits for it: a view may be behind. */
  readonly stands: (item: DueItem) => Promise<boolean>;
  readonly attempts: AttemptLedger;
  readonly clock: Clock;
  readonly refresh: Sender['refresh'];
  /** Told of a run that was asked to look again. */
  readonly onRefreshed: (refreshed: { readonly journeyId: string; readonly due: string; readonly times: number }) => void;
  readonly report: (trouble: Trouble) => void;
  readonly patience?: Partial<Patience>;
  /** Steady milliseconds of real time. */
  readonly passed?: () => number;
}

/** Milliseconds of real time, whatever the scale of the journey clock. */
export interface Patience {
  readonly lookEvery: number;
  /** How long something may be due without an attempt or a record. */
  readonly untouched: number;
  /** How long an attempt may go without its outcome being recorded: a call and its repeats have their own time. */
  readonly attempted: number;
}

const usual: Patience = { lookEvery: 1_000, untouched: 10_000, attempted: 30_000 };
const longestPause = 600_000;

interface Seen {
  /** When this watch first saw it due, and when it is looked into next. */
  readonly since: number;
  readonly next: number;
  readonly times: number;
}

/**
 * Looks at what is due, and asks the run of whatever stays so to read its Step again, starting one if there is none. It covers a run that is
 * behind its stream, missing or stuck, and a runner that lost its data. What still stands afterwards is asked for again after twice
 * the time. In normal operation it never asks.
 */
export function startWatch(options: WatchOptions): RunningReader {
  const ending = new AbortController();
  const running = run(options, { ...usual, ...options.patience }, ending.signal);
  return {
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

async function run(options: WatchOptions, patience: Patience, signal: AbortSignal): Promise<void> {
  let seen: ReadonlyMap<string, Seen> = new Map();
  while (!signal.aborted) {
    try {
      seen = await look(options, patience, seen);
    } catch (error) {
      options.report({ reader: 'watch', error });
    }
    await pause(patience.lookEvery, signal);
  }
}

/** One round. What is due no longer is forgotten. */
async function look(options: WatchOptions, patience: Patience, seen: ReadonlyMap<string, Seen>): Promise<ReadonlyMap<string, Seen>> {
  const due = await options.readDue(await options.clock.now());
  const now = options.passed?.() ?? performance.now();
  const after = new Map<string, Seen>();
  const asked = new Set<string>();
  for (const item of due) {
    const key = `${item.journeyId}/${item.id}:${item.attempt}`;
    const known = seen.get(key) ?? { since: now, next: now + patience.untouched, times: 0 };
    after.set(key, known);
    if (now < known.next || !(await isNotDone(options, patience, item))) continue;
    const again = { ...known, times: known.times + 1, next: now + Math.min(longestPause, patience.untouched * 2 ** (known.times + 1)) };
    // One look serves all that its journey waits for.
    if (!asked.has(item.journeyId) && !(await ask(options, item, again.times))) continue;
    asked.add(item.journeyId);
    after.set(key, again);
  }
  return after;
}

/** False while somebody else is at it: the call is under way, or the partner has taken it and will tell the rest. */
async function isNotDone({ attempts, stands }: WatchOptions, { attempted }: Patience, item: DueItem): Promise<boolean> {
  const attempt = item.kind === 'effect' ? await attempts.look(attemptKey(item.journeyId, item), item.attempt) : undefined;
  const isHandedOver = attempt?.outcome === 'succeeded' && (attempt.result ?? null) === null;
  if (attempt && (isHandedOver || attempt.age < attempted)) return false;
  return stands(item);
}

async function ask({ refresh, onRefreshed, report }: WatchOptions, { journeyId, id }: DueItem, times: number): Promise<boolean> {
  try {
    await refresh(journeyId);
  } catch (error) {
    report({ reader: 'watch', target: journeyId, error });
    return false;
  }
  onRefreshed({ journeyId, due: id, times });
  return true;
}
