import { z } from 'zod';
import { afterOpenTime } from '../../kernel/calendar.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Ref } from '../../kernel/event.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import type { Outcome } from './events.ts';

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
} satisfies CommandSpecs<FactName>;

/** A score of this or less, out of 5, opens a service recovery (domain reference 5.11). */
const lowScore = 2;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordSurvey: (journey, { data: { scores, commentRef, declined } }, { facts: { pathway }, at, newId }) => {
    const { survey } = journey.closing;
    if (!survey) return refuse('not-allowed-in-state');
    if (survey.status === 'answered' || survey.status === 'declined') return already;
    const { instrument, version } = survey;
    if (declined || !(scores || commentRef)) return accept({ type: 'SurveyDeclined', data: { instrument, version } });
    const given = { scores: scores ?? {}, ...(commentRef && { commentRef }) };
    const answered: JourneyEvent = { type: 'SurveyAnswered', data: { instrument, version, ...given } };
    const low = Object.values(given.scores).some((score) => score <= lowScore);
    if (!low) return accept(answered);
    const dueAt = afterOpenTime(at, clock(journey, 'recovery.start'), pathway.template.operationsCalendar);
    return accept<JourneyEvent>(answered, { type: 'ServiceRecoveryOpened', data: { recoveryId: newId('recovery'), dueAt } });
  },
};

/** Open tasks that do not outlive the closure fall. */
export const tasksCancelled = ({ work }: Journey): readonly JourneyEvent[] =>
  Object.entries(work.tasks)
    .filter(([, { status, outlivesClosure }]) => status === 'open' && !outlivesClosure)
    .map(([taskId]) => ({ type: 'TaskCancelled', data: { taskId, resultCode: 'journeyClosed' } }));

/** Closes with an outcome that needs no guard; open tasks fall first. */
export const closedWithout = (journey: Journey, outcome: Outcome, cause: JourneyEvent): readonly JourneyEvent[] => [
  ...tasksCancelled(journey),
  cause,
  { type: 'JourneyClosed', data: { outcome, guardEvidence: [], conversationIds: Object.keys(journey.consult.byId) } },
];
