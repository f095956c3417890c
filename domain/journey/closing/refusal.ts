// What is refused: a journey by us, a consent by the patient (domain reference 5.1).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, refuse } from '../../kernel/decision.ts';
import { Code } from '../../kernel/event.ts';
import { mayConsent } from '../acceptance-gates.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { Alternatives } from '../intake/events.ts';
import type { Journey } from '../state.ts';
import { tasksFall } from '../work/open-tasks.ts';
import { asProxy, cancelled, consent, endedByAct } from './cancellation.ts';

export const commands = {
  RefuseConsent: { roles: ['P', 'X'], facts: ['pathway'], data: z.strictObject(consent) },
  RefuseJourney: { roles: ['K', 'C', 'T'], data: z.strictObject({ reason: Code, alternatives: Alternatives.min(1) }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RefuseConsent: (journey, command, context) => {
    const { intake } = journey;
    const { facts, at } = context;
    if (!mayConsent(intake, command.actor, { template: facts.pathway.template, at })) return refuse('proxy-missing');
    const refused: JourneyEvent = { type: 'ConsentRefused', data: { ...command.data, ...asProxy(command) } };
    const over = command.data.scopes.includes('treatment') && !endedByAct(journey);
    return accept(refused, ...(over ? cancelled(journey, command, 'consent-refused', context) : []));
  },

  RefuseJourney: (journey, { data }) => {
    const { acceptedAt, request } = journey.intake;
    if (acceptedAt !== undefined) return refuse('already-accepted');
    // Nobody is sent away while an emergency is open.
    if (!request || endedByAct(journey) || journey.emergency.open) return refuse('not-allowed-in-state');
    return accept<JourneyEvent>(...tasksFall(journey), { type: 'JourneyRefused', data: { employerId: request.employerId, ...data } });
  },
};
