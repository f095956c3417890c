import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ageAt } from '../domain/kernel/calendar.ts';
import type { Instant } from '../domain/kernel/time.ts';
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

/** A child of nine and the adult of the same employer who may act for the child. */
export function familyOf(population: readonly Person[], at: Instant, zone: string): { readonly child: Person; readonly parent: Person } {
  const child = population.find(({ birthDate }) => ageAt(birthDate, at, zone) === 9);
  const parent = population.find(({ birthDate }) => ageAt(birthDate, at, zone) >= 30 && ageAt(birthDate, at, zone) <= 50);
  if (!child || !parent) throw new Error('the population holds no child of nine with a parent');
  return { child, parent };
}
