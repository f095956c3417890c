// PostgreSQL under load: killed twenty times, a backend ended in the middle of an append, the line cut when a commit was on its way.
import { randomUUID } from 'node:crypto';
import { firstPlay } from '../../dev/clinic.ts';
import { openClient } from '../crash/client.ts';
import { wanted } from '../crash/wanted.ts';
import { type CuttingProxy, openCuttingProxy } from '../parts/cutting-proxy.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { eventually, pause } from '../workflows/run-setting.ts';
import { expectAlive, judge, storedOf, toTheirClose } from './judgement.ts';
import { care, type Load, laterDay, play, playDuring } from './load.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';

let postgres: OwnPostgres;
let proxy: CuttingProxy;
let system: TestSystem;
let load: Load;
beforeAll(async () => {
  postgres = await startOwnPostgres('faults-own');
  proxy = await openCuttingProxy(postgres.port);
  system = await startSystem('faults-postgres', firstPlay, { database: postgres.database, dying: true, built: wanted.built });
  load = { system, client: openClient(system, true), firstDay: firstPlay };
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await proxy?.close();
  await postgres?.remove();
}, 60_000);
afterEach(() => expectAlive(system, 'api', 'worker', 'projections', 'partners'));

const kills = 20;

test('PostgreSQL is killed twenty times under load', async () => {
  const faults = async (): Promise<void> => {
    for (let round = 0; round < kills; round += 1) {
      await goesOn();
      await pause((round * 37) % 200);
      await postgres.kill();
      await postgres.start();
    }
    await goesOn();
  };
  await toTheirClose(load, await playDuring(load, 'killed', faults));
  await judge(load);
}, 400_000);

/** Returns when an event has been stored from now on. */
async function goesOn(): Promise<void> {
  let before: number | undefined;
  await eventually(async () => {
    before ??= await head();
    expect(await head()).toBeGreaterThan(before);
  }, 60_000);
}

const head = async (): Promise<number> => {
  const { rows } = await system.database.writer.query<{ position: number }>('SELECT coalesce(max("position"), 0) AS position FROM events');
  return rows[0]?.position ?? 0;
};

const consent = { scopes: ['treatment', 'telehealth'], textVersion: 1 };
const readyForConsent = (name: string): Promise<string> => play(load, name, care(load, 'AcceptPrice'));
const grantConsent = (journeyId: string, key: string): Promise<unknown> =>
  load.client.call(system, { method: 'POST', path: `/v1/journeys/${journeyId}/grant-consent`, role: 'X', body: consent, key });

/** The command stands once, and whoever gives it again is told what was recorded. */
async function expectOnce(journeyId: string, key: string, answer: unknown): Promise<void> {
  expect((await storedOf(system, journeyId)).filter(({ type }) => type === 'ConsentGranted')).toHaveLength(1);
  expect(await grantConsent(journeyId, key)).toEqual(answer);
  expect((await storedOf(system, journeyId)).filter(({ type }) => type === 'ConsentGranted')).toHaveLength(1);
}

const rounds = 5;

/** Whoever has inserted events waits in the same transaction until the lock is free. */
const waitAfterInsert = `CREATE FUNCTION public.wait_for_test() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_catalog.pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
  CREATE TRIGGER wait_for_test AFTER INSERT ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.wait_for_test()`;

test('a backend is ended in the middle of an append, with its events written and not committed', async () => {
  load = { ...load, firstDay: laterDay(1) };
  const { owner } = system.database;
  await owner.query(waitAfterInsert);
  const journeys: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const journeyId = await readyForConsent(`ended-${round}`);
    const holder = await owner.connect();
    await holder.query('SELECT pg_advisory_lock(4711)');
    const key = randomUUID();
    const answer = grantConsent(journeyId, key);
    await eventually(async () => expect(await endAppends()).toBeGreaterThan(0), 30_000);
    expect((await storedOf(system, journeyId)).map(({ type }) => type)).not.toContain('ConsentGranted');
    await holder.query('SELECT pg_advisory_unlock(4711)');
    holder.release();
    await expectOnce(journeyId, key, await answer);
    journeys.push(journeyId);
  }
  await owner.query('DROP TRIGGER wait_for_test ON public.events; DROP FUNCTION public.wait_for_test');
  await toTheirClose(load, journeys);
  await judge(load);
}, 200_000);

/** Ends the backends that wait inside an append. Returns how many. */
async function endAppends(): Promise<number> {
  const text = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE '%public.append(%' AND wait_event = 'advisory'`;
  return (await system.database.superuser.query(text)).rowCount ?? 0;
}

/** The processes reach the database through the proxy from now on. */
async function goThroughProxy(): Promise<void> {
  const through = (role: 'writer' | 'api' | 'projector'): string => {
    const url = new URL(system.database.url(role));
    url.port = String(proxy.port);
    return url.toString();
  };
  await system.kill('api', 'worker', 'projections');
  await system.start('worker', { CARETRAIL_DATABASE_WRITER_URL: through('writer') });
  await system.start('projections', { CARETRAIL_DATABASE_PROJECTOR_URL: through('projector') });
  await system.start('api', { CARETRAIL_DATABASE_WRITER_URL: through('writer'), CARETRAIL_DATABASE_API_URL: through('api') });
}

/** Words of what the processes commit: an intent, its outcome, an answer, a webhook, a view's batch or a debt's checkpoint, an append. */
const committing = [
  'INSERT INTO attempts',
  'UPDATE attempts SET',
  'UPDATE idempotency SET',
  'SELECT receive(',
  'COMMIT',
  'INSERT INTO checkpoints',
  'PrescriptionTransmitted',
];

test('the line is cut when an append, an attempt, an answer or a checkpoint has been committed, and nobody hears of it', async () => {
  load = { ...load, firstDay: laterDay(2) };
  await goThroughProxy();
  const journeys: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const journeyId = await readyForConsent(`cut-${round}`);
    const cut = proxy.cutAnswerTo('ConsentGranted');
    const key = randomUUID();
    const answer = grantConsent(journeyId, key);
    await cut;
    await expectOnce(journeyId, key, await answer);
    journeys.push(journeyId);
  }
  const faults = async (): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) for (const words of committing) await proxy.cutAnswerTo(words);
  };
  journeys.push(...(await playDuring(load, 'cut-under-load', faults)));
  await toTheirClose(load, journeys);
  await judge(load);
}, 300_000);
