// What lies between an accepted command and the row on a listener's line, each part measured alone (visible.ts says which they are).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createFeed } from '../../api/board-feed.ts';
import { openLine } from '../../api/board-stream.ts';
import { foldBatch, writeBatch } from '../../projections/batch.ts';
import { board } from '../../projections/board.ts';
import { openBoardView } from '../../projections/board-read.ts';
import type { BoardRow } from '../../projections/board-row.ts';
import { States } from '../../projections/states.ts';
import { ensureTable, moveCheckpoint, readStatus } from '../../projections/status-row.ts';
import { tableOf } from '../../projections/tables.ts';
import type { EventStore, StoredEvent } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { inTransaction, openPool } from '../../store/postgres/pool.ts';
import { median, undisturbed, type Wishes } from './measure.ts';
import { openOwnDatabase, removeOwnDatabase } from './own-database.ts';
import { playedEvents } from './played.ts';
import type { Setting } from './setting.ts';
import { listen } from './stream-client.ts';

export const samples = 60;
/** The first ones open connections and compile what is used. */
export const warmUp = 5;
/** Between two commands, so that they do not fall into step with the looks of the feed: 300 to 700 ms. */
export const gapMs = (n: number): number => 300 + ((n * 137) % 400);

/** Milliseconds. */
export type Parts = Readonly<Record<'follow' | 'take' | 'look' | 'read' | 'line', number>>;

/** Medians of each part alone, in milliseconds, on a database that does nothing else. */
export async function measureParts(setting: Setting, wishes: Wishes): Promise<Parts> {
  const [first] = await playedEvents(setting);
  if (!first) throw new Error('the play left no event');
  const row = board.rows(board.fold(board.initial, first))[0]?.data as BoardRow;
  const folder = join(setting.folder, 'parts');
  const database = await openOwnDatabase(folder);
  const [writer, reader, projector, api] = (['writer', 'writer', 'projector', 'api'] as const).map((role) =>
    openPool(database.url(role), 3),
  ) as [Pool, Pool, Pool, Pool];
  const pids = [process.pid, database.pid, setting.temporalPid, setting.postgresPid];
  const alone = async (part: () => Promise<readonly number[]>): Promise<number> =>
    median((await undisturbed(pids, wishes, part)).result.slice(warmUp));
  try {
    return {
      follow: await alone(() => follow(openEventStore(writer), openEventStore(reader), first)),
      take: await alone(() => take(projector, openEventStore(reader))),
      look: await alone(look),
      read: await alone(() => read(api)),
      line: await alone(() => line(row)),
    };
  } finally {
    await Promise.all([writer, reader, projector, api].map((pool) => pool.end()));
    await database.stop();
    await removeOwnDatabase(folder);
  }
}

/** Measures something again and again, with a little rest in between. */
async function repeated(measureOnce: (n: number) => Promise<number>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let n = 0; n < samples + warmUp; n += 1) {
    taken.push(await measureOnce(n));
    await pause(20);
  }
  return taken;
}

async function follow(own: EventStore, others: EventStore, first: StoredEvent): Promise<readonly number[]> {
  const ending = new AbortController();
  const events = others.subscribe({ after: await others.head(), signal: ending.signal })[Symbol.asyncIterator]();
  const { stream: _stream, version: _version, position: _position, ...event } = first;
  const taken = await repeated(async (n) => {
    const heard = events.next().then(() => performance.now());
    await own.append(`journey-bench-followed-${n}`, [{ ...event, id: crypto.randomUUID() }], 'none');
    const stored = performance.now();
    return Math.max(0, (await heard) - stored);
  });
  ending.abort();
  await events.return?.();
  return taken;
}

/** Each of the journeys that `follow` has begun, folded and written as the runner of the views does it. */
async function take(projector: Pool, store: EventStore): Promise<readonly number[]> {
  await inTransaction(projector, (client) => ensureTable(client, board));
  const states = new States(store, board, samples);
  const events: StoredEvent[] = [];
  for await (const event of store.readAll()) events.push(event);
  return repeated(async (n) => {
    const event = events[n];
    if (!event) throw new Error('too few events were appended');
    const began = performance.now();
    const folded = await foldBatch(board, states, [event]);
    await inTransaction(projector, async (client) => {
      const at = await readStatus(client, board);
      if (!at || !(await moveCheckpoint(client, board, at, event.position))) throw new Error('the view has no checkpoint');
      await writeBatch(client, board, tableOf(board), folded);
    });
    return performance.now() - began;
  });
}

/** A view in memory that moves at a moment of its own, and the feed that is to notice. */
async function look(): Promise<readonly number[]> {
  const view = { position: 0, movedAt: 0 };
  const heard: ((at: number) => void)[] = [];
  const ending = new AbortController();
  const feed = createFeed({
    board: {
      position: async () => view.position,
      changed: async () => [],
      page: () => Promise.reject(new Error('nobody reads a page here')),
      reached: async () => true,
    },
    clock: async () => ({ now: 0, scale: 1 }),
    heartbeatMs: 3_600_000,
  });
  const send = async (): Promise<void> => heard.shift()?.(performance.now());
  const line = { ended: ending.signal, send, end: () => undefined, cut: () => undefined };
  const listening = feed(line, { scope: { tenant: '*', patients: '*' }, filter: {}, after: 0, until: Number.POSITIVE_INFINITY });
  const taken: number[] = [];
  for (let n = 0; n < samples + warmUp; n += 1) {
    await pause(gapMs(n));
    const noticed = new Promise<number>((resolve) => heard.push(resolve));
    const moved = performance.now();
    view.position += 1;
    taken.push((await noticed) - moved);
  }
  ending.abort();
  await listening;
  return taken;
}

/** The two reads that the feed makes when something has changed. */
function read(api: Pool): Promise<readonly number[]> {
  const view = openBoardView(api);
  return repeated(async () => {
    const began = performance.now();
    const position = await view.position();
    await view.changed({ tenant: '*', patients: '*' }, position - 1, 500);
    return performance.now() - began;
  });
}

async function line(row: BoardRow): Promise<readonly number[]> {
  let opened: ReturnType<typeof openLine> | undefined;
  const server = createServer((_request, response) => {
    opened = openLine(response, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listener = await listen(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '');
  const taken = await repeated(async (n) => {
    const journeyId = `bench-line-${n}`;
    const began = performance.now();
    await opened?.send({ event: 'row', id: n, data: { ...row, journeyId } });
    return (await listener.arrival(journeyId)) - began;
  });
  listener.end();
  await new Promise((resolve) => server.close(resolve));
  return taken;
}
