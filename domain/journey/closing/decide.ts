import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code } from '../../kernel/event.ts';
import { unmet } from '../closure-guard.ts';
import { lastCompleted, openConsult } from '../consult/state.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import * as cancellation from './cancellation.ts';
import { Outcome } from './events.ts';
import { isEarned, plannedOutcome } from './outcomes.ts';
import * as refusal from './refusal.ts';
import { actedOutcome } from './state.ts';
import * as survey from './survey.ts';

export const commands = {
  RequestClosure: { roles: ['C', 'K', 'M'], facts: ['pathway'], data: z.strictObject({ proposedOutcome: Outcome.optional() }) },
  ReopenJourney: { roles: ['C', 'K', 'M'], afterClose: true, data: z.strictObject({ cause: Code }) },
  ...survey.commands,
  ...cancellation.commands,
  ...refusal.commands,
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RequestClosure: (journey, { data, actor }, { facts: { pathway } }) => {
    const { closing, consult } = journey;
    const outcome = data.proposedOutcome ?? plannedOutcome(journey);
    if (!outcome || openConsult(consult)) return refuse('not-allowed-in-state');
    if (closing.requested?.outcome === outcome) return already;
    // What an act of the patient has given is nobody's to change while it stands.
    if (closing.requested && actedOutcome(closing) !== undefined) return refuse('not-allowed-in-state');
    if (!isEarned(journey, outcome, actor.role)) return refuse('not-allowed-in-state');
    const proposed = { proposedOutcome: outcome, by: actor.id };
    const obligations = unmet(journey, outcome).filter(({ item }) => item !== surveyItem);
    if (obligations.length > 0) return accept({ type: 'ClosureRefused', data: { ...proposed, obligations: [...obligations] } });
    const resolvedBy = actor.role === 'K' ? lastCompleted(consult)?.clinicianId : actor.id;
    const resolved = outcome === 'Resolved' && resolvedBy ? { resolvedBy } : {};
    return accept<JourneyEvent>(
      { type: 'ClosureRequested', data: { ...proposed, ...resolved } },
      ...survey.surveyFor(journey, outcome, pathway.template),
    );
  },

  // For a complaint or an error; what comes late re-opens a journey by rule.
  ReopenJourney: ({ closing }, { data: { cause }, actor }) =>
    closing.closed ? accept({ type: 'JourneyReopened', data: { cause, causedBy: actor.id } }) : refuse('not-allowed-in-state'),

  ...survey.decide,
  ...cancellation.decide,
  ...refusal.decide,
};

/** The survey is offered by the very decision that asks for closure. */
const surveyItem = 9;
