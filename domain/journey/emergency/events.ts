// The emergency case (domain reference 5.3).
import { z } from 'zod';
import { At, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';

export const EmergencyOutcome = z.enum(['arrivedAtEd', 'treatedOnScene', 'declined', 'unreachable', 'falseAlarm', 'died']);
export type EmergencyOutcome = z.output<typeof EmergencyOutcome>;

const acted = { caseId: Id, by: Id };
const agency = { agencyRef: Ref.optional() };
const text = { textId: Id, version: z.int().min(1), caseId: Id.optional() };

export const events = {
  EmergencyDeclared: event({ caseId: Id, trigger: Code, sourceRef: Ref.optional(), ownerRole: z.enum(['C']), callDueAt: At }, 'caseId'),
  EmergencyTextShown: event(text, 'textId'),
  EmergencyTextAcknowledged: event(text, 'textId'),
  EmergencyCallMade: event({ ...acted, n: z.int().min(1), reached: z.boolean() }, 'caseId'),
  EmergencyLocationConfirmed: event({ caseId: Id, addressRef: Ref }, 'caseId'),
  EmsAdvised: event(acted, 'caseId'),
  EmsCalledByStaff: event({ ...acted, ...agency }, 'caseId'),
  EmsDeclinedByPatient: event({ ...acted, refusalRef: Ref, capacityStated: z.literal(true) }, 'caseId'),
  WarmHandoffGiven: event({ ...acted, to: Code }, 'caseId'),
  EmergencyContactTried: event({ ...acted, contactRef: Ref.optional(), outcome: Code }, 'caseId'),
  WelfareCheckRequested: event({ ...acted, ...agency }, 'caseId'),
  WelfareCheckCompleted: event({ ...acted, ...agency, outcome: Code }, 'caseId'),
  EmergencyOutcomeRecorded: event({ ...acted, outcome: EmergencyOutcome }, 'caseId'),
  EmergencyStoodDown: event({ ...acted, reason: Code }, 'caseId'),
} satisfies EventSchemas;
