// Parts are killed as a crash kills them, on a system of real processes with a Temporal of its own.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { freePort } from '../../dev/embedded/free-port.ts';
import { type RunningTemporal, startTemporal } from '../../dev/embedded/temporal.ts';
import { call, drive } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import type { WorkedStep } from '../../dev/journeys/step.ts';
import { day } from '../../domain/kernel/time.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { testFolder } from '../parts/postgres.ts';
import { recover } from '../parts/recover.ts';
import { ended, startSystem, type TestSystem } from '../parts/system.ts';
import { eventually, pause } from '../workflows/run-setting.ts';
import { expectOnePerIntent, expectWhole, journeysOf, openedConversations } from './record.ts';

const home = testFolder('crash-temporal');
let port = 0;
let temporal: RunningTemporal;
let system: TestSystem;

const startOwnTemporal = async (): Promise<void> => {
  temporal = await startTemporal({ folder: join(home, 'data'), log: join(home, 'temporal.log'), port });
};

beforeAll(async () => {
  port = await freePort();
  await startOwnTemporal();
  system = await startSystem('crash', firstPlay, { temporal: temporal.address, dying: true });
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await temporal?.stop();
  await rm(home, { recursive: true, force: true });
}, 60_000);

const upTo = (steps: readonly WorkedStep[], last: string): readonly WorkedStep[] =>
  steps.slice(0, steps.findIndex(({ command }) => command === last) + 1);
const play = (name: string, steps: readonly WorkedStep[]): Promise<string> =>
  insisting(() => drive({ system, texts: textsOf(system.family.child), name, onEvent: () => undefined }, steps));
const worked = (): readonly WorkedStep[] => j1(castOf(system.family, firstPlay));
const typesOf = async (journeyId: string): Promise<readonly string[]> =>
  ((await journeysOf(system)).get(`journey-${journeyId}`) ?? []).map(({ type }) => type);
const post = (journeyId: string, command: string, body: object, key: string = randomUUID()): Promise<unknown> =>
  call(system, { method: 'POST', path: `/v1/journeys/${journeyId}/${command}`, role: 'X', body, key });
/** As a client does that was told to repeat its request: the same again, under the same key. */
const insisting = <T>(ask: () => Promise<T>): Promise<T> =>
  ask().catch((error: Error) => {
    if (!error.message.includes('answered 503')) throw error;
    return insisting(ask);
  });
