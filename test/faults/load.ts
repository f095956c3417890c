// Journeys that are played while parts fail, by clients that repeat under the same key whatever was not answered.
import { clinic, firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { drive } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import type { WorkedStep } from '../../dev/journeys/step.ts';
import { instantOf, localDate } from '../../domain/kernel/calendar.ts';
import type { Client } from '../crash/client.ts';
import type { TestSystem } from '../parts/system.ts';

export interface Load {
  readonly system: TestSystem;
  readonly client: Client;
  /** `YYYY-MM-DD`, not before today on the journey clock. */
  readonly firstDay: string;
}

/** Journeys that were brought to their close have moved the clock so far. */
const daysToClose = 22;

/** The first day of a load that comes after so many others on the same system. */
export function laterDay(number: number): string {
  const [year = 0, month = 1, date = 1] = firstPlay.split('-').map(Number);
  return localDate(instantOf({ year, month, day: date + number * daysToClose, hour: 12 }, clinic.zone), clinic.zone);
}

const patienceMs = 240_000;
const consulted = ['ClaimConsult', 'StartConsult', 'DecideDisposition'];

/**
 * J-1 without the visit: asked, consulted, treated with a medicine that a courier brings. All of it at one instant, so that journeys
 * side by side are not late for each other.
 */
export function care({ system, firstDay }: Load, last?: string): readonly WorkedStep[] {
  const cast = castOf(system.family, firstDay);
  const steps = j1(cast);
  const at = steps[0]?.at ?? 0;
  const consult = steps.filter(({ command }) => consulted.includes(command)).map(withoutVisit);
  const complete = steps.filter(({ command }) => command === 'CompleteConsult');
  const intake = upTo(steps, 'SubmitQuestionnaire');
  const all = [...intake, ...consult, ...complete, ...treatment(cast.pharmacyId)].map((step) => ({ ...step, at }));
  return last === undefined ? all : upTo(all, last);
}

const upTo = (steps: readonly WorkedStep[], last: string): readonly WorkedStep[] =>
  steps.slice(0, steps.findIndex(({ command }) => command === last) + 1);

/** Care at home asks for no visit. */
const withoutVisit = (step: WorkedStep): WorkedStep =>
  step.command === 'DecideDisposition' ? { ...step, data: (...given) => ({ ...step.data(...given), level: 9 }) } : step;

function treatment(pharmacyId: string): readonly WorkedStep[] {
  const rx = { rxId: 'p1' };
  const step = (role: 'C' | 'X', command: string, data: object, ...events: string[]): WorkedStep => ({
    at: 0,
    role,
    command,
    data: () => data,
    events,
  });
  const drafted = { ...rx, rxnorm: '723', sig: 'two-times-a-day', quantity: 20, days: 10 };
  return [
    step('C', 'ConfirmAllergyList', { codedList: [] }, 'AllergyListConfirmed'),
    step('C', 'ConfirmMedicationList', { codedList: [] }, 'MedicationListConfirmed'),
    step('X', 'ChoosePharmacy', { pharmacyId, fulfilment: 'courier' }, 'PharmacyChosen'),
    step('C', 'DraftPrescription', drafted, 'PrescriptionDrafted', 'RxSafetyCheckRequested', 'RxSafetyCheckPassed'),
    step('C', 'SignPrescription', rx, 'PrescriptionSigned', 'PrescriptionTransmitted'),
  ];
}

/** Plays one journey, and goes on with it whenever nobody answered. Returns its id. */
export async function play({ system, client }: Load, name: string, steps: readonly WorkedStep[]): Promise<string> {
  for (const until = Date.now() + patienceMs; ; ) {
    try {
      return await drive(
        { system, texts: textsOf(system.family.child), name: `faults-${name}`, onEvent: () => undefined, call: client.call },
        steps,
      );
    } catch (error) {
      if (!mayPass(error) || Date.now() > until) throw error;
    }
  }
}

/** Nobody answered, or what was asked for has not happened yet. What fetch throws is no Error of the world jest makes. */
const mayPass = (error: unknown): boolean => {
  const { name, message } = error as Error;
  return name === 'TypeError' || /answered 50[0234]| within \d+ s/.test(message);
};

/** Moves the journey clock on by so many milliseconds. */
export const advance = ({ system, client }: Load, by: number): Promise<unknown> =>
  client.call(system, { method: 'PUT', path: '/dev/clock', role: 'K', body: { advance: by } });

/** Plays so many journeys, so many at once. Returns their ids. */
export async function playMany(
  load: Load,
  label: string,
  count: number,
  steps: readonly WorkedStep[],
  atOnce = 4,
): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, i) => `${label}-${i}`);
  const ids: string[] = [];
  const lane = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) ids.push(await play(load, name, steps));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return ids;
}

const lanes = 3;

/** Plays one journey after the other in each of three lanes, until the faults are over. Returns the ids of all. */
export async function playDuring(load: Load, label: string, faults: () => Promise<void>): Promise<readonly string[]> {
  const steps = care(load);
  const ids: string[] = [];
  let areOver = false;
  const lane = async (_: unknown, number: number): Promise<void> => {
    for (let i = 0; i === 0 || !areOver; i += 1) ids.push(await play(load, `${label}-${number}-${i}`, steps));
  };
  const playing = Promise.all(Array.from({ length: lanes }, lane));
  const failed = new Promise<never>((_, reject) => void playing.catch(reject));
  try {
    await Promise.race([faults(), failed]);
  } finally {
    areOver = true;
  }
  await playing;
  return ids;
}
