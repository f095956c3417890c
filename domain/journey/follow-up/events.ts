// Follow-up: the 14 days in which the patient may write (domain reference 5.10).
import { z } from 'zod';
import { At, Code, type EventSchemas, event, Id, Ref, text } from '../../kernel/event.ts';
import { CodedAnswers, Modality } from '../intake/events.ts';

const window = { anchorEventId: Id, until: At, reason: Code.optional(), conversationId: Id.optional() };
const question = {
  questionId: Id,
  conversationId: Id,
  conversationRevision: z.int().min(0),
  toRole: Code.optional(),
  clinicianId: Id.optional(),
};
const checkIn = { n: z.int().min(1), formVersion: z.int().min(1), answersRef: Ref.optional(), codedAnswers: CodedAnswers.optional() };
const problem = { reasonCode: Code, childJourneyId: Id };

export const events = {
  FollowUpWindowOpened: event(window),
  // Without `until` it stays open until a pending result has been reviewed.
  FollowUpWindowExtended: event({ ...window, until: At.optional(), openedAt: At }),
  FollowUpWindowShortened: event(window),
  FollowUpWindowClosed: event(window),
  FollowUpQuestionOpened: event(question, 'questionId'),
  FollowUpQuestionRouted: event(question, 'questionId'),
  FollowUpQuestionAnswered: event(question, 'questionId'),
  CheckInSent: event(checkIn),
  CheckInAnswered: event(checkIn),
  CheckInMissed: event(checkIn),
  NewProblemIdentified: event(problem, 'childJourneyId'),
  ChildJourneyOpened: event({ ...problem, templateId: Id, modality: Modality, zone: text(60) }, 'childJourneyId'),
} satisfies EventSchemas;