/** Lines of the worker's log in which the watch says that it has asked a run to look. */
const asked = (): readonly string[] =>
  readFileSync(join(system.folder, 'logs/worker.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('a run was asked to look again'))
    .map((line) => (JSON.parse(line) as { readonly journeyId: string }).journeyId);

/** Returns when the worker has died of what it was asked. @throws Error when that is answered or refused instead */
const workerEnds = async (asked: Promise<unknown>): Promise<void> => {
  const worker = system.child('worker')?.process;
  const answered = asked.then(() => Promise.reject(new Error('the worker has answered instead of dying')));
  if (worker) await Promise.race([ended(worker), answered]);
  expect(worker?.signalCode).toBe('SIGKILL');
  system.arm('');
};

test('a worker killed just after commit: the client’s command is answered with what was recorded, once', async () => {
  // A minor's consent is refused until the proxy is verified, which happens by itself after the identity.
  const journeyId = await play('killed-worker', upTo(worked(), 'VerifyProxy'));
  const key = randomUUID();
  system.arm('execute.committed/GrantConsent');
  const answer = insisting(() => post(journeyId, 'grant-consent', { scopes: ['treatment', 'telehealth'], textVersion: 1 }, key));
  await workerEnds(answer);
  await system.start('worker');
  expect(await answer).toMatchObject({ events: [{ type: 'ConsentGranted' }] });
  expect((await typesOf(journeyId)).filter((type) => type === 'ConsentGranted')).toHaveLength(1);
}, 90_000);

test('API, worker and Temporal killed together just after commit, and nobody asks again: the effect is sent all the same', async () => {
  const journeyId = await play('killed-together', upTo(worked(), 'VerifyProxy'));
  system.arm('execute.committed/AttestLocation');
  const lost = post(journeyId, 'attest-location', { state: 'WA', areaKey: '98103', addressRef: 'address-1' });
  const unanswered = expect(lost).rejects.toThrow();
  await workerEnds(lost);
  await Promise.all([system.kill('api'), temporal.kill()]);
  await unanswered;
  expect((await typesOf(journeyId)).at(-1)).toBe('EligibilityCheckRequested');
  await startOwnTemporal();
  await Promise.all([system.start('worker'), system.start('api')]);
  await eventually(async () => expect(await typesOf(journeyId)).toContain('EligibilityConfirmed'), 40_000);
  expect(asked()).toContain(journeyId);
}, 90_000);

/** Virtual care alone: nothing that only one visitor could do. */
const virtual = (): readonly WorkedStep[] => {
  const steps = worked();
  const commands = ['ClaimConsult', 'StartConsult', 'DecideDisposition', 'CompleteConsult'];
  const consult = steps.filter(({ command }) => commands.includes(command)).map(atHome);
  return [...upTo(steps, 'SubmitQuestionnaire'), ...consult];
};

/** Home care asks for no visit. */
const atHome = (step: WorkedStep): WorkedStep =>
  step.command === 'DecideDisposition' ? { ...step, data: (...given) => ({ ...step.data(...given), level: 9 }) } : step;

/** Plays so many journeys, a few at a time. */
async function playMany(count: number, last: string): Promise<readonly string[]> {
  const steps = upTo(virtual(), last);
  const names = Array.from({ length: count }, (_, i) => `many-${last}-${i}`);
  const ids: string[] = [];
  const work = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) ids.push(await play(name, steps));
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return ids;
}

const cared: string[] = [];
const freezeMs = 8_000;

test('a worker frozen beside another and resumed: the other reads the log meanwhile, and nothing happens twice', async () => {
  const first = system.child('worker');
  // Two of them cannot show their metrics on one port.
  const second = await system.start('worker', { CARETRAIL_METRICS_PORT: '' });
  const playing = playMany(10, 'CompleteConsult');
  first?.process.kill('SIGSTOP');
  // Longer than a silent leader leads, shorter than the runner waits for a task.
  await pause(freezeMs);
  first?.process.kill('SIGCONT');
  cared.push(...(await playing));
  await eventually(async () => {
    const streams = await journeysOf(system);
    expectOnePerIntent(system, streams);
    const queued = [...streams.values()].flat().filter(({ type }) => type === 'ConsultQueued');
    const opened = await openedConversations(system);
    expect(opened.toSorted()).toEqual(queued.map(({ entityId }) => `conversation-${entityId}`).toSorted());
  }, 30_000);
  expectWhole(await journeysOf(system));
  await first?.stop();
  expect(second.process.exitCode).toBeNull();
}, 120_000);

const loseTemporal = async (): Promise<void> => {
  await temporal.kill();
  await rm(join(home, 'data'), { recursive: true });
  await startOwnTemporal();
};

test('Temporal’s data are lost with 50 open journeys: all go on to their close, and nothing happened twice', async () => {
  const journeys = [...(await playMany(40, 'RecordEligibility')), ...cared];
  await loseTemporal();
  expect(await recover(system)).toContain('failed 0');
  await loseTemporal();
  const clock = openJourneyClock(system.database.writer);
  // Past the worker's and the API's backs: nobody is told that the clock has moved.
  await clock.set({ advance: 20 * day });
  await eventually(async () => {
    const streams = await journeysOf(system);
    const closed = journeys.filter((id) => streams.get(`journey-${id}`)?.some(({ type }) => type === 'JourneyClosed'));
    expect(closed).toHaveLength(50);
    expectOnePerIntent(system, streams);
  }, 60_000);
  expectWhole(await journeysOf(system));
}, 180_000);
