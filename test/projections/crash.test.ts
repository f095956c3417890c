import type { Pool, PoolClient } from 'pg';
import { runView } from '../../projections/runner.ts';
import { waitForPosition } from '../../projections/view-status.ts';
import { views } from '../../projections/views.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { appendWoven, eventsOf, playJ1, seattle } from './histories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
beforeAll(async () => {
  setting = await openViews();
});
afterAll(() => setting.drop());

/** Statements from the start of a runner to the end of its first batch, and some of the second. */
const steps = 15;
const patienceMs = 60_000;

interface Killed {
  readonly pool: Pick<Pool, 'connect'>;
  /** Resolves when the connection has been cut, with the statement that was not to be answered. */
  readonly cut: Promise<string>;
}

/**
 * A pool whose connections die for good after the statement with this number was carried out, and before anybody hears of it. That is
 * what a kill of the process between two steps looks like from the database.
 */
function dyingPool(pool: Pool, at: number): Killed {
  let tell: (statement: string) => void = () => undefined;
  const cut = new Promise<string>((done) => {
    tell = done;
  });
  let count = 0;
  const dead = new Error('killed');
  const connect = async (): Promise<PoolClient> => {
    if (count >= at) throw dead;
    const client = await pool.connect();
    client.on('error', () => undefined);
    const query = client.query.bind(client) as (...sent: readonly unknown[]) => Promise<unknown>;
    const dying = async (...sent: readonly unknown[]): Promise<unknown> => {
      count += 1;
      if (count > at) throw dead;
      if (count < at) return query(...sent);
      await query(...sent);
      await query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
      tell(String(sent[0]));
      throw dead;
    };
    return new Proxy(client, {
      get: (target, name) => (name === 'query' ? dying : (Reflect.get(target, name) as unknown)),
    });
  };
  return { pool: { connect: connect as Pool['connect'] }, cut };
}

/** Runs a view on dying connections until they are dead. Returns the statement that was cut; undefined if it never came so far. */
async function runUntilKilled(view: (typeof views)[number], at: number): Promise<string | undefined> {
  const { projector, api } = setting.database;
  const { pool, cut } = dyingPool(projector, at);
  const store = openEventStore(projector);
  const head = await store.head();
  const running = runView(view, { pool, store, report: () => undefined, batchSize: 9 });
  const caughtUp = waitForPosition(api, view.name, head, patienceMs).then(() => undefined);
  const statement = await Promise.race([cut, caughtUp]);
  await running.stop();
  return statement;
}

describe.each(views)('the view $name', (view) => {
  test('is equal to one built from scratch after a kill between any two steps', async () => {
    const seen = new Set<string>();
    for (let at = 1; at <= steps; at += 1) {
      const journeyId = `${view.name}-${at}`;
      const story = playJ1(at % 2 ? seattle(9, 30) : undefined);
      await appendWoven(setting.store, new Map([[journeyId, eventsOf(story, { journeyId })]]), 20);
      const killed = await runUntilKilled(view, at);
      if (killed) seen.add(killed.trim().split(/[\s(]/)[0] ?? '');
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['BEGIN', 'UPDATE', ...(view.name === 'roster' ? [] : ['INSERT']), 'COMMIT', 'SELECT']),
    );
    setting.run([view]);
    await setting.settled([view]);
    expect(await setting.differences(view)).toEqual([]);
  });
});
