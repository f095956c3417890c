// What several decisions on prescriptions ask first.
import type { Command, Context } from '../../kernel/command.ts';
import { type Decision, refuse } from '../../kernel/decision.ts';
import { Id } from '../../kernel/event.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Medicine } from '../../templates/template.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { ClinicianFact, Pathway } from '../facts.ts';
import type { Journey } from '../state.ts';
import { isLive, isUnsigned, type Ordered, type Prescription } from './standing.ts';

export type Answer = Decision<JourneyEvent>;
type Act = Pick<Command, 'type' | 'actor'>;

export const rx = { rxId: Id };
/** A clinician's act, and a pharmacy's fact. */
export const act = { roles: ['C'], clinical: true, facts: ['clinician', 'pathway'] } as const;
export const fact = { roles: ['A'], source: 'pharmacy', facts: ['pathway'], afterClose: true } as const;

/** Refuses a clinical act; the refusal stays visible (domain reference 3.9). */
export const refuseAct = (code: RefusalCode, { type, actor }: Act, entityId: string): Answer =>
  refuse<JourneyEvent>(code, {
    type: 'ClinicalActRefused',
    data: { commandType: type, entityId, clinicianId: actor.id, reason: code },
  });

export function onKnown({ prescription }: Journey, rxId: string, decideFor: (known: Prescription) => Answer): Answer {
  const known = prescription.byId[rxId];
  return known ? decideFor(known) : refuse('entity-unknown');
}

type Prescriber = Act & { readonly rxId: string; readonly clinician: ClinicianFact };

/** An act that takes a prescriber; a nurse may prepare one, no more. */
export const onPrescribed = (
  journey: Journey,
  { rxId, clinician, ...command }: Prescriber,
  decideFor: (known: Prescription) => Answer,
): Answer =>
  onKnown(journey, rxId, (known) => (clinician.scope === 'nurse' ? refuseAct('scope-exceeded', command, rxId) : decideFor(known)));

/** A prescriber's act on a prescription that is not signed yet. */
export const onUnsigned = (journey: Journey, prescriber: Prescriber, decideFor: (known: Prescription) => Answer): Answer =>
  onKnown(journey, prescriber.rxId, (unsigned) =>
    isUnsigned(unsigned) ? onPrescribed(journey, prescriber, decideFor) : refuse('not-allowed-in-state'),
  );

/** both lists were confirmed within the last hours that the template allows. */
export function listsFresh(journey: Journey, at: Instant): boolean {
  const { allergies, medications } = journey.prescription;
  return [allergies, medications].every((list) => list !== undefined && at - list.confirmedAt <= clock(journey, 'lists.fresh'));
}

/** Another live prescription for the same medicine, or the one that this is to replace (I-7). */
export const hasLiveTwin = (
  { prescription }: Journey,
  { rxnorm, replaces }: { readonly rxnorm: string; readonly replaces?: string | undefined },
  but?: string,
): boolean =>
  Object.entries(prescription.byId).some(
    ([rxId, other]) => rxId !== but && isLive(other) && (other.rxnorm === rxnorm || rxId === replaces),
  );

/** What the pathway says of a medicine. */
export const medicineOf = ({ template }: Pathway, rxnorm: string): Medicine | undefined =>
  template.medicines.find((medicine) => medicine.rxnorm === rxnorm);

/** True if a delay of any of these is a danger of its own. */
export const isDoseCritical = ({ prescription }: Journey, pathway: Pathway, rxIds: readonly string[]): boolean =>
  rxIds.some((rxId) => medicineOf(pathway, prescription.byId[rxId]?.rxnorm ?? '')?.doseCritical === true);

/** A draft and the question whether it is safe. */
export function draftEvents(
  type: 'PrescriptionDrafted' | 'PrescriptionRevised',
  rxId: string,
  { citesResults, ...order }: Ordered & { readonly pharmacyId?: string },
  { newId }: Pick<Context, 'newId'>,
): readonly JourneyEvent[] {
  return [
    { type, data: { rxId, ...order, citesResults: [...citesResults] } },
    { type: 'RxSafetyCheckRequested', data: { rxId, checkId: newId('check') } },
  ];
}
