import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ageAt } from '../domain/kernel/calendar.ts';
import { clinic, firstMorning } from './clinic.ts';
import { projectRoot } from './project-root.ts';

/** Somebody who does not exist (dev/data/ATTRIBUTION.md). */
export interface Person {
  readonly patientId: string;
  readonly name: string;
  readonly birthDate: string;
  readonly gender: string;
  readonly phone: string;
  readonly address: string;
}

/** The sample population. */
export function loadPopulation(): readonly Person[] {
  const lines = gunzipSync(readFileSync(join(projectRoot, 'dev/data/population.ndjson.gz')))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Person);
}

/** A child who is nine on the first day, and an adult of the same employer who may act for the child. */
export function familyOf(population: readonly Person[]): { readonly child: Person; readonly parent: Person } {
  const age = ({ birthDate }: Person): number => ageAt(birthDate, firstMorning, clinic.zone);
  const child = population.find((person) => age(person) === 9);
  const parent = population.find((person) => age(person) >= 30 && age(person) <= 50);
  if (!child || !parent) throw new Error('the population holds no child of nine with a parent');
  return { child, parent };
}

/** True for those who were under 18 on the first day. */
export const isMinor = ({ birthDate }: Person): boolean => ageAt(birthDate, firstMorning, clinic.zone) < 18;
