import { z } from 'zod';
import { afterOpenTime } from '../../kernel/calendar.ts';
import type { Command, CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { Instant } from '../../kernel/time.ts';
import { clock, schedule } from '../clocks.ts';
import { deliveryRequested } from '../delivery/decide.ts';
import type { JourneyEvent } from '../events.ts';
import type { ClinicianFact, FactName, Facts } from '../facts.ts';
import { licenceBasis } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { completed, taskUnlessOpen } from '../work/open-tasks.ts';
import { CodedList, dispenseOutcomes, Fulfilment, Order, pharmacyStatuses, reports, transmissionOutcomes } from './events.ts';
import { hindrance, isLive, isUnsigned, mayBecome, needsSecond, openIds, type Prescription } from './state.ts';

const rx = { rxId: Id };
const reason = { reasonCode: Code.optional() };
const act = { roles: ['C'], clinical: true, facts: ['clinician', 'pathway'] } as const;
const fact = { roles: ['A'], source: 'pharmacy', facts: ['pathway'], afterClose: true } as const;
// The licence gate of `clinical` would ask a visitor for a clinician's licence; the decision asks the clinician alone.
const list = { roles: ['C', 'V'], facts: ['clinician', 'pathway'], data: z.strictObject({ codedList: CodedList }) } as const;

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
    data: z.strictObject({
      ...rx,
      ...Order,
      citesResults: Order.citesResults.default([]),
      schedule: z.enum(['II', 'III', 'IV', 'V']).optional(),
    }),
  },
  RequestRxSafetyCheck: { ...act, data: z.strictObject(rx) },
  RecordRxSafetyCheck: { ...fact, source: 'safety', data: reports.RecordRxSafetyCheck },
  OverrideRxSafetyAlert: { ...act, data: z.strictObject({ ...rx, alertId: Id, ...reason }) },
  OverrideMissingRxCheck: { ...act, data: z.strictObject({ ...rx, ...reason }) },
  ApproveRxOverride: { ...act, data: z.strictObject({ ...rx, alertId: Id, ...reason }) },
  SignPrescription: { ...act, data: z.strictObject({ ...rx, factors: z.array(Code).max(3).optional() }) },
  RecordRxTransmission: { ...fact, data: reports.RecordRxTransmission },
  RecordRxReconciliation: { ...fact, roles: ['A', 'K'], data: reports.RecordRxReconciliation },
  RecordPharmacyStatus: { ...fact, roles: ['A', 'K'], facts: ['pharmacy', 'pathway'], data: reports.RecordPharmacyStatus },
  RecordDispense: { ...fact, data: reports.RecordDispense },
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

  DraftPrescription: (journey, { type, data: { schedule, ...order }, actor }, { facts: { pathway }, at, newId }) => {
    const { prescription } = journey;
    const { rxId, rxnorm, replaces } = order;
    if (prescription.byId[rxId]) return refuse('not-allowed-in-state');
    if (replaces !== undefined && !prescription.byId[replaces]) return refuse('entity-unknown');
    if (schedule || !pathway.template.medicines.some((medicine) => medicine.rxnorm === rxnorm))
      return refuseAct('scope-exceeded', { type, actor }, rxId);
    if (!listsFresh(journey, at)) return refuse('list-not-confirmed');
    if (hasLiveTwin(journey, order)) return refuse('live-twin');
    const pharmacyId = prescription.choice?.pharmacyId;
    return accept<JourneyEvent>(
      { type: 'PrescriptionDrafted', data: { ...order, ...(pharmacyId && { pharmacyId }) } },
      { type: 'RxSafetyCheckRequested', data: { rxId, checkId: newId('check') } },
    );
  },

  RequestRxSafetyCheck: (journey, { data: { rxId } }, { newId }) =>
    onKnown(journey, rxId, (known) => {
      if (!isUnsigned(known)) return refuse('not-allowed-in-state');
      if (known.check?.status === 'running') return already;
      return accept({ type: 'RxSafetyCheckRequested', data: { rxId, checkId: newId('check') } });
    }),

  RecordRxSafetyCheck: (journey, { data: { rxId, checkId, outcome, databaseVersion, reason: why, alerts } }, { newId }) =>
    onKnown(journey, rxId, ({ checkIds }) => {
      if (!checkIds.includes(checkId)) return refuse('entity-unknown');
      const data = { rxId, checkId, ...(databaseVersion && { databaseVersion }), ...(why && { reason: why }) };
      if (outcome === 'passed') return accept({ type: 'RxSafetyCheckPassed', data });
      if (outcome === 'not-completed') return accept({ type: 'RxSafetyCheckNotCompleted', data });
      return accept(
        ...alerts.map(
          (alert, i): JourneyEvent => ({
            type: 'RxSafetyAlertRaised',
            data: { rxId, checkId, alertId: newId(`alert.${i + 1}`), ...alert },
          }),
        ),
      );
    }),

  OverrideRxSafetyAlert: (journey, { type, data: { rxId, alertId, reasonCode }, actor }, { facts: { clinician } }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, ({ alerts }) => {
      const alert = alerts[alertId];
      if (!alert) return refuse('entity-unknown');
      if (alert.overriddenBy) return already;
      const { severity, kind } = alert;
      if (!reasonCode && (severity === 'high' || needsSecond(alert))) return refuse('reason-missing');
      const data = { rxId, alertId, severity, kind, clinicianId: actor.id, ...(reasonCode && { reasonCode }) };
      return accept({ type: 'RxSafetyAlertOverridden', data });
    }),

  OverrideMissingRxCheck: (journey, { type, data: { rxId, reasonCode }, actor }, { facts: { clinician } }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, ({ check }) => {
      if (check?.status === 'overridden') return already;
      if (check?.status === 'completed') return refuse('not-allowed-in-state');
      if (!reasonCode) return refuse('reason-missing');
      return accept({ type: 'RxSafetyCheckOverridden', data: { rxId, reasonCode, clinicianId: actor.id } });
    }),

  ApproveRxOverride: (journey, { type, data: { rxId, alertId, reasonCode }, actor }, { facts: { clinician } }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, ({ alerts }) => {
      const alert = alerts[alertId];
      if (!alert) return refuse('entity-unknown');
      if (!alert.overriddenBy) return refuse('not-allowed-in-state');
      if (alert.approvedBy) return already;
      if (alert.overriddenBy === actor.id) return refuse('same-person');
      if (!reasonCode) return refuse('reason-missing');
      return accept({ type: 'RxOverrideApproved', data: { rxId, alertId, reasonCode, clinicianId: actor.id } });
    }),

  SignPrescription: (journey, { type, data: { rxId, factors }, actor }, { facts: { clinician } }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, (known) => {
      const open = hindrance(known);
      if (open) return refuse(open);
      if (hasLiveTwin(journey, known)) return refuse('live-twin');
      if (!journey.prescription.choice) return refuse('pharmacy-not-chosen');
      return accept({ type: 'PrescriptionSigned', data: { rxId, clinicianId: actor.id, ...(factors && { factors }) } });
    }),

  RecordRxTransmission: (journey, { data: { outcome, ...sent } }) =>
    onKnown(journey, sent.rxId, () =>
      accept({ type: transmissionOutcomes[outcome], data: { ...sent, ...(outcome === 'refused' && { outcome }) } }),
    ),

  RecordRxReconciliation: (journey, { data, actor }, context) =>
    onKnown(journey, data.rxId, ({ status, sending }) => {
      const byQuery = actor.role === 'A';
      const attempt = data.attempt ?? Math.max(1, sending.queries + (byQuery ? 1 : 0));
      const by = data.by ?? (byQuery ? undefined : actor.id);
      const reconciled: JourneyEvent = { type: 'PrescriptionReconciled', data: { ...data, attempt, ...(by && { by }) } };
      const fresh = byQuery && status === 'SendUnconfirmed' && attempt > sending.queries;
      const last = fresh && data.outcome === 'unknown' && sending.unknowns + 1 >= schedule(journey, 'rx.reconcile').length;
      const asked = last ? taskUnlessOpen(journey, 'pharmacyCall', data.rxId, context) : [];
      const told = byQuery || data.outcome === 'unknown' ? [] : completed(journey, 'pharmacyCall', data.outcome, data.rxId);
      return accept<JourneyEvent>(reconciled, ...asked, ...told);
    }),

  RecordPharmacyStatus: (journey, { data }, context) =>
    onKnown(journey, data.rxId, (known) => {
      const { rxId, status, reason: why, decision } = data;
      const authorisationId = data.authorisationId ?? known.authorisation?.authorisationId ?? context.newId('authorisation');
      if (status === 'prior-authorisation-required') return accept({ type: 'PriorAuthorisationRequired', data: { rxId, authorisationId } });
      if (status === 'prior-authorisation-decided')
        return accept({ type: 'PriorAuthorisationDecided', data: { rxId, authorisationId, ...(decision && { decision }) } });
      const pharmacyId = data.pharmacyId ?? known.pharmacyId;
      if (!pharmacyId) return refuse('entity-unknown');
      const said = { rxId, pharmacyId, at: context.at, ...(why && { reason: why }) };
      const stated: JourneyEvent = { type: pharmacyStatuses[status], data: said };
      if (status === 'rejected') return accept(stated, ...workFor(journey, 'rxReject', known, rxId, context));
      if (status === 'stock-out') return accept(stated, ...workFor(journey, 'pharmacyChoice', known, rxId, context));
      if (status !== 'verified') return accept(stated);
      const due = acceptDue(journey, known, context);
      return accept({
        type: 'PrescriptionVerifiedByPharmacy',
        data: { ...said, ...(due !== undefined && { basis: { due: { 'rx.accept': due } } }) },
      });
    }),

  RecordDispense: (journey, { data: { outcome, ...filled } }, context) =>
    onKnown(journey, filled.rxId, (known) => {
      const handedOut = outcome === 'dispensed' || outcome === 'partial';
      const delivery = handedOut ? firstDelivery(journey, filled.rxId, known, context) : [];
      return accept<JourneyEvent>({ type: dispenseOutcomes[outcome], data: filled }, ...delivery);
    }),
};

