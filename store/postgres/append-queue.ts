import { type Appended, StreamClosed, Unavailable, VersionConflict } from '../event-store.ts';
import { type Append, type Outcome, sendAppends } from './append-statement.ts';
import { isDataFault, portError } from './failures.ts';
import type { Database } from './pool.ts';

interface Waiting extends Append {
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

const maxEventsPerFlush = 1_000;
const maxBytesPerFlush = 8 * 1024 * 1024;

/**
 * Lets the appends of many callers travel together: one statement is under way at a time, and all that come meanwhile make the next.
 * `flushed` is called after each one that stored something, with the number of its events.
 */
export function appendQueue(database: Database, flushed: (events: number) => void): (append: Append) => Promise<Appended> {
  const waiting: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    // Callers of the same moment get into the first flush.
    await Promise.resolve();
    while (waiting.length > 0) {
      const stored = await flush(database, takeFlush(waiting));
      if (stored > 0) flushed(stored);
    }
    busy = false;
  }

  return (append) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...append, resolve, reject });
      if (busy) return;
      busy = true;
      void drain();
    });
}

/** As many of the first as fit. An event that is in the flush already waits for the next, where the database knows it as a duplicate. */
function takeFlush(waiting: Waiting[]): readonly Waiting[] {
  const ids = new Set<string>();
  let bytes = 0;
  const end = waiting.findIndex(({ events }, index) => {
    bytes += events.reduce((sum, { data }) => sum + data.length, 0);
    if (index > 0 && (bytes > maxBytesPerFlush || ids.size + events.length > maxEventsPerFlush)) return true;
    if (events.some(({ event }) => ids.has(event.id))) return true;
    for (const { event } of events) ids.add(event.id);
    return false;
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

/** Never throws: every caller hears its own outcome. Returns how many events were stored. */
async function flush(database: Database, appends: readonly Waiting[]): Promise<number> {
  try {
    const outcomes = await sendAppends(database, appends);
    for (const [index, append] of appends.entries()) settle(append, outcomes[index]);
    return appends.reduce((sum, { events }, index) => sum + (outcomes[index]?.outcome === 'appended' ? events.length : 0), 0);
  } catch (error) {
    if (appends.length > 1 && isDataFault(error)) return oneByOne(database, appends);
    for (const { reject } of appends) reject(portError(error));
    return 0;
  }
}

/** One bad event fails the whole statement; sent alone, it fails only its own append. */
async function oneByOne(database: Database, appends: readonly Waiting[]): Promise<number> {
  let stored = 0;
  for (const append of appends) stored += await flush(database, [append]);
  return stored;
}

function settle({ stream, resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  const failure = failureOf(stream, outcome);
  if (failure || !outcome) reject(failure);
  else resolve({ version: outcome.version, position: outcome.position, duplicate: outcome.outcome === 'duplicate' });
}

function failureOf(stream: string, outcome: Outcome | undefined): Error | undefined {
  if (!outcome) return new Unavailable('the database gave no outcome');
  if (outcome.outcome === 'conflict') return new VersionConflict(stream, outcome.version);
  if (outcome.outcome === 'closed') return new StreamClosed(stream);
  return undefined;
}
