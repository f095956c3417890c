// What is done for the patient at a visit, by a visitor within their scope or by a licensed clinician.
import { z } from 'zod';
import type { CommandSpecs, Context, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { At, Code, Id, Ref } from '../../kernel/event.ts';
import { inDangerZone } from '../../templates/danger-zone.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { licenceBasis } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { beyondScope } from '../visitor-fitness.ts';
import { CodedValues, decisionPoints, type VisitTask } from './events.ts';
import { type OnVisit, onVisit, refuseAct } from './on-visit.ts';
import { atThePlace, goesToPatient, type Visit } from './visit.ts';

const visit = { visitId: Id };
const scoped = { roles: ['V', 'C'], facts: ['visitor', 'clinician'] } as const;

/** Which levels a decision point leads to (source: AHRQ Emergency Severity Index handbook). */
const levelsOf: Readonly<Record<(typeof decisionPoints)[number], readonly number[]>> = { A: [1], B: [2], C: [3, 4, 5], D: [2, 3] };

export const commands = {
  RecordVitals: {
    roles: ['V', 'C'],
    facts: ['visitor', 'clinician', 'patientAge'],
    data: z.strictObject({ ...visit, codedValues: CodedValues }),
  },
  AssignEsi: {
    ...scoped,
    data: z
      .strictObject({ ...visit, level: z.int().min(1).max(5), decisionPoint: z.enum(decisionPoints) })
      .refine(({ level, decisionPoint }) => levelsOf[decisionPoint].includes(level), 'is no level of this decision point'),
  },
  RecordExamFinding: { ...scoped, data: z.strictObject({ ...visit, findingCode: Code, noteRef: Ref.optional() }) },
  AdministerVaccine: {
    ...scoped,
    data: z.strictObject({ ...visit, orderId: Id, cvx: Code, lot: Id, expiry: At, site: Code, coldChainOk: z.boolean() }),
  },
  CompleteAssessment: { ...scoped, data: z.strictObject({ ...visit, instrument: Code, version: z.int().min(1), ref: Ref }) },
  ListCareGaps: { ...scoped, data: z.strictObject({ ...visit, ref: Ref, gapCodes: z.array(Code).max(50) }) },
  JoinRemoteClinician: { roles: ['C'], facts: ['clinician'], data: z.strictObject(visit) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordVitals: (journey, command, context) =>
    act(journey, command, context, 'vitals', (basis) => {
      const { codedValues } = command.data;
      const dangerZone = inDangerZone(codedValues, context.facts.patientAge?.years);
      return accept({ type: 'VitalsRecorded', data: { ...command.data, setId: context.newId('vitals'), dangerZone, ...basis } });
    }),

  // The scale is meant for somebody who sees the patient: at home a clinician has to join first.
  AssignEsi: (journey, command, context) =>
    act(journey, command, context, 'esi', (basis, known) => {
      const afar = command.actor.role === 'C' && goesToPatient(known) && !known.remoteClinicians.includes(command.actor.id);
      return afar ? refuse('not-allowed-in-state') : accept({ type: 'EsiAssigned', data: { ...command.data, ...basis } });
    }),

  RecordExamFinding: (journey, command, context) =>
    act(journey, command, context, 'exam', (basis) => {
      const { noteRef, ...found } = command.data;
      return accept({ type: 'ExamFindingRecorded', data: { ...found, ...(noteRef && { noteRef }), ...basis } });
    }),

  AdministerVaccine: (journey, command, context) =>
    act(journey, command, context, 'vaccine', (basis, { tasks, openTasks }) => {
      const { orderId, expiry, coldChainOk } = command.data;
      const task = tasks.find(({ kind, orderId: ordered }) => kind === 'vaccine' && ordered === orderId);
      if (!task) return refuse('entity-unknown');
      if (!openTasks.includes(task.taskRef)) return refuse('not-allowed-in-state');
      if (!coldChainOk) return refuse('cold-chain-not-proven');
      if (expiry <= context.at) return refuse('lot-expired');
      return accept({ type: 'VaccineAdministered', data: { ...command.data, ...basis } });
    }),

  CompleteAssessment: (journey, command, context) =>
    act(journey, command, context, 'assessment', (basis) =>
      accept({ type: 'StructuredAssessmentCompleted', data: { ...command.data, ...basis } }),
    ),

  ListCareGaps: (journey, command, context) =>
    act(journey, command, context, 'careGaps', (basis) => accept({ type: 'CareGapsListed', data: { ...command.data, ...basis } })),

  JoinRemoteClinician: (journey, command, { facts: { clinician }, at }) =>
    onVisit(journey, command, atThePlace, ({ remoteClinicians }) => {
      const { visitId } = command.data;
      const clinicianId = command.actor.id;
      if (remoteClinicians.includes(clinicianId)) return already;
      const state = journey.intake.location?.state ?? '';
      const basis = licenceBasis(clinician, state, at);
      if (!basis)
        return refuse<JourneyEvent>('licence-not-valid-here', {
          type: 'LicenceGateRefused',
          data: { clinicianId, state, reason: 'licence-not-valid-here' },
        });
      return accept<JourneyEvent>(
        { type: 'LicenceVerified', data: { clinicianId, state, licenceId: basis.licenceId, groupContractId: basis.groupId } },
        { type: 'RemoteClinicianJoined', data: { visitId, clinicianId } },
      );
    }),
};

type Basis = { readonly licenceBasis?: NonNullable<ReturnType<typeof licenceBasis>> };

/** An act during the visit: a clinician needs a licence where the patient is, a visitor the skills for it. */
const act = (
  journey: Journey,
  command: OnVisit,
  { facts, at }: Context<Pick<Facts, 'visitor' | 'clinician'>>,
  kind: VisitTask['kind'],
  decideFor: (basis: Basis, known: Visit) => Decision<JourneyEvent>,
): Decision<JourneyEvent> =>
  onVisit(journey, command, ['InProgress'], (known) => {
    if (command.actor.role === 'V')
      return beyondScope(journey, known, facts.visitor, kind) ? refuseAct(command, 'scope-exceeded') : decideFor({}, known);
    const basis = licenceBasis(facts.clinician, journey.intake.location?.state ?? '', at);
    return basis ? decideFor({ licenceBasis: basis }, known) : refuseAct(command, 'licence-not-valid-here');
  });
