// cancelling, and R-16: another pharmacy once it is cancelled.
import { z } from 'zod';
import { afterOpenTime } from '../../kernel/calendar.ts';
import type { CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { Calendar } from '../../templates/template.ts';
import { clock } from '../clocks.ts';
import { stopDeliveries } from '../delivery/legs.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { completed, taskUnlessOpen } from '../work/open-tasks.ts';
import { cancelAnswers, reports } from './events.ts';
import { draftEvents, fact, hasLiveTwin, listsFresh, onKnown, rx } from './prescribing.ts';
import { isCancelling, isFilled, isLive, isTerminal, isUnsigned, type Ordered, type Prescription } from './standing.ts';

export const commands = {
  CancelPrescription: {
    roles: ['C', 'P', 'X', 'T'],
    facts: ['pharmacy', 'pathway'],
    data: z.strictObject({ ...rx, reason: Code }),
  },
  RecordRxCancelAnswer: { ...fact, roles: ['A', 'K'], data: reports.RecordRxCancelAnswer },
  ChooseReroute: { roles: ['P', 'X'], facts: ['pharmacy', 'pathway'], data: z.strictObject({ ...rx, pharmacyId: Id }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  CancelPrescription: (journey, { data: { rxId, reason }, actor }, { facts: { pharmacy }, at, newId }) =>
    onKnown(journey, rxId, (known) => {
      if (known.reached === 'InHand') return refuse('already-in-hand');
      if (isTerminal(known)) return refuse('not-allowed-in-state');
      if (isCancelling(known)) return already;
      const { calendar } = pharmacy;
      return accept(...cancellation(journey, rxId, { reason, by: actor.id, at, newId, ...(calendar && { calendar }) }));
    }),

  RecordRxCancelAnswer: (journey, { data: { rxId, outcome, by, reason }, actor }, context) =>
    onKnown(journey, rxId, (known) => {
      if (outcome === 'confirmed' && known.reached === 'Cancelled') return already;
      const who = by ?? (actor.role === 'A' ? undefined : actor.id);
      const answered: JourneyEvent = {
        type: cancelAnswers[outcome],
        data: { rxId, ...(reason && { reason }), ...(who && { by: who }) },
      };
      if (outcome === 'unknown') return accept(answered);
      const called = completed(journey, 'pharmacyCall', outcome, rxId);
      const follows = outcome === 'confirmed' ? confirmed(journey, rxId, known, context) : denied(journey, rxId, known, context);
      return accept<JourneyEvent>(answered, ...called, ...follows);
    }),

  ChooseReroute: (journey, { data: { rxId, pharmacyId }, actor }, { facts: { pharmacy } }) =>
    onKnown(journey, rxId, (known) => {
      if (!pharmacy.known) return refuse('entity-unknown');
      if (!isLive(known) || isFilled(known) || known.pharmacyId === pharmacyId) return refuse('not-allowed-in-state');
      if (known.rerouteTo === pharmacyId) return already;
      const chosen: JourneyEvent = { type: 'PharmacyRerouteChosen', data: { rxId, toPharmacyId: pharmacyId, chosenBy: actor.id } };
      return accept<JourneyEvent>(chosen, ...completed(journey, 'pharmacyChoice', 'rerouted', rxId));
    }),
};

export interface Cancellation extends Pick<Context, 'at' | 'newId'> {
  readonly reason: string;
  readonly by: string;
  /** The pharmacy's opening hours, which its clock runs in; without one it never closes. */
  readonly calendar?: Calendar;
}

/**
 * What the wish to cancel one prescription leaves: a draft ends at once; a signed one is cancelled at the pharmacy; of one that is
 * filled the delivery is stopped and the patient told as well. Nothing if it has ended, or is being cancelled.
 */
export function cancellation(journey: Journey, rxId: string, { reason, by, calendar, at, newId }: Cancellation): readonly JourneyEvent[] {
  const known = journey.prescription.byId[rxId];
  if (!known || isTerminal(known) || isCancelling(known)) return [];
  const wish = { rxId, reason, by };
  if (isUnsigned(known))
    return [
      { type: 'PrescriptionCancelRequested', data: wish },
      { type: 'PrescriptionCancelConfirmed', data: wish },
    ];
  const length = clock(journey, 'rx.cancel');
  const due = { 'rx.cancel': calendar ? afterOpenTime(at, length, calendar) : at + length };
  const requested: JourneyEvent = { type: 'PrescriptionCancelRequested', data: { ...wish, basis: { due } } };
  if (!isFilled(known)) return [requested];
  return [requested, ...stopDeliveries(journey, rxId, reason), ...taskUnlessOpen(journey, 'patientInstruction', rxId, { at, newId })];
}

/** The waiting reroute goes on; a pharmacy that cancels by itself leaves a patient without a medicine. */
function confirmed(journey: Journey, rxId: string, known: Prescription, context: Context): readonly JourneyEvent[] {
  const { rerouteTo: pharmacyId, cancelling } = known;
  if (!isLive(known)) return [];
  const needsClinician = () => taskUnlessOpen(journey, 'callback', rxId, context);
  if (pharmacyId === undefined) return cancelling ? [] : needsClinician();
  // R-15 holds for a draft that nobody sits before, too.
  if (!listsFresh(journey, context.at) || hasLiveTwin(journey, known, rxId)) return needsClinician();
  return draftEvents('PrescriptionDrafted', context.newId('prescription'), { ...orderOf(known), replaces: rxId, pharmacyId }, context);
}

const orderOf = ({ rxnorm, sig, quantity, days, citesResults, schedule }: Prescription): Ordered => ({
  rxnorm,
  sig,
  quantity,
  days,
  citesResults,
  ...(schedule && { schedule }),
});

/** The medicine is out: what is on its way is stopped, else the patient is called (domain reference 5.13). */
function denied(journey: Journey, rxId: string, known: Prescription, context: Context): readonly JourneyEvent[] {
  if (!known.cancelling || (isTerminal(known) && known.reached !== 'InHand')) return [];
  const told = Object.values(journey.work.tasks).some(
    ({ kind, status, cites }) => kind === 'patientInstruction' && status === 'open' && cites.includes(rxId),
  );
  return [...stopDeliveries(journey, rxId, 'cancel-denied'), ...(told ? [] : taskUnlessOpen(journey, 'patientCall', rxId, context))];
}