type Answer = Decision<JourneyEvent>;
type Act = Pick<Command, 'type' | 'actor'>;

/** Refuses a clinical act; the refusal stays visible (domain reference 3.9). */
const refuseAct = (code: RefusalCode, { type, actor }: Act, entityId: string): Answer =>
  refuse<JourneyEvent>(code, {
    type: 'ClinicalActRefused',
    data: { commandType: type, entityId, clinicianId: actor.id, reason: code },
  });

function onKnown({ prescription }: Journey, rxId: string, decideFor: (known: Prescription) => Answer): Answer {
  const known = prescription.byId[rxId];
  return known ? decideFor(known) : refuse('entity-unknown');
}

/** A prescriber's act on a prescription that is not signed yet; a nurse may prepare one, no more. */
const onUnsigned = (
  journey: Journey,
  { rxId, clinician, ...act }: Act & { readonly rxId: string; readonly clinician: ClinicianFact },
  decideFor: (known: Prescription) => Answer,
): Answer =>
  onKnown(journey, rxId, (known) => {
    if (!isUnsigned(known)) return refuse('not-allowed-in-state');
    return clinician.scope === 'nurse' ? refuseAct('scope-exceeded', act, rxId) : decideFor(known);
  });

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

/** both lists were confirmed within the last hours that the template allows. */
function listsFresh(journey: Journey, at: Instant): boolean {
  const { allergies, medications } = journey.prescription;
  return [allergies, medications].every((list) => list !== undefined && at - list.confirmedAt <= clock(journey, 'lists.fresh'));
}

