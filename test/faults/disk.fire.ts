// The disk of the database is full for a while: its tables first, its log of writes then.
import { randomUUID } from 'node:crypto';
import { firstPlay } from '../../dev/clinic.ts';
import { call } from '../../dev/journeys/drive.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { openClient } from '../crash/client.ts';
import { wanted } from '../crash/wanted.ts';
import { testFolder } from '../parts/postgres.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { eventually } from '../workflows/run-setting.ts';
import { expectAlive, judge, storedOf, toTheirClose } from './judgement.ts';
import { care, type Load, laterDay, play, playDuring, playMany } from './load.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

let postgres: OwnPostgres;
let disk: SmallDisk;
const disks: SmallDisk[] = [];
let system: TestSystem;
let load: Load;
beforeAll(async () => {
  postgres = await startOwnPostgres('faults-disk');
  disk = await mountSmallDisk(testFolder('small-disk'), postgres.data);
  disks.push(disk);
  await moveTables();
  system = await startSystem('faults-disk', firstPlay, { database: postgres.database, dying: true, built: wanted.built });
  load = { system, client: openClient(system, true), firstDay: firstPlay };
}, 120_000);
afterAll(async () => {
  await disk?.empty();
  await system?.stop();
  await postgres?.remove();
  for (const mounted of disks) await mounted.remove();
}, 60_000);

/** Puts the database's tables on the small disk, before anybody uses them. */
async function moveTables(): Promise<void> {
  const { database } = postgres;
  const maintenance = new URL(database.url('superuser'));
  maintenance.pathname = '/postgres';
  const pool = openPool(maintenance.toString(), 1);
  await pool.query(`CREATE TABLESPACE small LOCATION '${disk.folder}'`);
  await pool.query(`ALTER DATABASE ${database.name} SET TABLESPACE small`);
  await pool.end();
}

interface Asked {
  readonly journeyId: string;
  readonly key: string;
}

const note = { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'reached' };
const contact = ({ journeyId, key }: Asked): Promise<unknown> =>
  call(system, { method: 'POST', path: `/v1/journeys/${journeyId}/record-contact-attempt`, role: 'K', body: note, key });

test('the disk is full under load, and has space again: nobody is told what is not so, and all goes on by itself', async () => {
  const journeys = await playMany(load, 'full', 6, care(load));
  await disk.fill();
  const unknown: Asked[] = [];
  const accepted: Asked[] = [];
  const lane = async (journeyId: string): Promise<void> => {
    while (unknown.length < 12) {
      const asked = { journeyId, key: randomUUID() };
      const error = await contact(asked).then(
        () => undefined,
        (reason: Error) => reason,
      );
      if (error) expect(error.message).toContain('answered 503');
      (error ? unknown : accepted).push(asked);
    }
  };
  const fresh = play(load, 'begun-while-full', care(load));
  // It is awaited once there is space.
  fresh.catch(() => undefined);
  await Promise.all(journeys.map(lane));
  await disk.empty();
  for (const asked of unknown) await eventually(async () => void (await contact(asked)), 60_000);
  for (const journeyId of journeys) {
    const noted = (await storedOf(system, journeyId)).filter(({ type }) => type === 'ContactAttempted');
    expect(noted).toHaveLength([...unknown, ...accepted].filter((asked) => asked.journeyId === journeyId).length);
  }
  await toTheirClose(load, [...journeys, await fresh]);
  await judge(load);
  expectAlive(system, 'api', 'worker', 'projections', 'partners');
}, 300_000);

test('the disk of the log of writes is full: the server gives up, and is started again when there is space', async () => {
  load = { ...load, firstDay: laterDay(1) };
  const logDisk = await mountSmallDisk(testFolder('log-disk'), postgres.data);
  disks.push(logDisk);
  await postgres.moveLog(logDisk.folder);
  const faults = async (): Promise<void> => {
    await logDisk.fill();
    await eventually(async () => {
      await postgres.database.superuser.query('SELECT pg_switch_wal()').catch(() => undefined);
      expect(postgres.isUp()).toBe(false);
    }, 60_000);
    await logDisk.empty();
    await postgres.start();
  };
  const journeys = await playDuring(load, 'log-full', faults);
  await toTheirClose(load, journeys);
  await judge(load);
  expectAlive(system, 'api', 'worker', 'projections', 'partners');
}, 300_000);
