// Temporal under load: killed, silent for a minute, and without its data.
import { Client, Connection } from '@temporalio/client';
import { firstPlay } from '../../dev/clinic.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { openClient } from '../crash/client.ts';
import { wanted } from '../crash/wanted.ts';
import { recover } from '../parts/recover.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { eventually, pause } from '../workflows/run-setting.ts';
import { allClosed, expectAlive, judge, untilDelivered, untilWindowsEnd } from './judgement.ts';
import { care, type Load, playDuring, playMany } from './load.ts';
import { type OwnTemporal, startOwnTemporal } from './own-temporal.ts';

let temporal: OwnTemporal;
let system: TestSystem;
let load: Load;
beforeAll(async () => {
  temporal = await startOwnTemporal('faults-temporal');
  system = await startSystem('faults-temporal', firstPlay, { temporal: temporal.address, dying: true, built: wanted.built });
  load = { system, client: openClient(system, true), firstDay: firstPlay };
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await temporal?.remove();
}, 60_000);
afterEach(() => expectAlive(system, 'api', 'worker', 'projections', 'partners'));

const open: string[] = [];

test('Temporal is killed three times under load', async () => {
  const faults = async (): Promise<void> => {
    for (let round = 0; round < 3; round += 1) {
      await pause(1_500 + 700 * round);
      await temporal.crash();
    }
  };
  open.push(...(await playDuring(load, 'killed', faults)));
}, 300_000);

const aMinute = 60_000;

test('Temporal is silent for a minute under load', async () => {
  const faults = async (): Promise<void> => {
    await pause(1_500);
    temporal.freeze();
    await pause(aMinute);
    temporal.thaw();
  };
  open.push(...(await playDuring(load, 'silent', faults)));
}, 300_000);

const openAtOnce = 200;

test('Temporal loses its data with 200 open journeys: all go on to their close', async () => {
  open.push(...(await playMany(load, 'lost', openAtOnce - open.length, care(load, 'StartJourney'), 16)));
  await temporal.lose();
  expect(await recover(system)).toMatch(/^refreshed \d{3,}, failed 0$/m);
  await eventually(async () => expect(await withoutRun(open)).toEqual([]), 30_000);
  await untilDelivered(load, open);
  await temporal.lose();
  // Behind the processes' backs: only the watch can find out that there is something to do.
  await openJourneyClock(system.database.writer).set({ advance: untilWindowsEnd });
  await allClosed(load, open);
  await judge(load);
}, 400_000);

/** Those of the journeys that nobody runs. */
async function withoutRun(journeys: readonly string[]): Promise<readonly string[]> {
  const connection = await Connection.connect({ address: temporal.address });
  const { workflow } = new Client({ connection });
  const isRunning = (id: string): Promise<boolean> =>
    workflow
      .getHandle(`journey-${id}`)
      .describe()
      .then(
        ({ status }) => status.name === 'RUNNING',
        () => false,
      );
  const running = await Promise.all(journeys.map(isRunning));
  await connection.close();
  return journeys.filter((_, i) => !running[i]);
}
