// Survey and closing (domain reference 5.11).
import { z } from 'zod';
import { At, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';

export const Outcome = z.enum(['Resolved', 'SelfCare', 'ReferredOut', 'EmergencyHandedOff', 'Cancelled', 'Abandoned', 'Refused']);
export type Outcome = z.output<typeof Outcome>;

const survey = { instrument: Id, version: z.int().min(1), reason: Code.optional() };

export const events = {
  ClosureRequested: event({ proposedOutcome: Outcome, by: Id, resolvedBy: Id.optional() }),
  SurveyOffered: event(survey),
  SurveyReminded: event(survey),
  SurveyDeclined: event(survey),
  SurveyExpired: event(survey),
  SurveyAnswered: event({
    instrument: Id,
    version: z.int().min(1),
    scores: z.record(Code, z.int().min(0).max(10)),
    commentRef: Ref.optional(),
  }),
  ServiceRecoveryOpened: event({ recoveryId: Id, dueAt: At }, 'recoveryId'),
  JourneyCancelled: event({ by: Id, reason: Code.optional(), stage: Code }),
  JourneyClosed: event({
    outcome: Outcome,
    resolvedBy: Id.optional(),
    summaryRef: Ref.optional(),
    guardEvidence: z.array(Id).max(50),
    conversationIds: z.array(Id).max(20),
  }),
  JourneyReopened: event({ cause: Code, causedBy: Id }),
} satisfies EventSchemas;
