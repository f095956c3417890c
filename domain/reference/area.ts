// A service area: the postal codes that visitors serve, and from when (domain reference 5.16).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already } from '../kernel/decision.ts';
import { At, Code, type EventOf, type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';

const opening = {
  areaId: Id,
  postalCodes: z.array(Code).min(1).max(2_000),
  modalities: z
    .array(z.enum(['home', 'office', 'clinicSite', 'driveUpSite', 'drawStation']))
    .min(1)
    .max(5),
  on: At,
};

// --- events

export const events = {
  ServiceAreaOpened: event({ ...opening, version: z.int().min(1) }, 'areaId'),
} satisfies EventSchemas;
type AreaEvent = EventOf<typeof events>;

// --- state

/** What the area serves from its date until the next version's. */
export interface Opening {
  readonly version: number;
  readonly on: Instant;
  readonly postalCodes: readonly string[];
  readonly modalities: readonly string[];
}
export interface Area {
  readonly openings: readonly Opening[];
}
export const initial: Area = { openings: [] };

export function evolve(area: Area, { data: { version, on, postalCodes, modalities } }: Happened<AreaEvent>): Area {
  return { openings: [...area.openings, { version, on, postalCodes, modalities }] };
}

// --- decisions

export const commands = {
  OpenServiceArea: { roles: ['O', 'D'], data: z.strictObject(opening) },
} satisfies CommandSpecs;

export const decide: Decisions<typeof commands, Area, AreaEvent> = {
  OpenServiceArea: ({ openings }, { data }) => {
    const last = openings.at(-1);
    const same =
      last?.on === data.on && last.postalCodes.join() === data.postalCodes.join() && last.modalities.join() === data.modalities.join();
    return same ? already : accept({ type: 'ServiceAreaOpened', data: { ...data, version: openings.length + 1 } });
  },
};

/** What the area serves at an instant; undefined before its first date. */
export const openingAt = ({ openings }: Area, at: Instant): Opening | undefined => openings.findLast(({ on }) => on <= at);

/** True if the area serves a postal code, at this instant or under a version that is still to come. */
export const everServes = ({ openings }: Area, postalCode: string): boolean =>
  openings.some(({ postalCodes }) => postalCodes.includes(postalCode));
