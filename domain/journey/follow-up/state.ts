import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';

export interface Question {
  readonly conversationId: string;
  /** The patient's turn, as the conversation's revision. */
  readonly revision: number;
  readonly openedAt: Instant;
  readonly status: 'open' | 'answered';
  readonly routed: boolean;
  /** Whom it was given to, if the clinician of the consult did not answer. */
  readonly toRole?: string;
}

export interface CheckIn {
  readonly sentAt: Instant;
  readonly status: 'sent' | 'answered' | 'missed';
}

export interface FollowUp {
  /** Set once the window has opened; the end of the time in which the patient may write. */
  readonly until?: Instant;
  readonly openedAt?: Instant;
  readonly conversationId?: string;
  readonly anchorEventId?: string;
  /** The end has come while a result was pending: open until that is settled. */
  readonly openEnded: boolean;
  readonly closed: boolean;
  readonly questions: Readonly<Record<string, Question>>;
  /** By number, 1 for the first. */
  readonly checkIns: Readonly<Record<number, CheckIn>>;
}
export const initial: FollowUp = { openEnded: false, closed: false, questions: {}, checkIns: {} };

export function evolve(followUp: FollowUp, { type, data, occurredAt: at }: Happened<JourneyEvent>): FollowUp {
  const question = (questionId: string, patch: Partial<Question>): FollowUp => {
    const known = followUp.questions[questionId];
    return known ? { ...followUp, questions: { ...followUp.questions, [questionId]: { ...known, ...patch } } } : followUp;
  };
  const checkIn = (n: number, status: CheckIn['status']): FollowUp => ({
    ...followUp,
    checkIns: { ...followUp.checkIns, [n]: { sentAt: followUp.checkIns[n]?.sentAt ?? at, status } },
  });
  switch (type) {
    case 'FollowUpWindowOpened':
      return {
        ...followUp,
        openedAt: at,
        until: data.until,
        anchorEventId: data.anchorEventId,
        ...(data.conversationId && { conversationId: data.conversationId }),
      };
    case 'FollowUpWindowExtended':
      return { ...followUp, openEnded: data.until === undefined, ...(data.until !== undefined && { until: data.until }) };
    case 'FollowUpWindowShortened':
      return { ...followUp, until: data.until };
    case 'FollowUpWindowClosed':
      return { ...followUp, closed: true };
    case 'FollowUpQuestionOpened': {
      const { conversationId, conversationRevision: revision } = data;
      const opened: Question = { conversationId, revision, openedAt: at, status: 'open', routed: false };
      return { ...followUp, questions: { ...followUp.questions, [data.questionId]: opened } };
    }
    case 'FollowUpQuestionRouted':
      return question(data.questionId, { routed: true, ...(data.toRole && { toRole: data.toRole }) });
    case 'FollowUpQuestionAnswered':
      return question(data.questionId, { status: 'answered' });
    case 'CheckInSent':
      return checkIn(data.n, 'sent');
    case 'CheckInAnswered':
      return checkIn(data.n, 'answered');
    case 'CheckInMissed':
      return checkIn(data.n, 'missed');
    default:
      return followUp;
  }
}

/** The questions that wait for an answer, with their ids. */
export const openQuestions = ({ questions }: FollowUp): readonly (Question & { readonly questionId: string })[] =>
  Object.entries(questions).flatMap(([questionId, question]) => (question.status === 'open' ? [{ ...question, questionId }] : []));
