import type { PoolClient } from 'pg';
import { board } from '../../projections/board.ts';
import { due } from '../../projections/due.ts';
import { rebuild } from '../../projections/rebuild.ts';
import { timeline } from '../../projections/timeline.ts';
import type { View } from '../../projections/view.ts';
import { viewStatus } from '../../projections/view-status.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { cutLockHolders } from '../parts/postgres.ts';
import { appendWoven, eventsOf, playJ1 } from './histories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
beforeEach(async () => {
  setting = await openViews();
});
afterEach(() => setting.drop());

const story = playJ1();
const append = (...ids: readonly string[]) =>
  appendWoven(setting.store, new Map(ids.map((journeyId) => [journeyId, eventsOf(story, { journeyId })])));

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await what()); tries += 1) {
    if (tries > 200) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const leaders = () => setting.told.filter(({ what }) => what === 'leads').length;

describe('Two runners of one view', () => {
  test('fence each other: one leads, and the other takes over when it is gone', async () => {
    const [a, b] = [...setting.run([board]), ...setting.run([board])];
    await append('one', 'two');
    await setting.settled([board]);
    expect(leaders()).toBe(1);
    await a?.stop();
    await append('three');
    await setting.settled([board]);
    await b?.stop();
    expect(setting.told.filter(({ what }) => what !== 'leads')).toEqual([]);
    expect(await setting.differences(board)).toEqual([]);
  });

  test('never both write, even if the one that led has lost its lock without noticing', async () => {
    setting.run([board], { batchSize: 5 });
    setting.run([board], { batchSize: 5 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await append(id);
      await cutLockHolders(setting.database);
    }
    await setting.settled([board]);
    expect(leaders()).toBeGreaterThan(1);
    expect(await setting.differences(board)).toEqual([]);
  });
});

describe('A runner that goes on although another leads', () => {
  test.each([board, timeline])('is fenced off by the checkpoint: the view $name takes every event once', async (view) => {
    const { projector } = setting.database;
    const connected: PoolClient[] = [];
    const connect = async (): Promise<PoolClient> => {
      const client = await projector.connect();
      connected.push(client);
      return client;
    };
    setting.run([view], { pool: { connect: connect as typeof projector.connect }, batchSize: 5 });
    await append('one');
    await setting.settled([view]);
    // Its lock is gone, and its connection is not.
    await connected[0]?.query('SELECT pg_advisory_unlock_all()');
    setting.run([view], { batchSize: 5 });
    await until(() => leaders() === 2);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await append(id);
    await setting.settled([view]);
    await until(() => setting.told.some(({ what }) => what === 'overtaken'));
    expect(await setting.differences(view)).toEqual([]);
  });
});

describe('A poison event', () => {
  /** A board that cannot take one event. */
  const poisoned = (isPoison: (type: string) => boolean): View => ({
    ...board,
    fold: (state, event) => {
      if (isPoison(event.type)) throw new Error('cannot be folded');
      return board.fold(state as never, event);
    },
    rows: (state) => board.rows(state as never),
    isOver: () => false,
  });

  test('stops its view loudly, with everything before it shown and nothing after it', async () => {
    await append('one');
    let position = 0;
    for await (const event of setting.store.readAll()) if (event.type === 'JourneyAccepted') position = event.position;
    setting.run([poisoned((type) => type === 'JourneyAccepted')]);
    setting.run([due]);
    await until(() => setting.told.some(({ what }) => what === 'stopped'));
    expect(setting.told).toContainEqual(expect.objectContaining({ view: 'board', what: 'stopped', position, reason: 'fold-failed' }));
    const status = await viewStatus(setting.database.api);
    expect(status.find(({ view }) => view === 'board')).toMatchObject({
      state: 'stopped',
      position: position - 1,
      stoppedAt: position,
      reason: 'fold-failed',
    });
    const { rows } = await setting.database.projector.query('SELECT position FROM views.board');
    expect(rows).toEqual([{ position: position - 1 }]);
    await setting.settled([due]);
    expect((await viewStatus(setting.database.api)).find(({ view }) => view === 'due')?.state).toBe('caughtUp');
  });

  test('stops it too where the database refuses the row', async () => {
    await append('one');
    const refused: View = {
      ...board,
      rows: (state) => board.rows(state as never).map((row) => ({ ...row, due_at: 'soon' })),
      isOver: () => false,
    };
    setting.run([refused]);
    await until(() => setting.told.some(({ what }) => what === 'stopped'));
    expect(setting.told).toContainEqual(expect.objectContaining({ position: 1, reason: 'rows-refused' }));
  });

  test('is no matter for a program that can take it: a new process goes on where the old one stopped', async () => {
    await append('one');
    const [old] = setting.run([poisoned((type) => type === 'VisitStarted')]);
    await until(() => setting.told.some(({ what }) => what === 'stopped'));
    setting.run([board]);
    await setting.settled([board]);
    await old?.stop();
    expect(await setting.differences(board)).toEqual([]);
    expect((await viewStatus(setting.database.api))[0]?.state).toBe('caughtUp');
  });

  test('leaves the old table in its place when a rebuild meets it', async () => {
    await append('one');
    setting.run([board]);
    await setting.settled([board]);
    const { projector } = setting.database;
    const parts = { pool: projector, store: openEventStore(projector) };
    await expect(
      rebuild(
        poisoned((type) => type === 'VisitStarted'),
        parts,
      ),
    ).rejects.toMatchObject({ name: 'Poison', reason: 'fold-failed' });
    expect(await setting.differences(board)).toEqual([]);
  });
});
