// A system under fire: its own Temporal, one play after the other, and a fresh system after one that went wrong.
import { cp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { clinic, firstPlay } from '../../dev/clinic.ts';
import { freePort } from '../../dev/embedded/free-port.ts';
import { type RunningTemporal, startTemporal } from '../../dev/embedded/temporal.ts';
import { instantOf, localDate } from '../../domain/kernel/calendar.ts';
import { day } from '../../domain/kernel/time.ts';
import { testFolder } from '../parts/postgres.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { type Play, play } from './play.ts';
import { counting, type Hit, type Hits } from './points.ts';

/** What is killed in one play, and by whom it is lived through. */
export interface Attack {
  readonly kills: readonly Hit[];
  readonly retries: boolean;
  /** API and Temporal die together with the process. */
  readonly together: boolean;
}

export interface Fought {
  readonly attack: Attack;
  readonly killed: readonly Hit[];
  readonly seconds: number;
  /** What was not as it must be. */
  readonly red?: string;
}

export interface Battlefield {
  /** Plays J-1 undisturbed and says where it passes each place. */
  count(): Promise<Hits>;
  fight(attack: Attack): Promise<Fought>;
  leave(): Promise<void>;
}

/** J-1 is over after fifteen days, and the clock never goes back. */
const daysBetweenPlays = 17;

/** Brings a system up; `built` names the folder of another build than the project's own. */
export async function enter(label: string, built?: string): Promise<Battlefield> {
  const home = testFolder(`${label}-temporal`);
  const port = await freePort();
  const launch = (): Promise<RunningTemporal> => startTemporal({ folder: join(home, 'data'), log: join(home, 'temporal.log'), port });
  let temporal = await launch();
  let plays = 0;
  let systems = 0;
  const bringUp = (): Promise<TestSystem> => {
    plays = 0;
    systems += 1;
    return startSystem(`${label}-${systems}`, firstPlay, { temporal: temporal.address, dying: true, ...(built && { built }) });
  };
  let system = await bringUp();

  const together = async (): Promise<void> => {
    await Promise.all([system.kill('api'), temporal.kill()]);
    temporal = await launch();
    await system.start('api');
  };

  const next = ({ kills, retries, together: also }: Attack): Play => {
    const firstDay = dayOf(plays);
    plays += 1;
    return { kills, retries, name: `${label}-${systems}-${plays}`, firstDay, ...(also && { together }) };
  };

  /** What a play that went wrong has left behind, for whoever wants to know why. */
  const keep = (): Promise<void> => cp(system.folder, resolve('.caretrail/fire', `${label}-${systems}`), { recursive: true });

  return {
    async count() {
      const counted = counting(system);
      await play(system, next({ kills: [], retries: true, together: false }), counted.onStep).catch(async (error) => {
        await keep();
        throw error;
      });
      return counted.hits();
    },
    async fight(attack) {
      const from = performance.now();
      const seconds = (): number => Math.round((performance.now() - from) / 1_000);
      try {
        return { attack, killed: await play(system, next(attack)), seconds: seconds() };
      } catch (error) {
        const red = error instanceof Error ? error.message : String(error);
        await keep();
        await system.stop();
        system = await bringUp();
        return { attack, killed: [], seconds: seconds(), red };
      }
    },
    async leave() {
      await system.stop();
      await temporal.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The first day of a play. J-1 tells the hours of its later days by the offset of its first: a play begins where the clocks do not change. */
function dayOf(number: number): string {
  const [year = 0, month = 1, date = 1] = firstPlay.split('-').map(Number);
  const noonAfter = (days: number): number => instantOf({ year, month, day: date + days, hour: 12 }, clinic.zone);
  const changes = (slot: number): boolean => {
    const begins = slot * daysBetweenPlays;
    return noonAfter(begins + daysBetweenPlays) - noonAfter(begins) !== daysBetweenPlays * day;
  };
  let slot = 0;
  for (let left = number; left > 0 || changes(slot); slot += 1) if (!changes(slot)) left -= 1;
  return localDate(noonAfter(slot * daysBetweenPlays), clinic.zone);
}
