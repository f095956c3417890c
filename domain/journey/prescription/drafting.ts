// Lists, choice, draft and signature.
import { z } from 'zod';
import type { Command, CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import { Schedule } from '../../templates/template.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { licenceBasis } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { completed } from '../work/open-tasks.ts';
import { draftGate, gateRefused, signatureGate } from './controlled-substances.ts';
import { CodedList, Fulfilment, Order, reports } from './events.ts';
import { type Answer, act, draftEvents, hasLiveTwin, listsFresh, medicineOf, onKnown, onUnsigned, refuseAct, rx } from './prescribing.ts';
import { hindrance } from './safety-check.ts';
import { isCancelling, isUnsigned, type Ordered } from './standing.ts';

// The licence gate of `clinical` would ask a visitor for a clinician's licence; the decision asks the clinician alone.
const list = { roles: ['C', 'V'], facts: ['clinician', 'pathway'], data: z.strictObject({ codedList: CodedList }) } as const;
const { rxnorm, sig, quantity, days, replaces, citesResults } = Order;

export const commands = {
  ConfirmAllergyList: list,
  ConfirmMedicationList: list,
  ChoosePharmacy: {
    roles: ['P', 'X', 'K'],
    facts: ['pharmacy', 'pathway'],
    data: z.strictObject({ pharmacyId: Id, fulfilment: Fulfilment }),
  },
  DraftPrescription: {
    ...act,
    data: z.strictObject({ ...rx, ...Order, citesResults: citesResults.default([]), schedule: Schedule.optional() }),
  },
  RevisePrescription: {
    ...act,
    data: z.strictObject({
      ...rx,
      rxnorm: rxnorm.optional(),
      sig: sig.optional(),
      quantity: quantity.optional(),
      days: days.optional(),
      replaces,
      citesResults: citesResults.optional(),
      schedule: Schedule.optional(),
    }),
  },
  RecordPdmpQuery: { roles: ['A'], source: 'safety', facts: ['pathway'], afterClose: true, data: reports.RecordPdmpQuery },
  SignPrescription: { ...act, data: z.strictObject({ ...rx, factors: z.array(Code).max(3).optional() }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  ConfirmAllergyList: (journey, command, context) => confirmList('AllergyListConfirmed', journey, command, context),

  ConfirmMedicationList: (journey, command, context) => confirmList('MedicationListConfirmed', journey, command, context),

  ChoosePharmacy: (journey, { data, actor }, { facts: { pharmacy } }) => {
    if (!pharmacy.known) return refuse('entity-unknown');
    const chosen: JourneyEvent = {
      type: 'PharmacyChosen',
      data: { ...data, capabilities: [...pharmacy.capabilities], chosenBy: actor.id },
    };
    return accept<JourneyEvent>(chosen, ...completed(journey, 'pharmacyChoice', 'chosen'));
  },

  DraftPrescription: (journey, command, context) => {
    const { rxId, replaces: replaced, schedule, ...order } = command.data;
    const { byId, choice } = journey.prescription;
    if (byId[rxId]) return refuse('not-allowed-in-state');
    const wanted = { ...order, ...(replaced && { replaces: replaced }), ...(schedule && { schedule }) };
    return draft(journey, { command, rxId, wanted }, context, (ordered) =>
      accept(...draftEvents('PrescriptionDrafted', rxId, { ...ordered, ...(choice && { pharmacyId: choice.pharmacyId }) }, context)),
    );
  },

  RevisePrescription: (journey, command, context) =>
    onKnown(journey, command.data.rxId, (known) => {
      if (!isUnsigned(known)) return refuse('not-allowed-in-state');
      const { rxId, ...changes } = command.data;
      const wanted = revised(known, changes);
      return draft(journey, { command, rxId, wanted }, context, (ordered) =>
        accept(
          ...draftEvents('PrescriptionRevised', rxId, { ...ordered, ...(known.pharmacyId && { pharmacyId: known.pharmacyId }) }, context),
        ),
      );
    }),

  RecordPdmpQuery: (journey, { data }) => onKnown(journey, data.rxId, () => accept({ type: 'PdmpQueried', data })),

  SignPrescription: (journey, { type, data: { rxId, factors }, actor }, { facts: { clinician, pathway }, at }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, (known) => {
      if (isCancelling(known)) return refuse('not-allowed-in-state');
      const open = hindrance(known);
      if (open) return refuse(open);
      if (hasLiveTwin(journey, known)) return refuse('live-twin');
      if (!journey.prescription.choice) return refuse('pharmacy-not-chosen');
      const asked = { template: pathway.template, clinicianId: actor.id, at, factors: factors ?? [] };
      const shut = signatureGate(journey, known, asked);
      if (shut && known.schedule) return refuse<JourneyEvent>(shut.code, gateRefused(rxId, known.schedule, shut));
      return accept({ type: 'PrescriptionSigned', data: { rxId, clinicianId: actor.id, ...(factors && { factors }) } });
    }),
};

interface Wish {
  readonly command: Pick<Command, 'type' | 'actor'>;
  readonly rxId: string;
  readonly wanted: Ordered;
}

/** What has to hold before a medicine may stand on a draft. */
function draft(
  journey: Journey,
  { command, rxId, wanted }: Wish,
  { facts: { pathway }, at }: Context<Pick<Facts, 'pathway'>>,
  drafted: (ordered: Ordered) => Answer,
): Answer {
  const { replaces: replaced } = wanted;
  if (replaced !== undefined && !journey.prescription.byId[replaced]) return refuse('entity-unknown');
  const medicine = medicineOf(pathway, wanted.rxnorm);
  // The pathway knows the schedule of its medicines; what a draft says of it can only add one.
  const schedule = medicine?.schedule ?? wanted.schedule;
  const shut = schedule && draftGate(journey, schedule, { template: pathway.template, clinicianId: command.actor.id, at });
  if (!medicine || shut) return refuseAct(shut ? shut.code : 'scope-exceeded', command, rxId);
  if (!listsFresh(journey, at)) return refuse('list-not-confirmed');
  if (hasLiveTwin(journey, wanted)) return refuse('live-twin');
  return drafted({ ...wanted, ...(schedule && { schedule }) });
}

type Changes = { readonly [K in keyof Ordered]?: Ordered[K] | undefined };

const revised = (known: Ordered, changes: Changes): Ordered => {
  const replaced = changes.replaces ?? known.replaces;
  // Another medicine is not of the schedule of the one before.
  const schedule = changes.schedule ?? (changes.rxnorm === undefined ? known.schedule : undefined);
  return {
    rxnorm: changes.rxnorm ?? known.rxnorm,
    sig: changes.sig ?? known.sig,
    quantity: changes.quantity ?? known.quantity,
    days: changes.days ?? known.days,
    citesResults: changes.citesResults ?? known.citesResults,
    ...(replaced && { replaces: replaced }),
    ...(schedule && { schedule }),
  };
};

function confirmList(
  type: 'AllergyListConfirmed' | 'MedicationListConfirmed',
  journey: Journey,
  { data, actor, ...command }: Command<string, { codedList: string[] }>,
  { facts: { clinician }, at }: Context<Pick<Facts, 'clinician'>>,
): Answer {
  const before = type === 'AllergyListConfirmed' ? journey.prescription.allergies : journey.prescription.medications;
  const confirmed = { listVersion: (before?.version ?? 0) + 1, codedList: data.codedList, by: actor.id };
  if (actor.role !== 'C') return accept({ type, data: confirmed });
  const licence = licenceBasis(clinician, journey.intake.location?.state ?? '', at);
  if (!licence) return refuseAct('licence-not-valid-here', { type: command.type, actor }, 'journey');
  return accept({ type, data: { ...confirmed, licenceBasis: licence } });
}
