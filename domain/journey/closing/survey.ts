// The survey and the service recovery that a low score opens (domain reference 5.11).
import { z } from 'zod';
import { afterOpenTime } from '../../kernel/calendar.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import type { Template } from '../../templates/template.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import type { Outcome } from './events.ts';
import { waivesSurvey } from './outcomes.ts';

export const commands = {
  RecordSurvey: {
    roles: ['P', 'X'],
    facts: ['pathway'],
    afterClose: true,
    data: z.strictObject({
      scores: z.record(Code, z.int().min(0).max(10)).optional(),
      commentRef: Ref.optional(),
      declined: z.boolean().default(false),
    }),
  },
  CloseServiceRecovery: { roles: ['K', 'O'], afterClose: true, data: z.strictObject({ recoveryId: Id, findingRef: Ref }) },
} satisfies CommandSpecs<FactName>;

/** A score of this or less, out of 5, opens a service recovery (domain reference 5.11). */
const lowScore = 2;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordSurvey: (journey, { data: { scores, commentRef, declined } }, { facts: { pathway }, at, newId }) => {
    const { survey } = journey.closing;
    if (!survey || survey.status === 'waived') return refuse('not-allowed-in-state');
    if (survey.status === 'answered' || survey.status === 'declined') return already;
    const { instrument, version } = survey;
    if (declined || !(scores || commentRef)) return accept({ type: 'SurveyDeclined', data: { instrument, version } });
    const given = { scores: scores ?? {}, ...(commentRef && { commentRef }) };
    const answered: JourneyEvent = { type: 'SurveyAnswered', data: { instrument, version, ...given } };
    const low = Object.values(given.scores).some((score) => score <= lowScore);
    if (!low) return accept(answered);
    const { operationsCalendar } = pathway.template;
    const dueAt = afterOpenTime(at, clock(journey, 'recovery.start'), operationsCalendar);
    const basis = {
      facts: { [`calendar-${operationsCalendar.calendarId}`]: operationsCalendar.version },
      due: { 'recovery.start': dueAt },
    };
    return accept<JourneyEvent>(answered, { type: 'ServiceRecoveryOpened', data: { recoveryId: newId('recovery'), dueAt, basis } });
  },

  CloseServiceRecovery: ({ closing: { recoveries } }, { data }) => {
    const recovery = recoveries[data.recoveryId];
    if (!recovery) return refuse('entity-unknown');
    return recovery.started ? accept({ type: 'ServiceRecoveryClosed', data }) : refuse('not-allowed-in-state');
  },
};

/** Offered once per journey; waived for a patient who wants none, and not thought of where the outcome forbids it. */
export function surveyFor({ closing }: Journey, outcome: Outcome, { survey }: Template): readonly JourneyEvent[] {
  if (closing.survey || waivesSurvey(outcome)) return [];
  return closing.surveyRefused
    ? [{ type: 'SurveyWaived', data: { ...survey, reason: 'opted-out' } }]
    : [{ type: 'SurveyOffered', data: survey }];
}
