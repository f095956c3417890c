import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../dev/project-root.ts';
import { board } from '../../projections/board.ts';
import { type FoldThreads, foldThreads } from '../../projections/fold-threads.ts';
import { rebuild } from '../../projections/rebuild.ts';
import { views } from '../../projections/views.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { appendWoven, eventsOf, playJ1 } from './histories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
beforeEach(async () => {
  setting = await openViews();
});
afterEach(() => setting.drop());

const count = 2;
const program = pathToFileURL(join(projectRoot, 'dist/projections/fold-thread.js'));
const story = playJ1();
const ids = Array.from({ length: 20 }, (_, n) => `j-${n}`);
const threads = (url = setting.database.url('projector')) => foldThreads(url, { count, program });
const parts = () => ({ pool: setting.database.projector, store: openEventStore(setting.database.projector) });
const appendAll = () => appendWoven(setting.store, new Map(ids.map((journeyId) => [journeyId, eventsOf(story, { journeyId })])), 10);

/** Streams of the share that is this thread's; the caller's own is the share 0. */
async function streamsOf(nth: number): Promise<readonly string[]> {
  const events = await setting.store.readSpan({ after: 0, upTo: await setting.store.head(), share: { nth, of: count + 1 } });
  return [...new Set(events.map(({ stream }) => stream))];
}

test.each(views)('of $name give the rows that one alone gives, in little memory too', async (view) => {
  await appendAll();
  const told: number[] = [];
  await rebuild(view, { ...parts(), threads: threads(), held: 6, onProgress: ({ position }) => told.push(position) });
  expect(await setting.differences(view)).toEqual([]);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(await setting.store.head());
});

test('leave nothing to the caller but its own share', async () => {
  await appendAll();
  const asked: unknown[] = [];
  const { fold } = threads();
  const heard: FoldThreads = {
    count,
    fold(view, options) {
      asked.push(options.share);
      return fold(view, options);
    },
  };
  await rebuild(board, { ...parts(), threads: heard });
  expect(asked).toEqual([
    { nth: 1, of: 3 },
    { nth: 2, of: 3 },
  ]);
  for (const nth of [0, 1, 2]) expect((await streamsOf(nth)).length).toBeGreaterThan(0);
});

test('stop at an event that one of them cannot take; the old table stays, and another rebuild may begin', async () => {
  await appendAll();
  setting.run([board]);
  await setting.settled([board]);
  const [stream = ''] = await streamsOf(2);
  const { version } = await setting.store.describe(stream);
  await setting.database.superuser.query(`UPDATE events SET data = 'null' WHERE stream = $1 AND version = $2`, [stream, version]);
  const broken = { name: 'Poison', reason: 'fold-failed', position: expect.any(Number) };
  for (let times = 0; times < 2; times += 1) {
    await expect(rebuild(board, { ...parts(), threads: threads() })).rejects.toMatchObject(broken);
  }
  const { rows } = await setting.database.projector.query('SELECT count(*) AS count FROM views.board');
  expect(rows).toEqual([{ count: ids.length }]);
});

test('that cannot reach the database end the rebuild', async () => {
  await appendAll();
  const nowhere = 'postgresql://nobody@127.0.0.1:1/nothing';
  await expect(rebuild(board, { ...parts(), threads: threads(nowhere) })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('write nothing into a table that has taken the place of theirs', async () => {
  await appendAll();
  const { projector } = setting.database;
  await rebuild(board, parts());
  const options = {
    share: { nth: 0, of: 1 },
    upTo: await setting.store.head(),
    held: 100,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  await expect(threads().fold(board, { ...options, table: { name: 'views.board', oid: 1 } })).rejects.toThrow('not the table any more');
  const { rows } = await projector.query('SELECT count(*) AS count FROM views.board');
  expect(rows).toEqual([{ count: ids.length }]);
});

test('end with the signal, and their connections with them', async () => {
  await appendAll();
  const ending = new AbortController();
  const { projector } = setting.database;
  const stopping = rebuild(board, {
    ...parts(),
    threads: threads(),
    signal: ending.signal,
    onProgress: () => ending.abort(new Error('over')),
  });
  await expect(stopping).rejects.toThrow('over');
  await rebuild(board, { ...parts(), threads: threads() });
  const { rows } = await projector.query(`SELECT count(*) AS count FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'COPY%'`, [
    setting.database.name,
  ]);
  expect(rows).toEqual([{ count: 0 }]);
});
