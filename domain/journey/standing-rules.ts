import { sameMonth } from '../kernel/calendar.ts';
import type { NewId } from '../kernel/command.ts';
import type { Happened } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import { openGates } from './acceptance-gates.ts';
import { plannedOutcome } from './closing/outcomes.ts';
import { surveyFor } from './closing/survey.ts';
import { unmet } from './closure-guard.ts';
import { firstModality } from './consult/modality.ts';
import { consultQueued } from './consult/queue.ts';
import { lastCompleted } from './consult/state.ts';
import type { JourneyEvent } from './events.ts';
import { windowFalls } from './follow-up/window.ts';
import { billingOf, chargesFor } from './money/decide.ts';
import type { PathwayContext } from './stage.ts';
import type { Journey } from './state.ts';
import { careGoesOn, superState } from './super-state.ts';

/** What a rule may look at: the journey after the events so far, and those events. */
export interface RuleContext extends PathwayContext {
  readonly happened: readonly Happened<JourneyEvent>[];
}
type Rule = (journey: Journey, context: RuleContext) => readonly JourneyEvent[];

/** In `Screening`, when every acceptance gate holds: accepted, and the template's first step. */
const gate: Rule = (journey, { facts: { pathway }, at, newId }) => {
  const { request, acceptedAt } = journey.intake;
  const { template } = pathway;
  if (!request || acceptedAt !== undefined || superState(journey) !== 'Screening' || openGates(journey, template, at).length > 0) return [];
  return [
    { type: 'JourneyAccepted', data: { firstStep: template.firstStep } },
    consultQueued(
      journey,
      template,
      {
        consultId: newId('consult'),
        modality: firstModality(journey, template, request.modality),
        priority: 'routine',
        reasonCode: template.condition.code,
      },
      at,
    ),
  ];
};

/** An event that the contract lists as billable is charged, and asks for the copay that was quoted. */
const charge: Rule = (journey, { facts: { pathway }, happened, at, newId }) => {
  const lines = billingOf(journey, pathway);
  const charges = happened.flatMap((event) => chargesFor(journey, event, lines, newId));
  if (charges.length === 0) return [];
  return [...charges, ...checkedAnew(journey, at, newId)];
};

/** Coverage that was last answered in an earlier month is asked for again by a billable act (clock `eligibility.recheck`). */
function checkedAnew({ intake: { request, eligibility, price } }: Journey, at: Instant, newId: NewId): readonly JourneyEvent[] {
  if (
    !request ||
    price?.arrangement === 'selfPay' ||
    eligibility?.answeredAt === undefined ||
    eligibility.answeredAt > at ||
    sameMonth(eligibility.answeredAt, at, request.zone)
  )
    return [];
  return [{ type: 'EligibilityCheckRequested', data: { checkId: newId('eligibility'), purpose: 'billable-act' } }];
}

/**
 * When the last care has ended after a completed consult, closure is asked for and the survey offered, once per journey. Whoever
 * re-opened a journey by hand asks for closure again.
 */
const ending: Rule = (journey, { facts: { pathway } }) => {
  const outcome = journey.closing.reopened?.byHand ? undefined : plannedOutcome(journey);
  if (!['Planned', 'InCare', 'FollowUp'].includes(superState(journey)) || !outcome || careGoesOn(journey)) return [];
  const resolvedBy = lastCompleted(journey.consult)?.clinicianId;
  const requested: JourneyEvent = {
    type: 'ClosureRequested',
    data: { proposedOutcome: outcome, by: resolvedBy ?? 'caretrail', ...(resolvedBy && { resolvedBy }) },
  };
  return [requested, ...surveyFor(journey, outcome, pathway.template)];
};

/** In `Closing`, when the closure guard holds: closed, and with it a window that the outcome did not wait for. */
const closing: Rule = (journey, { happened }) => {
  const { requested } = journey.closing;
  if (!requested || superState(journey) !== 'Closing' || unmet(journey, requested.outcome).length > 0) return [];
  const { summaryRef } = lastCompleted(journey.consult) ?? {};
  const evidence = happened.map(({ id }) => id).slice(-maxEvidence);
  return [
    ...windowFalls(journey),
    {
      type: 'JourneyClosed',
      data: {
        outcome: requested.outcome,
        guardEvidence: evidence,
        conversationIds: Object.keys(journey.consult.byId),
        ...(requested.resolvedBy && { resolvedBy: requested.resolvedBy }),
        ...(summaryRef && { summaryRef }),
      },
    },
  ];
};

/** As much evidence as a closure carries. */
const maxEvidence = 50;

/** In the order of the domain reference, section 3.1; each is applied to the state that results from the one before. */
export const standingRules: readonly Rule[] = [gate, charge, ending, closing];
