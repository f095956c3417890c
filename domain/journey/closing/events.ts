// How a journey ends: closure, survey, re-opening, and the acts that ask for the end (domain reference 4.2, 5.11 and 5.12).
import { z } from 'zod';
import { At, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';

export const Outcome = z.enum([
  'Resolved',
  'SelfCare',
  'ReferredOut',
  'EmergencyHandedOff',
  'Cancelled',
  'Withdrawn',
  'LeftAgainstAdvice',
  'LostToFollowUp',
  'Refused',
  'Abandoned',
  'Deceased',
]);
export type Outcome = z.output<typeof Outcome>;

/** What a clinician may plan when a consult ends; the other outcomes follow from acts of their own. */
export const PlannedOutcome = Outcome.extract(['Resolved', 'SelfCare']);

const survey = { instrument: Id, version: z.int().min(1), reason: Code.optional() };
const proposed = { proposedOutcome: Outcome, by: Id, resolvedBy: Id.optional() };
const ended = { by: Id, reason: Code.optional(), stage: Code };

export const events = {
  ClosureRequested: event(proposed),
  ClosureRefused: event({ ...proposed, obligations: z.array(z.strictObject({ item: z.int().min(1).max(13), entityId: Id })).max(200) }),
  SurveyOffered: event(survey),
  SurveyReminded: event(survey),
  SurveyWaived: event(survey),
  SurveyDeclined: event(survey),
  SurveyExpired: event(survey),
  SurveyAnswered: event({
    instrument: Id,
    version: z.int().min(1),
    scores: z.record(Code, z.int().min(0).max(10)),
    commentRef: Ref.optional(),
  }),
  ServiceRecoveryOpened: event({ recoveryId: Id, dueAt: At }, 'recoveryId'),
  ServiceRecoveryClosed: event({ recoveryId: Id, findingRef: Ref }, 'recoveryId'),
  JourneyClosed: event({
    outcome: Outcome,
    resolvedBy: Id.optional(),
    summaryRef: Ref.optional(),
    guardEvidence: z.array(Id).max(50),
    conversationIds: z.array(Id).max(20),
  }),
  JourneyReopened: event({ cause: Code, causedBy: Id }),
  JourneyCancelled: event(ended),
  JourneyWithdrawn: event(ended),
  PatientLeftAgainstAdvice: event({ ...ended, capacityStated: z.literal(true), sourceRef: Ref }),
  PatientDeathReported: event({ ...ended, sourceRef: Ref, on: z.iso.date() }),
} satisfies EventSchemas;
