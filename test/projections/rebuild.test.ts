import { board } from '../../projections/board.ts';
import { rebuild } from '../../projections/rebuild.ts';
import { viewStatus } from '../../projections/view-status.ts';
import { views } from '../../projections/views.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { appendWoven, eventsOf, playJ1 } from './histories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
beforeEach(async () => {
  setting = await openViews();
});
afterEach(() => setting.drop());

const story = playJ1();
const named = (from: number, to: number) =>
  new Map(Array.from({ length: to - from }, (_, i) => [`j-${from + i}`, eventsOf(story, { journeyId: `j-${from + i}` })]));
const parts = () => ({ pool: setting.database.projector, store: openEventStore(setting.database.projector) });

test('goes on while events are appended and the live view follows; no reader sees the view go back', async () => {
  setting.run([board]);
  await appendWoven(setting.store, named(0, 20), 10);
  let isDone = false;
  const appending = (async () => {
    for (let n = 20; !isDone; n += 1) await appendWoven(setting.store, named(n, n + 1), 4);
  })();
  const positions: number[] = [];
  const watching = (async () => {
    while (!isDone) {
      const status = await viewStatus(setting.database.api);
      positions.push(status[0]?.position ?? 0);
    }
  })();
  try {
    for (let times = 0; times < 4; times += 1) await rebuild(board, parts());
  } finally {
    isDone = true;
  }
  await Promise.all([appending, watching]);
  await setting.settled([board]);
  expect(positions.length).toBeGreaterThan(5);
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(await setting.differences(board)).toEqual([]);
});

test.each(views)('of $name in little memory gives the same rows, also of journeys that were written out and went on', async (view) => {
  await appendWoven(setting.store, named(0, 30), 10);
  setting.run([view]);
  await setting.settled([view]);
  const { projector } = setting.database;
  const before = await projector.query(`CREATE TABLE views.before AS SELECT * FROM views.${view.name}`);
  expect(before.rowCount).toBe(view.name === 'roster' ? 0 : await rowCount(view.name));
  await rebuild(view, { ...parts(), held: 3 });
  const { rows } = await projector.query(`SELECT * FROM views.${view.name} EXCEPT ALL SELECT * FROM views.before`);
  expect(rows).toEqual([]);
  expect(await rowCount(view.name)).toBe(before.rowCount);
});

async function rowCount(name: string): Promise<number> {
  const { rows } = await setting.database.projector.query<{ count: number }>(`SELECT count(*) AS count FROM views.${name}`);
  return rows[0]?.count ?? 0;
}

test('tells how far it is', async () => {
  await appendWoven(setting.store, named(0, 15));
  const told: { position: number; head: number }[] = [];
  await rebuild(board, { ...parts(), onProgress: (progress) => told.push(progress) });
  const head = await setting.store.head();
  expect(told.at(-1)).toEqual({ position: head, head });
});

test('a second one of the same view is refused while the first goes on', async () => {
  await appendWoven(setting.store, named(0, 15));
  const both = await Promise.allSettled([rebuild(board, parts()), rebuild(board, parts())]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('comes by itself when the program has another version of the view', async () => {
  await appendWoven(setting.store, named(0, 2));
  const [old] = setting.run([board]);
  await setting.settled([board]);
  await old?.stop();
  const changed = {
    ...board,
    version: board.version + 1,
    rows: (state: never) => board.rows(state).map((row) => ({ ...row, urgency: 2 })),
  };
  setting.run([changed]);
  await appendWoven(setting.store, named(2, 3));
  await setting.settled([changed]);
  expect(setting.told).toContainEqual({ view: 'board', what: 'rebuilds' });
  expect(await setting.differences(changed)).toEqual([]);
});

test('gives the new table the rights and the policies of the old', async () => {
  await appendWoven(setting.store, named(0, 1));
  await rebuild(board, parts());
  await rebuild(board, parts());
  const { rows } = await setting.database.superuser.query(
    `SELECT relrowsecurity, (SELECT array_agg(polname::text ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid) AS policies,
       has_table_privilege('caretrail_api', oid, 'SELECT') AS api_reads, has_table_privilege('caretrail_api', oid, 'INSERT, UPDATE, DELETE') AS api_writes
     FROM pg_class c WHERE oid = 'views.board'::regclass`,
  );
  expect(rows).toEqual([{ relrowsecurity: true, policies: ['reads_all', 'reads_scope'], api_reads: true, api_writes: false }]);
});
