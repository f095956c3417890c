// Parts are killed as a crash kills them, on a system of real processes with a Temporal of its own.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { freePort } from '../../dev/embedded/free-port.ts';
import { type RunningTemporal, startTemporal } from '../../dev/embedded/temporal.ts';
import { call, drive } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import type { WorkedStep } from '../../dev/journeys/step.ts';
import { day } from '../../domain/kernel/time.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { until } from '../partners/clinic-side.ts';
import { testFolder } from '../parts/postgres.ts';
import { ended, startSystem, type TestSystem } from '../parts/system.ts';
import { expectOnePerIntent, expectWhole, journeysOf } from './record.ts';

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
  system = await startSystem('crash', firstPlay, temporal.address);
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await temporal?.stop();
  await rm(home, { recursive: true, force: true });
}, 60_000);

const upTo = (steps: readonly WorkedStep[], last: string): readonly WorkedStep[] =>
  steps.slice(0, steps.findIndex(({ command }) => command === last) + 1);
const play = (name: string, steps: readonly WorkedStep[]): Promise<string> =>
  drive({ system, texts: textsOf(system.family.child), name, onEvent: () => undefined }, steps);
const worked = (): readonly WorkedStep[] => j1(castOf(system.family, firstPlay));
const typesOf = async (journeyId: string): Promise<readonly string[]> =>
  ((await journeysOf(system)).get(`journey-${journeyId}`) ?? []).map(({ type }) => type);
const post = (journeyId: string, command: string, body: object): Promise<unknown> =>
  call(system, { method: 'POST', path: `/v1/journeys/${journeyId}/${command}`, role: 'X', body, key: randomUUID() });
/** Lines of the worker's log in which the watch says that it has asked a run to look. */
const asked = (): readonly string[] =>
  readFileSync(join(system.folder, 'logs/worker.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('a run was asked to look again'))
    .map((line) => (JSON.parse(line) as { readonly journeyId: string }).journeyId);

/** The worker dies at this place; whoever gave the command may be waiting still. */
const dieAt = async (place: string, give: () => Promise<unknown>): Promise<{ readonly given: Promise<unknown> }> => {
  await system.kill('worker');
  const worker = await system.start('worker', { CARETRAIL_FAIL_POINT: place });
  const given = give();
  given.catch(() => undefined);
  await ended(worker.process);
  expect(worker.process.signalCode).toBe('SIGKILL');
  return { given };
};

test('a worker killed just after commit: the client’s command is answered with what was recorded, once', async () => {
  const journeyId = await play('killed-worker', upTo(worked(), 'VerifyIdentity'));
  const consent = { scopes: ['treatment', 'telehealth'], textVersion: 1 };
  const { given } = await dieAt('execute.committed/GrantConsent', () => post(journeyId, 'grant-consent', consent));
  await system.start('worker');
  expect(await given).toMatchObject({ events: [{ type: 'ConsentGranted' }] });
  expect((await typesOf(journeyId)).filter((type) => type === 'ConsentGranted')).toHaveLength(1);
}, 60_000);

test('API, worker and Temporal killed together just after commit, and nobody asks again: the effect is sent all the same', async () => {
  const journeyId = await play('killed-together', upTo(worked(), 'VerifyProxy'));
  const place = { state: 'WA', areaKey: '98103', addressRef: 'address-1' };
  await dieAt('execute.committed/AttestLocation', () => post(journeyId, 'attest-location', place));
  await Promise.all([system.kill('api'), temporal.kill()]);
  expect((await typesOf(journeyId)).at(-1)).toBe('EligibilityCheckRequested');
  await startOwnTemporal();
  await system.start('worker');
  await until(async () => (await typesOf(journeyId)).includes('EligibilityConfirmed'), 40_000);
  expect(asked()).toContain(journeyId);
  await system.start('api');
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

const loseTemporal = async (): Promise<void> => {
  await temporal.kill();
  await rm(join(home, 'data'), { recursive: true });
  await startOwnTemporal();
};

test('Temporal’s data are lost with 50 open journeys: all go on to their close, and nothing happened twice', async () => {
  const journeys = [...(await playMany(20, 'RecordEligibility')), ...(await playMany(30, 'CompleteConsult'))];
  await loseTemporal();
  expect(await recover()).toContain('failed 0');
  await loseTemporal();
  const clock = openJourneyClock(system.database.writer);
  // Past the worker's and the API's backs: nobody is told that the clock has moved.
  await clock.set({ advance: 20 * day });
  const open = async (): Promise<readonly string[]> => {
    const streams = await journeysOf(system);
    return journeys.filter((id) => !streams.get(`journey-${id}`)?.some(({ type }) => type === 'JourneyClosed'));
  };
  await until(async () => (await open()).length === 0, 60_000);
  const streams = await journeysOf(system);
  expectWhole(streams);
  expectOnePerIntent(system, streams);
}, 180_000);

/** `npm run recover` on this system; what it printed. */
async function recover(): Promise<string> {
  const { databaseUrl, temporal: address, taskQueue = '', keyFile } = system.settings;
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    CARETRAIL_DATABASE_WRITER_URL: databaseUrl('writer'),
    CARETRAIL_TEMPORAL_ADDRESS: address,
    CARETRAIL_TASK_QUEUE: taskQueue,
    CARETRAIL_KEY_FILE: keyFile,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [resolve('dist/dev/recover.js')], { env });
  return stdout;
}
