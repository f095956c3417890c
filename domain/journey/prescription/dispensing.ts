// What the pharmacy says of a prescription and of its fill.
import { afterOpenTime } from '../../kernel/calendar.ts';
import type { CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, refuse } from '../../kernel/decision.ts';
import type { Instant } from '../../kernel/time.ts';
import type { TaskKind } from '../../templates/template.ts';
import { clock } from '../clocks.ts';
import { deliveryRequested } from '../delivery/legs.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { completed, taskUnlessOpen } from '../work/open-tasks.ts';
import { dispenseOutcomes, pharmacyStatuses, reports } from './events.ts';
import { fact, medicineOf, onKnown } from './prescribing.ts';
import { isCancelling, isLive, mayBecome, type Prescription } from './standing.ts';

export const commands = {
  RecordPharmacyStatus: { ...fact, roles: ['A', 'K'], facts: ['pharmacy', 'pathway'], data: reports.RecordPharmacyStatus },
  RecordDispense: { ...fact, data: reports.RecordDispense },
  RecordCounselling: { ...fact, roles: ['A', 'K'], data: reports.RecordCounselling },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordPharmacyStatus: (journey, { data, actor }, context) =>
    onKnown(journey, data.rxId, (known) => {
      const { rxId, status, decision } = data;
      // A person who says how it stands has called the pharmacy.
      const called = actor.role === 'K' ? completed(journey, 'pharmacyCall', status, rxId) : [];
      if (status === 'prior-authorisation-required' || status === 'prior-authorisation-decided') {
        const authorisationId = data.authorisationId ?? known.authorisationId ?? context.newId('authorisation');
        if (status === 'prior-authorisation-required')
          return accept<JourneyEvent>({ type: 'PriorAuthorisationRequired', data: { rxId, authorisationId } }, ...called);
        const denied = decision === 'denied' ? workFor(journey, 'rxReject', known, rxId, context) : [];
        const told: JourneyEvent = { type: 'PriorAuthorisationDecided', data: { rxId, authorisationId, ...(decision && { decision }) } };
        return accept<JourneyEvent>(told, ...denied, ...called);
      }
      const pharmacyId = data.pharmacyId ?? known.pharmacyId;
      if (!pharmacyId) return refuse('entity-unknown');
      const said = { rxId, pharmacyId, at: context.at, ...(data.reason && { reason: data.reason }) };
      const due = status === 'verified' ? acceptDue(journey, known, context) : undefined;
      const stated: JourneyEvent = {
        type: pharmacyStatuses[status],
        data: { ...said, ...(due !== undefined && { basis: { due: { 'rx.accept': due } } }) },
      };
      return accept<JourneyEvent>(stated, ...trouble(journey, status, { rxId, known }, context), ...called);
    }),

  RecordDispense: (journey, { data: { outcome, ...filled } }, context) =>
    onKnown(journey, filled.rxId, (known) => {
      const { rxId } = filled;
      const handedOut = outcome === 'dispensed' || outcome === 'partial';
      const follows = handedOut ? firstDelivery(journey, rxId, known, context) : notFilled(journey, rxId, known, context);
      return accept<JourneyEvent>({ type: dispenseOutcomes[outcome], data: filled }, ...follows);
    }),

  RecordCounselling: (journey, { data: { rxId, outcome, by }, actor }) =>
    onKnown(journey, rxId, () =>
      accept({ type: outcome === 'counselled' ? 'PatientCounselled' : 'CounsellingDeclined', data: { rxId, by: by ?? actor.id } }),
    ),
};

type Known = { readonly rxId: string; readonly known: Prescription };

/** Whose work a pharmacy's word is. */
function trouble(
  journey: Journey,
  status: keyof typeof pharmacyStatuses,
  { rxId, known }: Known,
  context: Context,
): readonly JourneyEvent[] {
  if (status === 'rejected') return workFor(journey, 'rxReject', known, rxId, context);
  if (status === 'stock-out') return workFor(journey, 'pharmacyChoice', known, rxId, context);
  return status === 'picked-up' ? inHandAfterAll(journey, [rxId], context) : [];
}

/** What a pharmacy's trouble asks somebody to do, unless the prescription has got past it or is not wanted any more. */
const workFor = (journey: Journey, kind: TaskKind, known: Prescription, rxId: string, context: Context): readonly JourneyEvent[] =>
  mayBecome(known, 'OutOfStock') && !isCancelling(known) ? taskUnlessOpen(journey, kind, rxId, context) : [];

/** a medicine that came into the patient's hands although it was cancelled is a call to the patient. */
export const inHandAfterAll = (
  { prescription, ...journey }: Journey,
  rxIds: readonly string[],
  context: Pick<Context, 'at' | 'newId'>,
): readonly JourneyEvent[] =>
  rxIds
    .filter((rxId) => prescription.byId[rxId]?.reached === 'Cancelled')
    .flatMap((rxId) => taskUnlessOpen({ ...journey, prescription }, 'patientCall', rxId, context));

/** A medicine that the patient did not get is the clinician's to think about, unless nobody wants it there any more. */
function notFilled(journey: Journey, rxId: string, known: Prescription, context: Context): readonly JourneyEvent[] {
  const wanted = !isCancelling(known) || known.rerouteTo !== undefined;
  return !isLive(known) || !wanted ? [] : taskUnlessOpen(journey, 'callback', rxId, context);
}

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
  known: Prescription,
  { facts: { pathway }, at, newId }: Context<Pick<Facts, 'pathway'>>,
): readonly JourneyEvent[] {
  const { rxnorm, fulfilment, schedule } = known;
  const { location } = journey.intake;
  const sentOut = Object.values(journey.prescription.deliveries).some(({ rxIds }) => rxIds.includes(rxId));
  const brought = fulfilment === 'courier' || fulfilment === 'mail' ? fulfilment : undefined;
  if (!location || !brought || sentOut || !isLive(known) || isCancelling(known)) return [];
  // a controlled substance goes into the hands of an adult who signs.
  const handling = new Set(medicineOf(pathway, rxnorm)?.handling ?? []);
  if (schedule) handling.add('adultSignature');
  const { addressRef } = location;
  const leg = { deliveryId: newId('delivery'), leg: 1, rxIds: [rxId], handling: [...handling], addressRef, service: brought };
  return [deliveryRequested(journey, leg, { at, pathway })];
}