/** Another live prescription for the same medicine, or the one that this is to replace (I-7). */
const hasLiveTwin = ({ prescription }: Journey, { rxnorm, replaces }: { rxnorm: string; replaces?: string | undefined }): boolean =>
  Object.entries(prescription.byId).some(([rxId, other]) => isLive(other) && (other.rxnorm === rxnorm || rxId === replaces));

/** What a pharmacy's trouble asks somebody to do, unless the prescription has got past it. */
const workFor = (journey: Journey, kind: 'rxReject' | 'pharmacyChoice', known: Prescription, rxId: string, context: Context) =>
  mayBecome(known, 'OutOfStock') ? taskUnlessOpen(journey, kind, rxId, context) : [];

/** By when the pharmacy has to begin, in its own open hours; nothing if the clock has started before or starts no more. */
function acceptDue(
  journey: Journey,
  known: Prescription,
  { facts: { pharmacy }, at }: Context<Pick<Facts, 'pharmacy'>>,
): Instant | undefined {
  if (known.acceptDueAt !== undefined || !mayBecome(known, 'VerifiedByPharmacy')) return undefined;
  const length = clock(journey, 'rx.accept');
  return pharmacy.calendar ? afterOpenTime(at, length, pharmacy.calendar) : at + length;
}

/** The first delivery of what was handed out, if the patient wants it brought; later legs are asked for by hand. */
function firstDelivery(
  journey: Journey,
  rxId: string,
  { rxnorm, fulfilment }: Prescription,
  { facts: { pathway }, at, newId }: Context<Pick<Facts, 'pathway'>>,
): readonly JourneyEvent[] {
  const { location } = journey.intake;
  const { deliveries } = journey.prescription;
  const sentOut = Object.values(deliveries).some(({ rxIds }) => rxIds.includes(rxId));
  if (!location || fulfilment !== 'courier' || sentOut || !openIds(journey.prescription).includes(rxId)) return [];
  const handling = pathway.template.medicines.find((medicine) => medicine.rxnorm === rxnorm)?.handling ?? [];
  const leg = { deliveryId: newId('delivery'), leg: 1, rxIds: [rxId], handling, addressRef: location.addressRef };
  return [deliveryRequested(journey, leg, { at })];
}
