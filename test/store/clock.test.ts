import { setTimeout as pause } from 'node:timers/promises';
import { ClockBackwards, type JourneyClock } from '../../store/ports.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { systemClock } from '../../store/system-clock.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';

let database: TestDatabase;
let clock: JourneyClock;
const past = Date.parse('2026-01-05T09:28:00Z');
const hour = 3_600_000;

beforeAll(async () => {
  database = await createDatabase();
  clock = openJourneyClock(database.writer);
});
beforeEach(() => database.owner.query('DELETE FROM journey_clock'));
afterAll(() => database.drop());

describe('the clock of production', () => {
  test('is real time', async () => {
    expect(Math.abs((await systemClock.now()) - Date.now())).toBeLessThan(1_000);
    expect(await systemClock.realTimeOf(past)).toBe(past);
  });
});

describe('the journey clock', () => {
  test('is real time until somebody sets it', async () => {
    expect(Math.abs((await clock.now()) - Date.now())).toBeLessThan(5_000);
    expect((await clock.read()).scale).toBe(1);
    expect(await clock.realTimeOf(past)).toBe(past);
  });

  test('may first be set to the past, and frozen there to the millisecond', async () => {
    expect(await clock.set({ at: past, scale: 0 })).toEqual({ now: past, scale: 0 });
    await pause(20);
    expect(await clock.now()).toBe(past);
    expect(await clock.realTimeOf(past + hour)).toBeUndefined();
  });

  test('moves forward to an instant and by a span', async () => {
    await clock.set({ at: past, scale: 0 });
    expect(await clock.set({ at: past + hour })).toEqual({ now: past + hour, scale: 0 });
    expect(await clock.set({ advance: hour })).toEqual({ now: past + 2 * hour, scale: 0 });
    expect(await clock.read()).toEqual({ now: past + 2 * hour, scale: 0 });
  });

  test('never goes back', async () => {
    await clock.set({ at: past, scale: 0 });
    await expect(clock.set({ at: past - 1 })).rejects.toThrow(ClockBackwards);
    await expect(clock.set({ advance: -1 })).rejects.toThrow(ClockBackwards);
    expect(await clock.now()).toBe(past);
  });

  test('runs as fast as it is told, and keeps its place when the speed changes', async () => {
    await clock.set({ at: past, scale: 3_600 });
    await pause(100);
    const { now } = await clock.set({ scale: 0 });
    expect(now).toBeGreaterThanOrEqual(past + 100 * 3_600 * 0.9);
    expect(await clock.now()).toBe(now);
  });

  test('says at which real instant a journey instant comes', async () => {
    await clock.set({ at: past, scale: 60 });
    const real = await clock.realTimeOf(past + hour);
    expect(Math.abs((real ?? 0) - (Date.now() + 60_000))).toBeLessThan(5_000);
  });

  test('says the same in SQL, for whoever reads it with a stream', async () => {
    await clock.set({ at: past, scale: 0 });
    expect((await database.writer.query('SELECT journey_now() AS now')).rows).toEqual([{ now: past }]);
  });

  test('set by two at once moves by both', async () => {
    await clock.set({ at: past, scale: 0 });
    await Promise.all([clock.set({ advance: hour }), clock.set({ advance: hour })]);
    expect(await clock.now()).toBe(past + 2 * hour);
  });
});
