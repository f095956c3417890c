// A clinician, the group that the clinician works for, and the licences (domain reference 5.16, R-20).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already } from '../kernel/decision.ts';
import { At, type EventOf, type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import { holdsAt, runs } from './validity.ts';

const Scope = z.enum(['nurse', 'prescriber', 'physician']);
const licence = {
  clinicianId: Id,
  groupId: Id,
  scope: Scope,
  licenceId: Id,
  state: z.string().regex(/^[A-Z]{2}$/),
  validFrom: At,
  validUntil: At,
};

// --- events

export const events = {
  LicenceRecorded: event(licence, 'licenceId'),
} satisfies EventSchemas;
type ClinicianEvent = EventOf<typeof events>;

// --- state

export interface Licence {
  readonly licenceId: string;
  readonly state: string;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}
export interface Clinician {
  readonly groupId?: string;
  readonly scope?: z.output<typeof Scope>;
  readonly licences: readonly Licence[];
}
export const initial: Clinician = { licences: [] };

export function evolve(clinician: Clinician, { data }: Happened<ClinicianEvent>): Clinician {
  const { groupId, scope, licenceId, state, validFrom, validUntil } = data;
  const others = clinician.licences.filter((held) => held.licenceId !== licenceId);
  return { groupId, scope, licences: [...others, { licenceId, state, validFrom, validUntil }] };
}

// --- decisions

export const commands = {
  RecordLicence: { roles: ['M', 'O', 'A'], data: z.strictObject(licence).refine(runs, 'ends before it begins') },
} satisfies CommandSpecs;

export const decide: Decisions<typeof commands, Clinician, ClinicianEvent> = {
  RecordLicence: (clinician, { data }) => {
    const { licenceId, state, validFrom, validUntil, groupId, scope } = data;
    const held = clinician.licences.find((known) => known.licenceId === licenceId);
    const same = held?.state === state && held.validFrom === validFrom && held.validUntil === validUntil;
    return same && clinician.groupId === groupId && clinician.scope === scope ? already : accept({ type: 'LicenceRecorded', data });
  },
};

/** True if the clinician holds a licence of this state at an instant. */
export const licensedIn = ({ licences }: Clinician, state: string, at: Instant): boolean =>
  licences.some((held) => held.state === state && holdsAt(held, at));
