// Follow-up: the 14 days in which the patient may write (domain reference 5.10).
import { z } from 'zod';
import { At, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';
import { CodedAnswers } from '../intake/events.ts';

const window = { anchorEventId: Id, until: At, reason: Code.optional(), conversationId: Id.optional() };
const question = {
  questionId: Id,
  conversationId: Id,
  conversationRevision: z.int().min(0),
  toRole: Code.optional(),
  clinicianId: Id.optional(),
};
const checkIn = { n: z.int().min(1), formVersion: z.int().min(1), answersRef: Ref.optional(), codedAnswers: CodedAnswers.optional() };

export const events = {
  FollowUpWindowOpened: event(window),
  FollowUpWindowClosed: event(window),
  FollowUpQuestionOpened: event(question, 'questionId'),
  FollowUpQuestionRouted: event(question, 'questionId'),
  FollowUpQuestionAnswered: event(question, 'questionId'),
  CheckInSent: event(checkIn),
  CheckInAnswered: event(checkIn),
  CheckInMissed: event(checkIn),
} satisfies EventSchemas;
