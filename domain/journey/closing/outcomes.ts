// What each outcome needs, and what it waives (domain reference 4.2 and 4.3).
import type { Role } from '../../kernel/actor.ts';
import { lastCompleted } from '../consult/state.ts';
import { isHandedOff } from '../emergency/state.ts';
import type { Journey } from '../state.ts';
import { triesToReach } from '../work/contacts.ts';
import type { Outcome } from './events.ts';
import { actedOutcome } from './state.ts';

/** Items of the closure guard that an outcome waives: the survey (9) and the follow-up window (11). */
const waived: Partial<Readonly<Record<Outcome, readonly number[]>>> = {
  Deceased: [9, 11],
  Refused: [9, 11],
  Abandoned: [9, 11],
  Cancelled: [9, 11],
  Withdrawn: [9, 11],
  EmergencyHandedOff: [9, 11],
  LeftAgainstAdvice: [9, 11],
};

export const waivedBy = (outcome: Outcome): readonly number[] => waived[outcome] ?? [];
export const waivesSurvey = (outcome: Outcome): boolean => waivedBy(outcome).includes(9);

type Need = (journey: Journey, proposer: Role) => boolean;

const clinicians: readonly Role[] = ['C', 'M'];
const acted =
  (outcome: Outcome): Need =>
  ({ closing }) =>
    closing.acts.includes(outcome);

const needs: Readonly<Record<Outcome, Need>> = {
  // a clinician's act; time alone never resolves.
  Resolved: ({ consult }, proposer) => clinicians.includes(proposer) || lastCompleted(consult) !== undefined,
  SelfCare: (journey) => selfCareHeld(journey) && !windowOpen(journey),
  // No referral can return an outcome that somebody reviewed.
  ReferredOut: () => false,
  EmergencyHandedOff: ({ emergency }) => isHandedOff(emergency),
  Cancelled: (journey) => acted('Cancelled')(journey, 'P') || everyOrderCancelled(journey) || endedByPatient(journey),
  Withdrawn: acted('Withdrawn'),
  LeftAgainstAdvice: acted('LeftAgainstAdvice'),
  LostToFollowUp: (journey) => triesToReach(journey).exhausted && riskReviewed(journey),
  Refused: acted('Refused'),
  Abandoned: acted('Abandoned'),
  Deceased: acted('Deceased'),
};

/** True if all that an outcome needs is there, when somebody of this role proposes it. */
export const isEarned = (journey: Journey, outcome: Outcome, proposer: Role): boolean => needs[outcome](journey, proposer);

/** The outcome that the acts so far give: of who asked for the end, else of the last completed consult. */
export function plannedOutcome(journey: Journey): Outcome | undefined {
  const asked = actedOutcome(journey.closing);
  if (asked) return asked;
  const planned = lastCompleted(journey.consult)?.plannedOutcome;
  if (planned && everyOrderCancelled(journey)) return 'Cancelled';
  // What was more than self-care in the end was resolved by the clinician who completed the consult.
  return planned === 'SelfCare' && !selfCareHeld(journey) ? 'Resolved' : planned;
}

const selfCareHeld = ({ consult, closing }: Journey): boolean => consult.disposition?.level === 9 && !closing.orderedSince;

const windowOpen = ({ followUp }: Journey): boolean => followUp.until !== undefined && !followUp.closed;

function everyOrderCancelled({ visit, lab, prescription }: Journey): boolean {
  const ordered = [...Object.values(visit.byId), ...Object.values(lab.orders)].map(({ status }) => status === 'Cancelled');
  const prescribed = Object.values(prescription.byId).map(({ reached }) => reached === 'Cancelled');
  const orders = [...ordered, ...prescribed];
  return orders.length > 0 && orders.every((cancelled) => cancelled);
}

const endedByPatient = ({ consult }: Journey): boolean => Object.values(consult.byId).at(-1)?.status === 'EndedByPatient';

/** A clinician has looked at the risk since the last attempt to reach the patient. */
const riskReviewed = (journey: Journey): boolean =>
  Object.values(journey.work.tasks).some(
    ({ kind, status, completedBy, endedAt = 0 }) =>
      kind === 'riskReview' &&
      status === 'completed' &&
      completedBy !== undefined &&
      clinicians.includes(completedBy) &&
      endedAt >= triesToReach(journey).lastAt,
  );
