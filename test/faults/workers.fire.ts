// Workers and API processes: none for ten hours, one frozen beside another, and two that answer the same request.
import { randomUUID } from 'node:crypto';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf } from '../../dev/demo.ts';
import { freePort } from '../../dev/embedded/free-port.ts';
import { call } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import { playSeveral } from '../../dev/journeys/several.ts';
import { hour } from '../../domain/kernel/time.ts';
import { openClient } from '../crash/client.ts';
import { wanted } from '../crash/wanted.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { eventually } from '../workflows/run-setting.ts';
import { elapsed, elapsingUntil, late } from './deadlines.ts';
import { expectAlive, judge, storedOf, toTheirClose } from './judgement.ts';
import { advance, care, type Load, laterDay, playDuring, playMany } from './load.ts';

let system: TestSystem;
let load: Load;
beforeAll(async () => {
  system = await startSystem('faults-workers', firstPlay, { dying: true, built: wanted.built });
  load = { system, client: openClient(system, true), firstDay: firstPlay };
}, 120_000);
afterAll(() => system?.stop(), 60_000);

const now = async (): Promise<number> => ((await call(system, { method: 'GET', path: '/dev/clock', role: 'K' })) as { now: number }).now;

test('no worker runs for ten hours: each timer that fell due meanwhile fires once, as of its own instant, in order', async () => {
  const { family } = system;
  const several = await playSeveral({ system, family, firstDay: firstPlay });
  const playedTo = async (last: string): Promise<readonly string[]> => playMany(load, `ten-hours-${last}`, 3, care(load, last));
  const ending = [...(await playedTo('StartJourney')), ...(await playedTo('GrantConsent')), ...(await playedTo('CompleteConsult'))];
  // Whoever waits for a clinician, or is with one, waits on: their promises break, and no timer closes them.
  const waiting = [...several, ...(await playedTo('SubmitQuestionnaire')), ...(await playedTo('StartConsult'))];
  await eventually(() => judge(load), 20_000);
  await system.kill('worker');
  const until = (await now()) + 10 * hour;
  const before = new Map<string, number>();
  const expected = new Map<string, readonly string[]>();
  for (const id of [...waiting, ...ending]) {
    const stored = await storedOf(system, id);
    before.set(id, stored.length);
    expected.set(id, elapsingUntil(stored, until));
  }
  // Something is to fire, and in one journey one after the other.
  expect([...expected.values()].some((ids) => ids.length > 1)).toBe(true);
  await advance(load, 10 * hour);
  await system.start('worker');
  await eventually(async () => {
    for (const [id, ids] of expected) {
      const meanwhile = (await storedOf(system, id)).slice(before.get(id));
      expect([id, ...elapsed(meanwhile)]).toEqual([id, ...ids]);
      expect(late(meanwhile)).toEqual([]);
    }
  }, 90_000);
  await toTheirClose(load, ending);
  await judge(load);
}, 300_000);

/** Who leads the readers: the database's own number of the connection that holds their lock. */
async function leader(): Promise<number | undefined> {
  const text = `SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE locktype = 'advisory' AND d.datname = $1 AND (classid::bigint << 32) + objid::bigint = hashtextextended('caretrail readers', 0)`;
  const { rows } = await system.database.superuser.query<{ pid: number }>(text, [system.database.name]);
  return rows[0]?.pid;
}

/** How many commands a worker has decided so far, by its own count. */
async function decidedBy(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const counts = text.split('\n').filter((line) => line.startsWith('caretrail_commands_decided_total{'));
  return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

test('a worker is frozen beside another until that one leads, and is resumed: both go on, and nothing happens twice', async () => {
  load = { ...load, firstDay: laterDay(1) };
  const frozen = system.child('worker');
  const { worker: frozenPort = 0 } = system.metricsPorts;
  const otherPort = await freePort();
  const other = await system.start('worker', { CARETRAIL_METRICS_PORT: String(otherPort) });
  const faults = async (): Promise<void> => {
    const led = await leader();
    expect(led).toBeDefined();
    await eventually(async () => expect(await decidedBy(otherPort)).toBeGreaterThan(0), 30_000);
    frozen?.process.kill('SIGSTOP');
    await eventually(async () => expect([undefined, led]).not.toContain(await leader()), 60_000);
    const alone = await decidedBy(otherPort);
    await eventually(async () => expect(await decidedBy(otherPort)).toBeGreaterThan(alone + 20), 60_000);
    frozen?.process.kill('SIGCONT');
    const [first, second] = [await decidedBy(frozenPort), await decidedBy(otherPort)];
    await eventually(async () => expect(await decidedBy(frozenPort)).toBeGreaterThan(first + 5), 60_000);
    await eventually(async () => expect(await decidedBy(otherPort)).toBeGreaterThan(second + 5), 60_000);
  };
  const journeys = await playDuring(load, 'frozen', faults);
  expect(frozen?.process.exitCode).toBeNull();
  await toTheirClose(load, journeys);
  await judge(load);
  expectAlive(system, 'api', 'worker', 'projections', 'partners');
  await frozen?.stop();
  expect(other.process.exitCode).toBeNull();
}, 300_000);

/** The same API once more, on a port of its own; returns its address. */
async function startSecondApi(): Promise<string> {
  const port = await freePort();
  await system.start('api', { CARETRAIL_API_PORT: String(port), CARETRAIL_METRICS_PORT: '' });
  const address = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${address}/health/ready`)).status).toBe(200), 30_000);
  return address;
}

const pairs = 12;

test('two API processes are given the same request, at once and one after the other: it happens once and is answered the same', async () => {
  load = { ...load, firstDay: laterDay(2) };
  const first = system.child('api');
  const apis = [system.api, await startSecondApi()];
  const start =
    j1(castOf(system.family, load.firstDay))[0]?.data(
      () => '',
      () => '',
    ) ?? {};
  const ask = (api: string, role: 'X' | 'K', path: string, body: object, key: string): Promise<unknown> =>
    call({ api, tokens: system.tokens }, { method: 'POST', path, role, body, key });
  const reached = { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'reached' };
  const journeys: string[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const [startKey, key] = [randomUUID(), randomUUID()];
    const [a, b] = await Promise.all(apis.map((api) => ask(api, 'X', '/v1/journeys', start, startKey)));
    expect(b).toEqual(a);
    const { journeyId } = a as { readonly journeyId: string };
    const path = `/v1/journeys/${journeyId}/record-contact-attempt`;
    const answers = pair % 2 === 0 ? await Promise.all(apis.map((api) => ask(api, 'K', path, reached, key))) : [];
    for (const api of [...apis, ...apis]) answers.push(await ask(api, 'K', path, reached, key));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const stored = await storedOf(system, journeyId);
    expect(stored.filter(({ type }) => type === 'JourneyRequested')).toHaveLength(1);
    expect(stored.filter(({ type }) => type === 'ContactAttempted')).toHaveLength(1);
    journeys.push(journeyId);
  }
  await toTheirClose(load, journeys);
  await judge(load);
  await first?.stop();
}, 200_000);
