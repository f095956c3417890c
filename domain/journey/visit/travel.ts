// Who goes to the patient, and how they get there.
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { At, Code, Id } from '../../kernel/event.ts';
import { minute } from '../../kernel/time.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts, VisitorFact } from '../facts.ts';
import type { Journey } from '../state.ts';
import { whyFlagged, whyUnfit } from '../visitor-fitness.ts';
import { onVisit } from './on-visit.ts';
import { booked, goesToPatient, isLate, type Visit } from './visit.ts';

const visit = { visitId: Id };
const because = { reason: Code.optional() };
const sent = z.strictObject({ ...visit, visitorId: Id });

export const commands = {
  AssignVisitor: { roles: ['D', 'T'], facts: ['visitor', 'homeSafety'], data: sent },
  AnswerAssignment: { roles: ['V'], data: z.strictObject({ ...visit, answer: z.enum(['accepted', 'declined']), ...because }) },
  ReassignVisitor: { roles: ['D', 'T'], facts: ['visitor', 'homeSafety'], data: sent.extend(because) },
  DepartForVisit: {
    roles: ['V'],
    facts: ['visitor', 'homeSafety'],
    data: z.strictObject({ ...visit, eta: At, coldChainOk: z.boolean().optional() }),
  },
  ReviseEta: { roles: ['V', 'D', 'A'], data: z.strictObject({ ...visit, eta: At, ...because }) },
  TurnBack: { roles: ['V', 'D', 'A'], data: z.strictObject({ ...visit, reason: Code }) },
  ArriveAtVisit: { roles: ['V'], facts: ['claim'], data: z.strictObject({ ...visit, placeVerification: Code }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  AssignVisitor: (journey, command, { facts: { visitor, homeSafety } }) =>
    onVisit(journey, command, booked, (known) => {
      const { visitId, visitorId } = command.data;
      if (known.visitorId === visitorId) return already;
      if (known.visitorId || !goesToPatient(known)) return refuse('not-allowed-in-state');
      // A dispatcher may ask again somebody who declined; the rule never does.
      const declined = command.actor.role === 'T' && known.dispatch.declinedBy.includes(visitorId);
      const reason = declined ? 'declined-before' : (whyFlagged(known, homeSafety, visitor) ?? whyUnfit(journey, known, visitor));
      if (reason) return accept({ type: 'VisitorAssignmentRefused', data: { visitId, visitorId, reason } });
      return accept({ type: 'VisitorAssigned', data: { visitId, visitorId, skillsBasis: skillsBasis(visitor) } });
    }),

  AnswerAssignment: (journey, command) =>
    onVisit(journey, command, booked, ({ accepted }) => {
      const { answer, visitId, reason } = command.data;
      if (accepted) return answer === 'accepted' ? already : refuse('not-allowed-in-state');
      const type = answer === 'accepted' ? 'VisitorAccepted' : 'VisitorDeclined';
      return accept({ type, data: { visitId, visitorId: command.actor.id, ...(reason && { reason }) } });
    }),

  // Somebody else goes, also when the first is on the way already.
  ReassignVisitor: (journey, command, { facts: { visitor, homeSafety } }) =>
    onVisit(journey, command, [...booked, 'EnRoute'], (known) => {
      const { visitId, visitorId, reason: why } = command.data;
      const from = known.visitorId;
      if (from === visitorId) return already;
      if (!from) return refuse('not-allowed-in-state');
      const reason = whyFlagged(known, homeSafety, visitor) ?? whyUnfit(journey, known, visitor);
      if (reason) return accept({ type: 'VisitorAssignmentRefused', data: { visitId, visitorId, reason } });
      const reassigned = { visitId, visitorId, from, skillsBasis: skillsBasis(visitor), ...(why && { reason: why }) };
      return accept({ type: 'VisitorReassigned', data: reassigned });
    }),

  DepartForVisit: (journey, command, { facts: { visitor, homeSafety } }) =>
    onVisit(journey, command, ['Assigned'], (known) => {
      const { visitId, eta, coldChainOk } = command.data;
      const going = { visitId, visitorId: command.actor.id };
      const reason = whyFlagged(known, homeSafety, visitor) ?? whyUnfit(journey, known, visitor) ?? coldChainMissing(known, coldChainOk);
      if (reason) return accept({ type: 'VisitorDepartureRefused', data: { ...going, reason } });
      const departed: JourneyEvent = {
        type: 'VisitorDeparted',
        data: { ...going, eta, ...(coldChainOk !== undefined && { coldChainOk }) },
      };
      const delayed: JourneyEvent[] = isLate(known, eta) ? [{ type: 'VisitorDelayed', data: { ...going, eta } }] : [];
      return accept(departed, ...delayed);
    }),

  ReviseEta: (journey, command) =>
    onVisit(journey, command, ['Assigned', 'EnRoute'], (known) => {
      const { visitorId } = known;
      if (!visitorId) return refuse('not-allowed-in-state');
      return accept({ type: isLate(known, command.data.eta) ? 'VisitorDelayed' : 'EtaRevised', data: { ...command.data, visitorId } });
    }),

  TurnBack: (journey, command) =>
    onVisit(journey, command, ['EnRoute'], ({ visitorId }) =>
      visitorId ? accept({ type: 'VisitorTurnedBack', data: { ...command.data, visitorId } }) : refuse('not-allowed-in-state'),
    ),

  ArriveAtVisit: (journey, command, { facts: { claim }, at }) =>
    onVisit(journey, command, ['EnRoute'], ({ plannedMin }) => {
      if (!claim?.granted) return refuse('visitor-elsewhere');
      const { visitId } = command.data;
      const dueAt = at + plannedMin * minute + clock(journey, 'loneworker');
      return accept<JourneyEvent>(
        { type: 'VisitorArrived', data: { ...command.data, at } },
        { type: 'LoneWorkerTimerStarted', data: { visitId, visitorId: command.actor.id, dueAt } },
      );
    }),
};

const skillsBasis = ({ skills, shiftVersion }: VisitorFact) => ({ skills: [...skills], shiftVersion });

/** Vaccines leave only with somebody who has looked at the temperature of the cooler. */
const coldChainMissing = ({ tasks }: Visit, coldChainOk = false): string | undefined =>
  !coldChainOk && tasks.some(({ kind }) => kind === 'vaccine') ? 'cold-chain-not-proven' : undefined;
