// The acts that ask for the end of a journey (domain reference 5.12), and those that only change what it rests on.
import { z } from 'zod';
import type { Command, CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { At, Code, Ref } from '../../kernel/event.ts';
import type { Cause, Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { isLive } from '../prescription/standing.ts';
import type { Journey } from '../state.ts';
import { superState } from '../super-state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { ends } from './matrix.ts';
import { actedOutcome } from './state.ts';

export const consent = { scopes: z.array(Code).min(1).max(10), textVersion: z.int().min(1) };

export const commands = {
  CancelJourney: { roles: ['P', 'X', 'K', 'T'], data: z.strictObject({ reason: Code }) },
  WithdrawConsent: { roles: ['P', 'X'], data: z.strictObject(consent) },
  RecordEligibilityLoss: {
    roles: ['A', 'T'],
    source: 'eligibility',
    afterClose: true,
    data: z.strictObject({ effectiveOn: At, graceUntil: At }),
  },
  RecordDeath: { roles: ['K', 'C', 'A'], afterClose: true, data: z.strictObject({ sourceRef: Ref, on: z.iso.date() }) },
  LeaveAgainstAdvice: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician'],
    // Without the statement that the patient could decide, nobody leaves against advice: the command cannot be read.
    data: z.strictObject({ capacityStated: z.literal(true), statementRef: Ref }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  CancelJourney: (journey, command, context) => {
    if (journey.closing.requested?.outcome === 'Cancelled') return already;
    return endedByAct(journey) ? refuse('not-allowed-in-state') : accept(...cancelled(journey, command, command.data.reason, context));
  },

  WithdrawConsent: (journey, command, context) => {
    const withdrawn: JourneyEvent = { type: 'ConsentWithdrawn', data: { ...command.data, ...asProxy(command) } };
    const { requested } = journey.closing;
    const over = requested?.outcome === 'Withdrawn' || requested?.outcome === 'Deceased';
    if (!command.data.scopes.includes('treatment') || over) return accept(withdrawn);
    const reason = 'consent-withdrawn';
    const act: JourneyEvent = { type: 'JourneyWithdrawn', data: { ...endedBy(journey, command), reason } };
    return accept(withdrawn, ...ends(journey, act, endingOf(command, 'withdrawn', reason, context)));
  },

  // Care goes on under grace or because it is clinically due; who is to pay has to be told the price again.
  RecordEligibilityLoss: (journey, { data }, context) => {
    const { eligibility, lost, acceptedAt } = journey.intake;
    if (lost?.effectiveOn === data.effectiveOn && lost.graceUntil === data.graceUntil) return already;
    const denied: JourneyEvent[] =
      acceptedAt === undefined && eligibility
        ? [{ type: 'EligibilityDenied', data: { checkId: eligibility.checkId, reason: 'lost' } }]
        : [];
    const told = priceChanges(journey) ? taskUnlessOpen(journey, 'patientCall', eligibility?.checkId ?? 'eligibility', context) : [];
    return accept<JourneyEvent>({ type: 'EligibilityLost', data }, ...denied, ...told);
  },

  RecordDeath: (journey, command, context) => {
    const { closing } = journey;
    if (closing.acts.includes('Deceased')) return already;
    const { sourceRef, on } = command.data;
    const act: JourneyEvent = { type: 'PatientDeathReported', data: { ...endedBy(journey, command), sourceRef, on } };
    return closing.closed ? accept(act) : accept(...ends(journey, act, endingOf(command, 'died', 'patient-died', context)));
  },

  LeaveAgainstAdvice: (journey, command, context) => {
    const { requested } = journey.closing;
    if (requested?.outcome === 'LeftAgainstAdvice') return already;
    if (endedByAct(journey)) return refuse('not-allowed-in-state');
    const { capacityStated, statementRef: sourceRef } = command.data;
    const by = endedBy(journey, command);
    const act: JourneyEvent = { type: 'PatientLeftAgainstAdvice', data: { ...by, capacityStated, sourceRef } };
    const asked: JourneyEvent = { type: 'ClosureRequested', data: { proposedOutcome: 'LeftAgainstAdvice', by: by.by } };
    return accept(...ends(journey, act, endingOf(command, 'leftAgainstAdvice', 'left-against-advice', context)), asked);
  },
};

type Act = Pick<Command, 'actor'>;
type Instants = Pick<Context, 'at' | 'newId'>;

/** Somebody's act asked for the end before, and nothing has come since. */
export const endedByAct = ({ closing }: Journey): boolean =>
  closing.requested !== undefined && closing.requested.outcome === actedOutcome(closing);

const endedBy = (journey: Journey, { actor }: Act) => ({ by: actor.id, stage: superState(journey) });

const endingOf = ({ actor }: Act, cause: Cause, reason: string, { at, newId }: Instants): Ending => ({ cause, actor, reason, at, newId });

/** The patient's wish to end the journey, with all that follows from it. */
export const cancelled = (journey: Journey, act: Act, reason: string, context: Instants): readonly JourneyEvent[] =>
  ends(journey, { type: 'JourneyCancelled', data: { ...endedBy(journey, act), reason } }, endingOf(act, 'cancelled', reason, context));

/** Who consents or refuses for the patient. */
export const asProxy = ({ actor }: Act) => (actor.role === 'X' ? { proxyId: actor.id } : {});

/** A consult that is still to come, or a medicine that is not in hand, will cost something else now. */
const priceChanges = ({ intake, consult, prescription }: Journey): boolean =>
  intake.acceptedAt !== undefined &&
  (Object.values(consult.byId).some(({ status }) => status === 'Queued') || Object.values(prescription.byId).some(isLive));
