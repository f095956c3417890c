// The comparison with a view built from scratch is worth something only if it can fail: each of these faults must show.
import type { Pool, PoolClient } from 'pg';
import { board } from '../../projections/board.ts';
import { type RunnerParts, runView } from '../../projections/runner.ts';
import { timeline } from '../../projections/timeline.ts';
import type { View } from '../../projections/view.ts';
import type { EventStore, StoredEvent } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { appendWoven, eventsOf, playJ1 } from './histories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
beforeEach(async () => {
  setting = await openViews();
  await appendWoven(setting.store, new Map(['a', 'b'].map((journeyId) => [journeyId, eventsOf(playJ1(), { journeyId })])));
});
afterEach(() => setting.drop());

/** Differences of the board after a run with these parts, or of this view. */
async function differencesAfter(parts: Partial<RunnerParts>, view: View = board as View): Promise<number> {
  setting.run([view], { batchSize: 9, ...parts });
  await setting.settled([view]);
  return (await setting.differences(view)).length;
}

test('without a fault there is no difference', async () => {
  expect(await differencesAfter({})).toBe(0);
});

test('an event that is skipped shows', async () => {
  const store = openEventStore(setting.database.projector);
  const forgetful: EventStore = {
    ...store,
    subscribe: (range) => without(store.subscribe(range), 'VisitEnded'),
    readStream: (stream, range) => without(store.readStream(stream, range), 'VisitEnded'),
  };
  expect(await differencesAfter({ store: forgetful })).toBeGreaterThan(0);
});

async function* without(events: AsyncIterable<StoredEvent>, type: string): AsyncGenerator<StoredEvent> {
  for await (const event of events) if (event.type !== type) yield event;
}

test('a fold that remembers more than its events shows', async () => {
  let folded = 0;
  const impure: View = {
    ...(board as View),
    rows: (state) => {
      folded += 1;
      return board.rows(state as never).map((row) => ({ ...row, owner_id: `owner-${folded}` }));
    },
  };
  expect(await differencesAfter({}, impure)).toBeGreaterThan(0);
});

test('a row that is lost, or is there for no reason, shows', async () => {
  expect(await differencesAfter({})).toBe(0);
  await setting.database.projector.query("UPDATE views.board SET stream = 'journey-of-nobody' WHERE stream = 'journey-a'");
  expect(await setting.differences(board as View)).toHaveLength(2);
});

test('a checkpoint that is committed before its rows shows after a kill in between', async () => {
  const { projector } = setting.database;
  let moved = 0;
  const connect = async (): Promise<PoolClient> => {
    if (moved > 1) throw new Error('killed');
    const client = await projector.connect();
    client.on('error', () => undefined);
    const query = client.query.bind(client) as (...sent: readonly unknown[]) => Promise<unknown>;
    const apart = async (...sent: readonly unknown[]): Promise<unknown> => {
      if (moved > 1) throw new Error('killed');
      if (!String(sent[0]).includes('UPDATE views.status SET position')) return query(...sent);
      moved += 1;
      return projector.query(...(sent as [string, unknown[]]));
    };
    return new Proxy(client, { get: (target, name) => (name === 'query' ? apart : (Reflect.get(target, name) as unknown)) });
  };
  const pool = { connect: connect as Pool['connect'] };
  const interrupted = new Promise<void>((resolve) => {
    const running = runView(timeline as View, {
      pool,
      store: openEventStore(projector),
      batchSize: 9,
      report: ({ what }) => what === 'interrupted' && moved > 1 && void running.stop().then(resolve),
    });
  });
  await interrupted;
  expect(await differencesAfter({}, timeline as View)).toBeGreaterThan(0);
});
