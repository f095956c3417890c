// A registered person: the events hold a reference into the vault and the id of its key, never a name (domain reference 3.5).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already, refuse } from '../kernel/decision.ts';
import { type EventOf, type EventSchemas, event, type Happened, Id, Ref } from '../kernel/event.ts';

// --- events

export const events = {
  PatientRegistered: event({ patientId: Id, vaultRef: Ref, keyId: Id }, 'patientId'),
} satisfies EventSchemas;
type PatientEvent = EventOf<typeof events>;

// --- state

export interface Patient {
  /** Name, date of birth, address and the like. */
  readonly vaultRef?: string;
}
export const initial: Patient = {};

export const evolve = (_patient: Patient, { data: { vaultRef } }: Happened<PatientEvent>): Patient => ({ vaultRef });

// --- decisions

export const commands = {
  RegisterPatient: { roles: ['P', 'X', 'K', 'A'], facts: ['vaultKey'], data: z.strictObject({ patientId: Id, vaultRef: Ref }) },
} satisfies CommandSpecs<keyof PatientFacts>;

export interface PatientFacts {
  /** The key under which everything about this person is encrypted. */
  readonly vaultKey: { readonly keyId: string };
}

export const decide: Decisions<typeof commands, Patient, PatientEvent, PatientFacts> = {
  RegisterPatient: (patient, { data }, { facts: { vaultKey } }) => {
    if (patient.vaultRef === data.vaultRef) return already;
    if (patient.vaultRef !== undefined) return refuse('not-allowed-in-state');
    return accept({ type: 'PatientRegistered', data: { ...data, keyId: vaultKey.keyId } });
  },
};
