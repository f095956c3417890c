import { z } from 'zod';
import { endOfDay } from '../../kernel/calendar.ts';
import type { CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import { hour, type Instant } from '../../kernel/time.ts';
import type { Template } from '../../templates/template.ts';
import { PlannedOutcome } from '../closing/events.ts';
import { declareEmergency, emergencyTextShown } from '../emergency/decide.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { noteQuestionTurn } from '../follow-up/decide.ts';
import { windowOpened } from '../follow-up/window.ts';
import type { Journey } from '../state.ts';
import * as advice from './advice.ts';
import { Level } from './events.ts';
import * as handover from './handover.ts';
import { held } from './holder.ts';
import * as modality from './modality.ts';
import { Orders, placed } from './orders.ts';
import * as queue from './queue.ts';
import { type Consult, isOpen } from './state.ts';

const consult = { consultId: Id };
export const commands = {
  ...queue.commands,
  ...modality.commands,
  ...handover.commands,
  ...advice.commands,
  StartConsult: { roles: ['C'], clinical: true, facts: ['clinician'], data: z.strictObject(consult) },
  NoteConversationTurn: {
    roles: ['T'],
    afterClose: true,
    data: z.strictObject({
      conversationId: Id,
      turn: z.enum(['patient', 'clinician', 'clinicianAsks']),
      revision: z.int().min(0),
      clinicianId: Id.optional(),
    }),
  },
  RecordAssessment: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician'],
    data: z.strictObject({ ...consult, noteRef: Ref, codedFindings: z.array(Code).max(50) }),
  },
  RecordDiagnosis: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician'],
    data: z.strictObject({ icd10: Code, certainty: z.enum(['confirmed', 'provisional']) }),
  },
  DecideDisposition: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician', 'pathway'],
    data: z.strictObject({ consultId: Id.optional(), level: Level, rationaleRef: Ref.optional() }),
  },
  ApproveDispositionLowering: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician', 'pathway'],
    data: z.strictObject({ dispositionId: Id }),
  },
  RejectDispositionLowering: { roles: ['C'], clinical: true, facts: ['clinician'], data: z.strictObject({ dispositionId: Id }) },
  AgreeCarePlan: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician'],
    data: z.strictObject({
      activities: z
        .array(z.strictObject({ id: Id, kind: Code, orderId: Id.optional() }))
        .min(1)
        .max(30),
    }),
  },
  PlaceOrders: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician', 'area', 'pathway', 'homeSafety'],
    data: z.strictObject({ orders: Orders }),
  },
  CompleteConsult: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician', 'pathway'],
    data: z.strictObject({ ...consult, plannedOutcome: PlannedOutcome, summaryRef: Ref }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  ...queue.decide,
  ...modality.decide,
  ...handover.decide,
  ...advice.decide,

  StartConsult: ({ consult: { byId }, intake }, { data: { consultId }, actor }) =>
    held(byId[consultId], actor.id, ({ status, modality, groupId = '', claimedAt = 0 }) => {
      if (status !== 'Claimed') return refuse('not-allowed-in-state');
      if (liveModalities.includes(modality) && (intake.location?.at ?? 0) < claimedAt) return refuse('location-not-attested');
      return accept({ type: 'ConsultStarted', data: { consultId, clinicianId: actor.id, groupId, modality } });
    }),

  NoteConversationTurn: (journey, { data }, context) => {
    const { conversationId: consultId, turn, revision, clinicianId } = data;
    const known = journey.consult.byId[consultId];
    if (!known) return refuse('entity-unknown');
    if (revision <= (journey.consult.revisions[consultId] ?? -1)) return already;
    if (!isOpen(known)) return noteQuestionTurn(journey, data, context);
    const noted = { consultId, conversationRevision: revision, ...(clinicianId && { clinicianId }) };
    const awaited = known.awaitingSince !== undefined;
    if (turn === 'patient') return awaited ? accept({ type: 'AwaitingPatientEnded', data: noted }) : already;
    const first: JourneyEvent[] = known.firstResponseAt === undefined ? [{ type: 'FirstResponseGiven', data: noted }] : [];
    // In a chat each turn hands the word over.
    const handsOver = turn === 'clinicianAsks' || known.modality === 'chat';
    const asks: JourneyEvent[] = handsOver && !awaited ? [{ type: 'AwaitingPatientStarted', data: noted }] : [];
    return accept(...first, ...asks);
  },

  RecordAssessment: ({ consult: { byId } }, { data, actor }) =>
    held(byId[data.consultId], actor.id, ({ startedAt }) =>
      startedAt === undefined ? refuse('not-allowed-in-state') : accept({ type: 'AssessmentRecorded', data }),
    ),

  RecordDiagnosis: (_journey, { data }, { newId }) =>
    accept({ type: 'DiagnosisRecorded', data: { ...data, diagnosisId: newId('diagnosis') } }),

  DecideDisposition: (journey, { data, actor }, context) => {
    const { consultId, level, rationaleRef } = data;
    const known = consultId === undefined ? undefined : journey.consult.byId[consultId];
    if (consultId !== undefined && !known) return refuse('entity-unknown');
    if (known && (known.startedAt === undefined || !isOpen(known))) return refuse('not-allowed-in-state');
    if (!rationaleRef) return refuse('rationale-missing');
    const before = journey.consult.disposition;
    const dispositionId = context.newId('disposition');
    // from the three most urgent levels a lower urgency needs a second clinician; until then the higher one stays in force.
    if (before && before.level <= 3 && level > before.level) {
      return accept({
        type: 'DispositionLoweringRequested',
        data: { dispositionId, from: before.level, to: level, rationaleRef, by: actor.id },
      });
    }
    return accept(...dispositionDecided(journey, { dispositionId, level, rationaleRef, ...(consultId && { consultId }) }, context));
  },

  ApproveDispositionLowering: (journey, { data: { dispositionId }, actor }, context) => {
    const { lowering } = journey.consult;
    if (lowering?.dispositionId !== dispositionId) return refuse('entity-unknown');
    if (lowering.by === actor.id) return refuse('same-person');
    const { to: level, rationaleRef } = lowering;
    return accept<JourneyEvent>(
      { type: 'DispositionLoweringApproved', data: { ...lowering, by: actor.id } },
      ...dispositionDecided(journey, { dispositionId, level, rationaleRef }, context),
    );
  },

  RejectDispositionLowering: ({ consult: { lowering } }, { data: { dispositionId }, actor }) => {
    if (lowering?.dispositionId !== dispositionId) return refuse('entity-unknown');
    if (lowering.by === actor.id) return refuse('same-person');
    return accept({ type: 'DispositionLoweringRejected', data: { ...lowering, by: actor.id } });
  },

  AgreeCarePlan: ({ consult: { carePlan } }, { data: { activities } }, { newId }) => {
    const { carePlanId, version } = carePlan ?? { carePlanId: newId('care-plan'), version: 0 };
    return accept({ type: 'CarePlanAgreed', data: { carePlanId, version: version + 1, activities } });
  },

  PlaceOrders: (journey, { data: { orders }, actor }, context) => {
    if (!journey.consult.disposition) return refuse('disposition-missing');
    return placed(journey, { orders, actor }, context);
  },

  CompleteConsult: (journey, { data, actor }, context) =>
    held(journey.consult.byId[data.consultId], actor.id, ({ startedAt }) => {
      if (startedAt === undefined) return refuse('not-allowed-in-state');
      if (!journey.consult.disposition) return refuse('disposition-missing');
      if (journey.consult.lowering) return refuse('lowering-pending');
      // Self-care is what level 9 says (domain reference 4.2).
      if (data.plannedOutcome === 'SelfCare' && journey.consult.disposition.level !== 9) return refuse('not-allowed-in-state');
      const completed: JourneyEvent = { type: 'ConsultCompleted', data };
      return accept(completed, ...windowOpened(journey, data.consultId, context));
    }),
};

