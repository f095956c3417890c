import { z } from 'zod';
import type { CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { Ref } from '../../kernel/event.ts';
import { day } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { CodedAnswers } from '../intake/events.ts';
import type { Journey } from '../state.ts';
import { openQuestions } from './state.ts';

/** The form that a check-in asks; its answers are coded. */
const formVersion = 1;

export const commands = {
  SendCheckIn: { roles: ['T', 'K'], data: z.strictObject({ n: z.int().min(1) }) },
  AnswerCheckIn: {
    roles: ['P', 'X'],
    data: z.strictObject({ n: z.int().min(1), codedAnswers: CodedAnswers.optional(), answersRef: Ref.optional() }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
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

/** The end of a window that is still open. */
export function windowClosed({ followUp }: Journey): readonly JourneyEvent[] {
  const { until, closed, conversationId, anchorEventId = 'window' } = followUp;
  if (until === undefined || closed) return [];
  return [{ type: 'FollowUpWindowClosed', data: { anchorEventId, until, ...(conversationId && { conversationId }) } }];
}

/** the window opens with the first completed consult and ends the template's number of 24-hour days later. */
export function windowOpened(
  { followUp }: Journey,
  conversationId: string,
  { facts, at, eventId }: Context<Pick<Facts, 'pathway'>>,
): readonly JourneyEvent[] {
  const { anchor, days } = facts.pathway.template.followUp;
  if (anchor !== 'consultCompleted' || followUp.until !== undefined) return [];
  return [{ type: 'FollowUpWindowOpened', data: { anchorEventId: eventId(0), until: at + days * day, conversationId } }];
}
