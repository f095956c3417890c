// Several journeys side by side, each stopped somewhere in J-1: a morning as a board shows it.
import { randomUUID } from 'node:crypto';
import { castOf, textsOf } from '../demo.ts';
import type { Person } from '../population.ts';
import { call, drive, type System } from './drive.ts';
import { j1 } from './j1.ts';

export interface SeveralParts {
  readonly system: System;
  readonly family: { readonly child: Person; readonly parent: Person };
  /** Local date (`YYYY-MM-DD`) of a day that has not begun on the journey clock and has slots. */
  readonly firstDay: string;
}

/** Up to which command each is played. What waits longest is played first, so that its promises break while the visit goes on. */
const stops = [
  ['waits for a clinician', 'SubmitQuestionnaire'],
  ['is visited at home', 'RecordVitals'],
  ['waits for a visit to be booked', 'SignLabOrder'],
  ['is in triage', 'StartConsult'],
  ['has consented', 'GrantConsent'],
  ['has just asked', 'StartJourney'],
] as const;

/** Plays them, and opens a task on the first. Returns their ids in the order above. */
export async function playSeveral({ system, family, firstDay }: SeveralParts): Promise<readonly string[]> {
  const steps = j1(castOf(family, firstDay));
  const texts = textsOf(family.child);
  const ids: string[] = [];
  for (const [, last] of stops) {
    const part = steps.slice(0, steps.findIndex(({ command }) => command === last) + 1);
    ids.push(await drive({ system, texts, name: randomUUID(), onEvent: () => undefined }, part));
  }
  const path = `/v1/journeys/${ids[0]}/open-task`;
  const body = { taskId: `task-${randomUUID()}`, kind: 'callback' };
  await call(system, { method: 'POST', path, role: 'K', body, key: randomUUID() });
  return ids;
}