/** Contacts at which the patient's place is attested again (source: ATA on-demand telehealth guidance). */
const liveModalities: readonly Consult['modality'][] = ['video', 'phone', 'chat'];

interface NewDisposition {
  readonly dispositionId: string;
  readonly level: number;
  readonly rationaleRef: string;
  readonly consultId?: string;
  readonly byRule?: string;
}

/** The disposition with its outer limit; level 1 declares an emergency in the same decision. */
export function dispositionDecided(
  journey: Journey,
  decided: NewDisposition,
  { facts, at, newId }: Context<Pick<Facts, 'pathway'>>,
): readonly JourneyEvent[] {
  const { template } = facts.pathway;
  const latestStartAt = outerLimit(template, decided.level, at, journey.intake.request?.zone ?? 'UTC');
  const supersedes = journey.consult.disposition?.dispositionId;
  const event: JourneyEvent = {
    type: 'DispositionDecided',
    data: { ...decided, ...(latestStartAt !== undefined && { latestStartAt }), ...(supersedes && { supersedes }) },
  };
  if (decided.level > 1 || journey.emergency.open) return [event];
  const declared = declareEmergency(journey, { caseId: newId('emergency'), trigger: 'disposition-1', at });
  return [event, declared, emergencyTextShown(template, declared.data.caseId)];
}

/** The latest start that a level allows (source: nine-level telephone-triage convention; lengths from the template). */
function outerLimit({ dispositionLimits }: Template, level: number, at: Instant, zone: string): Instant | undefined {
  const limit = dispositionLimits[String(level) as keyof Template['dispositionLimits']];
  if (limit === 'none') return undefined;
  if (limit === 'now') return at;
  return limit === 'today' ? endOfDay(at, zone) : at + limit.hours * hour;
}
