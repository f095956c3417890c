// Follows the log by the store's own subscription, and looks whether every event comes once and in order.
import { setTimeout as pause } from 'node:timers/promises';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openPool } from '../../store/postgres/pool.ts';

/** What the bench tells the reader, as JSON in the environment. */
export interface ReaderSetting {
  readonly databaseUrl: string;
  readonly after: number;
}

/** What the reader answers when it is asked how far it has come. */
export interface ReaderAnswer {
  readonly read: number;
  /** The first event that was not the next one. */
  readonly fault?: string;
}

const patienceMs = 30_000;
const { databaseUrl, after } = JSON.parse(process.env.CARETRAIL_BENCH ?? '') as ReaderSetting;
const ending = new AbortController();
const versions = new Map<string, number>();
let read = after;
let fault: string | undefined;

process.once('SIGTERM', () => ending.abort());
process.on('message', (upTo: number) => void answer(upTo));
const pool = openPool(databaseUrl, 3);
const events = openEventStore(pool).subscribe({ after, signal: ending.signal });
process.send?.('ready');
for await (const { position, stream, version } of events) {
  if (position !== read + 1) fault ??= `position ${position} came after ${read}`;
  if (version !== (versions.get(stream) ?? 0) + 1) fault ??= `version ${version} at position ${position} came out of turn`;
  versions.set(stream, version);
  read = position;
}
await pool.end();
process.exit();

/** Answers as soon as it has come so far, or when that takes too long. */
async function answer(upTo: number): Promise<void> {
  for (const end = Date.now() + patienceMs; read < upTo && Date.now() < end; ) await pause(5);
  process.send?.({ read, ...(fault !== undefined && { fault }) } satisfies ReaderAnswer);
}
