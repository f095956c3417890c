import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { instantOf, localDate } from '../domain/kernel/calendar.ts';
import { day, type Instant } from '../domain/kernel/time.ts';
import { clinic, firstPlay } from './clinic.ts';
import { drive, type HistoryEvent, type System } from './journeys/drive.ts';
import { j1 } from './journeys/j1.ts';
import type { Cast } from './journeys/step.ts';
import type { Person } from './population.ts';

/** Which play of J-1 is under way, kept so that the next start resumes it. */
interface Play {
  readonly number: number;
  readonly firstDay: string;
  readonly done: boolean;
}

export interface DemoParts {
  readonly system: System;
  readonly family: { readonly child: Person; readonly parent: Person };
  readonly folder: string;
  readonly now: Instant;
  readonly publishSlots: (date: string) => Promise<void>;
  readonly print: (line: string) => void;
}

/** Plays J-1 from its first command to its close fourteen days later, printing each transition. An unfinished play is resumed. */
export async function demo({ system, family, folder, now, publishSlots, print }: DemoParts): Promise<string> {
  const file = join(folder, 'demo.json');
  const play = nextPlay(await lastPlay(file), now);
  await writeFile(file, JSON.stringify(play));
  await publishSlots(play.firstDay);
  print(`J-1 begins: a child of nine with a sore throat (play ${play.number}, first day ${play.firstDay})`);
  const journeyId = await drive(
    {
      system,
      texts: textsOf(family.child),
      name: `j1-play-${play.number}`,
      onEvent: (event) => print(lineOf(event)),
    },
    j1(castOf(family, play.firstDay)),
  );
  await writeFile(file, JSON.stringify({ ...play, done: true }));
  print('J-1 closed: Resolved');
  return journeyId;
}

/** The people and places of J-1 in the sample clinic. */
export const castOf = ({ child, parent }: DemoParts['family'], firstDay: string): Cast => ({
  patientId: child.patientId,
  proxyId: parent.patientId,
  employerId: clinic.employers.large,
  clinicianId: clinic.clinicianIds[0],
  visitorId: clinic.visitorIds[0],
  pharmacyId: clinic.pharmacyId,
  groupId: clinic.groupId,
  areaKey: clinic.postalCodes[0],
  areaId: clinic.areaId,
  firstDay,
  zone: clinic.zone,
});

/** What the parent shows and writes. */
export const textsOf = (child: Person): Readonly<Record<string, string>> => ({
  identifiers: JSON.stringify({ name: child.name, dateOfBirth: child.birthDate }),
  address: child.address,
});

async function lastPlay(file: string): Promise<Play | undefined> {
  const known = await readFile(file, 'utf8').catch(() => undefined);
  return known === undefined ? undefined : (JSON.parse(known) as Play);
}

function nextPlay(last: Play | undefined, now: Instant): Play {
  if (!last) return { number: 1, firstDay: firstPlay, done: false };
  return last.done ? { number: last.number + 1, firstDay: nextMorning(now), done: false } : last;
}

/** The first local day whose nine o'clock is still to come. */
function nextMorning(now: Instant): string {
  const today = localDate(now, clinic.zone);
  const [year = 0, month = 1, date = 1] = today.split('-').map(Number);
  return instantOf({ year, month, day: date, hour: 9 }, clinic.zone) > now ? today : localDate(now + day, clinic.zone);
}

const lineOf = ({ occurredAt, type, actor, version }: HistoryEvent): string => {
  const shown = new Date(occurredAt).toLocaleString('en-GB', {
    timeZone: clinic.zone,
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `  ${shown}  ${actor.role}  ${String(version).padStart(3)}  ${type}`;
};
