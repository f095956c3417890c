import type { Pool, PoolClient } from 'pg';
import { startLeader } from '../../worker/leader.ts';
import { until } from '../partners/clinic-side.ts';
import { createDatabase, cutLockHolders, type TestDatabase } from '../parts/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((leader) => leader.stop())));
afterAll(() => database.drop());

/** Of several contenders, who leads now. */
function contest() {
  const leading = new Set<string>();
  const contend = (who: string, pool: Pick<Pool, 'connect'> = database.writer) => {
    const lead = () => {
      leading.add(who);
      return [
        {
          stop: async () => {
            leading.delete(who);
          },
        },
      ];
    };
    const leader = startLeader({ pool, name: 'readers', lead, report: () => undefined, timing: { beatEvery: 50, silence: 400 } });
    running.push(leader);
    return leader;
  };
  return { leading, contend };
}

/** A pool whose connections can be made to fall silent, as those of a frozen process do. */
function freezing() {
  let thaw: (() => void) | undefined;
  let frozen: Promise<void> = Promise.resolve();
  const connect = async (): Promise<PoolClient> => {
    const client = await database.writer.connect();
    const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    client.query = (async (...given: unknown[]) => {
      await frozen;
      return query(...given);
    }) as never;
    return client;
  };
  return {
    pool: { connect } as unknown as Pick<Pool, 'connect'>,
    freeze: () => {
      frozen = new Promise((resolve) => {
        thaw = resolve;
      });
    },
    thaw: () => thaw?.(),
  };
}

test('of several one leads, and when it stops another does', async () => {
  const { leading, contend } = contest();
  const first = contend('first');
  await until(() => leading.has('first'));
  contend('second');
  await expect(until(() => leading.has('second'), 500)).rejects.toThrow();
  await first.stop();
  await until(() => leading.has('second'));
  expect([...leading]).toEqual(['second']);
});

test('one that falls silent loses the lead, and leads no more when it wakes up', async () => {
  const { leading, contend } = contest();
  const { pool, freeze, thaw } = freezing();
  contend('first', pool);
  await until(() => leading.has('first'));
  contend('second');
  freeze();
  await until(() => leading.has('second'));
  thaw();
  await until(() => !leading.has('first'));
  expect([...leading]).toEqual(['second']);
});

test('whose connection breaks, it is taken up again', async () => {
  const { leading, contend } = contest();
  contend('first');
  await until(() => leading.has('first'));
  await cutLockHolders(database);
  await until(() => !leading.has('first'));
  await until(() => leading.has('first'));
});
