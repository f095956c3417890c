// One play of J-1 on a system whose processes are killed meanwhile, and what must hold of it afterwards.
import type { Child } from '../../dev/child.ts';
import { clinic } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import type { ProcessName } from '../../dev/embedded/processes.ts';
import { call, drive } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import { slotsOf } from '../../dev/seed.ts';
import { ended, type TestSystem } from '../parts/system.ts';
import { viewDifferences } from '../parts/view-differences.ts';
import { eventually, pause } from '../workflows/run-setting.ts';
import { type Client, openClient } from './client.ts';
import { type Hit, points } from './points.ts';
import {
  expectAnswered,
  expectAskedBefore,
  expectAtMostOnce,
  expectNothingDue,
  expectNothingParked,
  expectOnePerIntent,
  expectWhole,
  journeysOf,
  streamsOf,
} from './record.ts';

export interface Play {
  /** In the order in which they come in a play. */
  readonly kills: readonly Hit[];
  /** Clients that repeat under the same key what was not answered. */
  readonly retries: boolean;
  /** Unlike that of any other play on the same Temporal: the ids of its commands and journeys follow from it. */
  readonly name: string;
  /** `YYYY-MM-DD`, later than every play before it on the same system. */
  readonly firstDay: string;
  /** Kills what is to die together with the process that dies, and brings it back. */
  readonly together?: () => Promise<void>;
}

/** Plays J-1 to its end. Returns the hits at which a process was killed. @throws when anything is not as it must be */
export async function play(system: TestSystem, played: Play, onStep?: (step: number) => void): Promise<readonly Hit[]> {
  const { retries, firstDay, name } = played;
  await publishSlots(system, firstDay);
  const killing = startKilling(system, played);
  const client = openClient(system, retries);
  try {
    const steps = j1(castOf(system.family, firstDay));
    const reached = (step: number): void => {
      onStep?.(step);
      killing.reached(step);
    };
    const driven = drive(
      {
        system,
        texts: textsOf(system.family.child),
        name,
        onEvent: () => undefined,
        onStep: reached,
        call: client.call,
      },
      steps,
    );
    await Promise.race([driven, killing.failed]);
    await killing.over();
    await verify(system, client);
    return killing.killed;
  } finally {
    await killing.over();
  }
}

const publishSlots = (system: TestSystem, date: string): Promise<unknown> =>
  call(system, {
    method: 'POST',
    path: `/v1/capacities/${clinic.areaId}_${date}/publish-slot-capacity`,
    role: 'O',
    body: slotsOf(date),
    key: `slots-of-${date}`,
  });

/** How long a run that is behind may take until the watch has found it. */
const patienceMs = 40_000;

/** Accepted commands stand once, unknown ones at most once, partners did each thing once, and every view is what a rebuild gives. */
async function verify(system: TestSystem, client: Client): Promise<void> {
  await eventually(async () => expectOnePerIntent(system, await journeysOf(system)), patienceMs);
  await eventually(() => expectNothingDue(system), patienceMs);
  expectWhole(await streamsOf(system));
  await expectAnswered(system, client.accepted);
  await expectAtMostOnce(system, client.lost);
  await expectAskedBefore(system);
  await expectNothingParked(system);
  expect(await viewDifferences(system.database)).toEqual({});
}

interface Killing {
  /** The play has come to this step. */
  reached(step: number): void;
  /** No more kills; returns when everything runs again. */
  over(): Promise<void>;
  readonly killed: readonly Hit[];
  /** Rejects when something cannot be brought back. */
  readonly failed: Promise<never>;
}

const placeOf = ({ point, about }: Hit): string => (about === undefined ? point : `${point}/${about}`);

/** A place that is not passed again for so long after the last step is given up. */
const lastChanceMs = 3_000;

function startKilling(system: TestSystem, { kills, together }: Play): Killing {
  const left = [...kills];
  const killed: Hit[] = [];
  let at = -1;
  let armed: (Hit & { readonly since: number; readonly doomed: Child | undefined }) | undefined;
  let isBringingBack = false;
  let closed = false;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);

  const arm = (): void => {
    const next = left[0];
    if (armed || !next || next.step > at) return;
    left.shift();
    const holder = points[next.point] ?? 'worker';
    const doomed = system.child(holder);
    armed = { ...next, since: Date.now(), doomed };
    if (doomed)
      ended(doomed.process)
        .then(() => bringBack(holder, next))
        .catch(fail);
    system.arm(next.step < at ? placeOf(next) : `${placeOf(next)}:${next.nth}`);
  };

  const bringBack = async (holder: ProcessName, hit: Hit): Promise<void> => {
    if (closed) return;
    isBringingBack = true;
    system.arm('');
    await together?.();
    await system.start(holder);
    killed.push(hit);
    armed = undefined;
    isBringingBack = false;
    arm();
  };

  return {
    killed,
    failed,
    reached(step) {
      at = step;
      // What is not passed as often as it was counted dies the next time.
      if (armed && armed.step < step && !isBringingBack) system.arm(placeOf(armed));
      arm();
    },
    async over() {
      while (!closed && (isBringingBack || (armed && Date.now() - armed.since < lastChanceMs))) await pause(20);
      left.length = 0;
      system.arm('');
      await pause(100);
      if (armed?.doomed?.process.signalCode === 'SIGKILL') while (isBringingBack) await pause(20);
      closed = true;
    },
  };
}
