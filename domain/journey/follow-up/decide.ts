import { z } from 'zod';
import type { CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { At, Code, Id, Ref } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { CodedAnswers } from '../intake/events.ts';
import type { Journey } from '../state.ts';
import { openQuestions } from './state.ts';
import { windowClosed, windowExtended, windowOf } from './window.ts';

/** The form that a check-in asks; its answers are coded. */
const formVersion = 1;

export const commands = {
  ExtendFollowUpWindow: { roles: ['C', 'T'], data: z.strictObject({ until: At, reason: Code }) },
  EndFollowUpEarly: { roles: ['P', 'X'], facts: ['conversation'], data: z.strictObject({}) },
  RouteQuestion: { roles: ['T', 'K'], data: z.strictObject({ questionId: Id, toRole: Code }) },
  IdentifyNewProblem: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician'],
    data: z.strictObject({ reasonCode: Code, templateId: Id }),
  },
  SendCheckIn: { roles: ['T', 'K'], data: z.strictObject({ n: z.int().min(1) }) },
  AnswerCheckIn: {
    roles: ['P', 'X'],
    data: z.strictObject({ n: z.int().min(1), codedAnswers: CodedAnswers.optional(), answersRef: Ref.optional() }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  ExtendFollowUpWindow: (journey, { data: { until, reason } }, { at }) => {
    const { until: end, closed } = journey.followUp;
    if (end === undefined || closed) return refuse('not-allowed-in-state');
    if (until <= at) return refuse('until-in-the-past');
    // An extension never takes from the patient what was promised.
    return until <= end || journey.followUp.openEnded ? refuse('not-allowed-in-state') : accept(windowExtended(journey, reason, until));
  },

  EndFollowUpEarly: (journey, _command, { facts: { conversation }, at, newId }) => {
    const { until, closed } = journey.followUp;
    if (until === undefined) return refuse('not-allowed-in-state');
    if (closed) return already;
    const shortened: JourneyEvent = { type: 'FollowUpWindowShortened', data: { ...windowOf(journey), until: at } };
    return accept(shortened, ...windowClosed(journey, { conversation, until: at, newId }));
  },

  RouteQuestion: ({ followUp }, { data: { questionId, toRole } }) => {
    const known = followUp.questions[questionId];
    if (!known) return refuse('entity-unknown');
    if (known.status !== 'open') return refuse('not-allowed-in-state');
    if (known.toRole === toRole) return already;
    const { conversationId, revision: conversationRevision } = known;
    return accept({ type: 'FollowUpQuestionRouted', data: { questionId, conversationId, conversationRevision, toRole } });
  },

  // Another reason is another journey; it is asked for on its own stream, in the name of this clinician.
  IdentifyNewProblem: ({ intake: { request } }, { data: { reasonCode, templateId } }, { newId }) => {
    if (!request) return refuse('entity-unknown');
    const problem = { reasonCode, childJourneyId: newId('journey') };
    const { modality, zone } = request;
    return accept<JourneyEvent>(
      { type: 'NewProblemIdentified', data: problem },
      { type: 'ChildJourneyOpened', data: { ...problem, templateId, modality, zone } },
    );
  },

  SendCheckIn: ({ followUp }, { data: { n } }) => {
    if (followUp.until === undefined || followUp.closed) return refuse('not-allowed-in-state');
    return followUp.checkIns[n] ? already : accept({ type: 'CheckInSent', data: { n, formVersion } });
  },

  AnswerCheckIn: ({ followUp }, { data }) => {
    const sent = followUp.checkIns[data.n];
    if (!sent) return refuse('entity-unknown');
    return sent.status === 'answered' ? already : accept({ type: 'CheckInAnswered', data: { ...data, formVersion } });
  },
};

interface Turn {
  readonly conversationId: string;
  readonly turn: 'patient' | 'clinician' | 'clinicianAsks';
  readonly revision: number;
  readonly clinicianId?: string | undefined;
}

/** A turn after the consult: the patient's opens a question, the clinician's answers every open one. A turn noted before never comes here. */
export function noteQuestionTurn(
  { followUp, closing }: Journey,
  { conversationId, turn, revision, clinicianId }: Turn,
  { newId }: Pick<Context, 'newId'>,
): Decision<JourneyEvent> {
  const open = openQuestions(followUp).filter((question) => question.conversationId === conversationId);
  const noted = { conversationId, conversationRevision: revision, ...(clinicianId && { clinicianId }) };
  if (turn !== 'patient')
    return accept(...open.map(({ questionId }): JourneyEvent => ({ type: 'FollowUpQuestionAnswered', data: { ...noted, questionId } })));
  if (open.length > 0) return already;
  const reopened: JourneyEvent[] = closing.closed
    ? [{ type: 'JourneyReopened', data: { cause: 'message', causedBy: conversationId } }]
    : [];
  return accept(...reopened, { type: 'FollowUpQuestionOpened', data: { ...noted, questionId: newId('question') } });
}
