// A registered person: the events hold a reference into the vault and the id of its key, never a name (domain reference 3.5).
import { z } from 'zod';
import type { CommandSpecs, Context, Decisions } from '../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../kernel/decision.ts';
import { At, type EventOf, type EventSchemas, event, type Happened, Id, Ref } from '../kernel/event.ts';
import { day, type Instant } from '../kernel/time.ts';

/** What a flag asks for at the next visits: two people together, or nobody goes to the home at all. */
const FlagScope = z.enum(['pairVisit', 'clinicOnly']);
type FlagScope = z.output<typeof FlagScope>;

// --- events

const flag = { patientId: Id, flagId: Id, scope: FlagScope, reviewAt: At, expiresAt: At, by: Id, reasonRef: Ref.optional() };

export const events = {
  PatientRegistered: event({ patientId: Id, vaultRef: Ref, keyId: Id }, 'patientId'),
  HomeSafetyFlagPlaced: event(flag, 'flagId'),
  HomeSafetyFlagReviewed: event(flag, 'flagId'),
  HomeSafetyFlagLifted: event(flag, 'flagId'),
} satisfies EventSchemas;
type PatientEvent = EventOf<typeof events>;

// --- state

export interface HomeSafetyFlag {
  readonly scope: FlagScope;
  readonly reviewAt: Instant;
  /** From here on the flag asks for nothing any more. */
  readonly expiresAt: Instant;
}
export interface Patient {
  /** Name, date of birth, address and the like. */
  readonly vaultRef?: string;
  /** Flags on the home that nobody has lifted. */
  readonly flags: ReadonlyMap<string, HomeSafetyFlag>;
}
export const initial: Patient = { flags: new Map() };

export function evolve(patient: Patient, { type, data }: Happened<PatientEvent>): Patient {
  switch (type) {
    case 'PatientRegistered':
      return { ...patient, vaultRef: data.vaultRef };
    case 'HomeSafetyFlagPlaced':
    case 'HomeSafetyFlagReviewed': {
      const { scope, reviewAt, expiresAt } = data;
      return { ...patient, flags: new Map(patient.flags).set(data.flagId, { scope, reviewAt, expiresAt }) };
    }
    case 'HomeSafetyFlagLifted':
      return { ...patient, flags: new Map([...patient.flags].filter(([flagId]) => flagId !== data.flagId)) };
  }
}

/** What the flags that are in force at an instant ask for, each scope once. */
export const scopesAt = ({ flags }: Patient, at: Instant): readonly FlagScope[] => [
  ...new Set([...flags.values()].filter(({ expiresAt }) => at < expiresAt).map(({ scope }) => scope)),
];

// --- decisions

const known = { patientId: Id, flagId: Id };

export const commands = {
  RegisterPatient: { roles: ['P', 'X', 'K', 'A'], facts: ['vaultKey'], data: z.strictObject({ patientId: Id, vaultRef: Ref }) },
  PlaceHomeSafetyFlag: { roles: ['S', 'D'], data: z.strictObject({ patientId: Id, scope: FlagScope, reviewAt: At, reasonRef: Ref }) },
  ReviewHomeSafetyFlag: { roles: ['S', 'D'], data: z.strictObject({ ...known, scope: FlagScope, reviewAt: At, reasonRef: Ref }) },
  LiftHomeSafetyFlag: { roles: ['S', 'D'], data: z.strictObject({ ...known, reasonRef: Ref }) },
} satisfies CommandSpecs<keyof PatientFacts>;

export interface PatientFacts {
  /** The key under which everything about this person is encrypted. */
  readonly vaultKey: { readonly keyId: string };
}

/** How long a flag outlives the day of its review, so that a review that is late leaves nobody unwarned. */
const afterReview = 90 * day;

export const decide: Decisions<typeof commands, Patient, PatientEvent, PatientFacts> = {
  RegisterPatient: (patient, { data }, { facts: { vaultKey } }) => {
    if (patient.vaultRef === data.vaultRef) return already;
    if (patient.vaultRef !== undefined) return refuse('not-allowed-in-state');
    return accept({ type: 'PatientRegistered', data: { ...data, keyId: vaultKey.keyId } });
  },

  PlaceHomeSafetyFlag: (patient, { data, actor }, context) =>
    onRegistered(patient, data.reviewAt, context, () => {
      const expiresAt = data.reviewAt + afterReview;
      return accept({ type: 'HomeSafetyFlagPlaced', data: { ...data, flagId: context.newId('flag'), expiresAt, by: actor.id } });
    }),

  ReviewHomeSafetyFlag: (patient, { data, actor }, context) =>
    onRegistered(patient, data.reviewAt, context, () => {
      if (!patient.flags.has(data.flagId)) return refuse('entity-unknown');
      return accept({ type: 'HomeSafetyFlagReviewed', data: { ...data, expiresAt: data.reviewAt + afterReview, by: actor.id } });
    }),

  LiftHomeSafetyFlag: ({ flags }, { data, actor }) => {
    const standing = flags.get(data.flagId);
    return standing ? accept({ type: 'HomeSafetyFlagLifted', data: { ...data, ...standing, by: actor.id } }) : refuse('entity-unknown');
  },
};

/** A flag is about a patient who is registered, and its review is still to come. */
function onRegistered(
  { vaultRef }: Patient,
  reviewAt: Instant,
  { at }: Context<unknown>,
  decideFor: () => Decision<PatientEvent>,
): Decision<PatientEvent> {
  if (vaultRef === undefined) return refuse('entity-unknown');
  return reviewAt <= at ? refuse('until-in-the-past') : decideFor();
}
