// Virtual triage and consult (domain reference 5.2).
import { z } from 'zod';
import { At, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';
import { Outcome } from '../closing/events.ts';
import { Modality } from '../intake/events.ts';

export const Level = z.int().min(1).max(9);
const consult = { consultId: Id };
const claimed = { ...consult, clinicianId: Id, groupId: Id, modality: Modality };
const licence = {
  clinicianId: Id,
  state: Code,
  licenceId: Id.optional(),
  validUntil: At.optional(),
  groupContractId: Id.optional(),
  reason: Code.optional(),
};
const turn = { ...consult, conversationRevision: z.int().min(0), clinicianId: Id.optional() };
const ended = { ...consult, reason: Code.optional() };
const lowering = { dispositionId: Id, from: Level, to: Level, rationaleRef: Ref, by: Id };

const OrderKind = z.enum(['visit', 'lab', 'prescription']);

export const events = {
  ConsultQueued: event({ ...consult, modality: Modality, priority: z.enum(['routine', 'urgent', 'head']), reasonCode: Code }, 'consultId'),
  LicenceVerified: event(licence, 'clinicianId'),
  LicenceGateRefused: event(licence, 'clinicianId'),
  ConsultClaimed: event(claimed, 'consultId'),
  ConsultStarted: event(claimed, 'consultId'),
  FirstResponseGiven: event(turn, 'consultId'),
  AwaitingPatientStarted: event(turn, 'consultId'),
  AwaitingPatientEnded: event(turn, 'consultId'),
  AssessmentRecorded: event({ ...consult, noteRef: Ref, codedFindings: z.array(Code).max(50) }, 'consultId'),
  DiagnosisRecorded: event({ diagnosisId: Id, icd10: Code, certainty: z.enum(['confirmed', 'provisional']) }, 'diagnosisId'),
  DispositionDecided: event(
    {
      dispositionId: Id,
      consultId: Id.optional(),
      level: Level,
      latestStartAt: At.optional(),
      rationaleRef: Ref,
      supersedes: Id.optional(),
      byRule: Id.optional(),
    },
    'dispositionId',
  ),
  DispositionLoweringRequested: event(lowering, 'dispositionId'),
  DispositionLoweringApproved: event(lowering, 'dispositionId'),
  DispositionLoweringRejected: event(lowering, 'dispositionId'),
  CarePlanAgreed: event(
    {
      carePlanId: Id,
      version: z.int().min(1),
      activities: z.array(z.strictObject({ id: Id, kind: Code, orderId: Id.optional() })).max(30),
    },
    'carePlanId',
  ),
  OrdersPlaced: event({
    orders: z
      .array(z.strictObject({ orderId: Id, kind: OrderKind, activityId: Id.optional() }))
      .min(1)
      .max(20),
  }),
  ConsultCompleted: event({ ...consult, plannedOutcome: Outcome, summaryRef: Ref }, 'consultId'),
  ConsultExpired: event({ ...consult, reason: Code }, 'consultId'),
  ConsultEndedByPatient: event({ ...ended, refusalRef: Ref.optional() }, 'consultId'),
  ConsultCancelled: event(ended, 'consultId'),
} satisfies EventSchemas;
