// The safety of whoever is in a home (domain reference 5.4): the timer, its ladder, duress, and the way out.
import { z } from 'zod';
import type { Role } from '../../kernel/actor.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Id } from '../../kernel/event.ts';
import type { Deadline } from '../../kernel/plan.ts';
import { minute } from '../../kernel/time.ts';
import { clock } from '../clocks.ts';
import { escalationRaised } from '../escalation.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from '../work/decide.ts';
import { visitAborted } from './booking.ts';
import { AbortReason, UnsafeCategories } from './events.ts';
import { inHome, onVisit } from './on-visit.ts';
import { atThePlace, isTerminal, type Visit } from './visit.ts';

const visit = { visitId: Id };

export const commands = {
  LeaveHome: { roles: ['V'], data: z.strictObject(visit) },
  ReportUnsafeCondition: { roles: ['V'], data: z.strictObject({ ...visit, categories: UnsafeCategories }) },
  SignalDuress: { roles: ['V'], data: z.strictObject(visit) },
  AbortVisit: { roles: ['V', 'S', 'D'], data: z.strictObject({ ...visit, reason: AbortReason }) },
  AnswerLoneWorkerCheck: { roles: ['V'], data: z.strictObject(visit) },
  ExtendLoneWorkerTimer: { roles: ['V'], data: z.strictObject({ ...visit, minutes: z.int().min(1).max(240) }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  // Whatever became of the visit, a visitor who has left is out of the home.
  LeaveHome: (journey, command, { at }) =>
    inHome(journey, command, (_known, { visitorId }) => {
      const left = { ...command.data, visitorId };
      return accept<JourneyEvent>({ type: 'VisitorLeftHome', data: { ...left, at } }, { type: 'LoneWorkerTimerStopped', data: left });
    }),

  ReportUnsafeCondition: (journey, command) =>
    onVisit(journey, command, 'any', () =>
      accept({ type: 'UnsafeConditionReported', data: { ...command.data, visitorId: command.actor.id } }),
    ),

  // No state refuses a call for help, and no second press is taken for the first.
  SignalDuress: (journey, command, { newId }) =>
    onVisit(journey, command, 'any', () =>
      accept({ type: 'DuressSignalled', data: { ...command.data, visitorId: command.actor.id } }, escalationRaised('duress', newId)),
    ),

  AbortVisit: (journey, command, { at, newId }) =>
    onVisit(journey, command, 'any', (known) => {
      const { visitId, reason } = command.data;
      if (known.status.startsWith('Aborted')) return already;
      if (isTerminal(known) || !(atThePlace.includes(known.status) || known.status === 'EnRoute')) return refuse('not-allowed-in-state');
      const aborted = visitAborted(visitId, known.openTasks, reason);
      if (reason !== 'unsafe') return accept(...aborted);
      const incident = { incidentId: newId('incident'), category: 'unsafeVisit', entityId: visitId };
      const rebook = taskOpened(journey, 'rebookElsewhere', { taskId: newId('task'), at, cites: [visitId] });
      return accept<JourneyEvent>(...aborted, { type: 'IncidentOpened', data: incident }, rebook);
    }),

  AnswerLoneWorkerCheck: (journey, command, { at }) =>
    inHome(journey, command, (_known, { visitorId, dueAt }) => {
      const next = Math.max(dueAt, at + clock(journey, 'loneworker'));
      return accept({ type: 'LoneWorkerCheckAnswered', data: { ...command.data, visitorId, dueAt: next } });
    }),

  ExtendLoneWorkerTimer: (journey, command, { at }) =>
    inHome(journey, command, (_known, { visitorId, dueAt }) => {
      const { visitId, minutes } = command.data;
      return accept({ type: 'LoneWorkerTimerExtended', data: { visitId, visitorId, dueAt: Math.max(dueAt, at) + minutes * minute } });
    }),
};

/** Whom each missed check reaches; at the last rung the supervisor gives the address to the emergency services. */
const loneWorkerLadder: readonly { readonly recipientRole: Role; readonly channel: string }[] = [
  { recipientRole: 'V', channel: 'silentCheck' },
  { recipientRole: 'V', channel: 'call' },
  { recipientRole: 'S', channel: 'call' },
  { recipientRole: 'S', channel: 'emergencyServices' },
];

export const elapse: Elapse = {
  loneworker: ({ visit: { byId } }, { entityId: visitId, dueAt }, { newId }) => {
    const timer = byId[visitId]?.timer;
    const recipient = timer && loneWorkerLadder[timer.missed];
    if (!timer || !recipient) return [];
    const rung = timer.missed + 1;
    const raised = { escalationId: newId('escalation'), ladder: 'loneworker', rung, ...recipient };
    return [
      { type: 'LoneWorkerCheckMissed', data: { visitId, visitorId: timer.visitorId, dueAt, rung } },
      { type: 'EscalationRaised', data: raised },
    ] satisfies JourneyEvent[];
  },
};

/** Runs until the visitor has left, whatever becomes of the visit; after the last rung nobody is left to tell. */
export function loneWorker(journey: Journey, entityId: string, { timer }: Visit): readonly Deadline[] {
  if (!timer || timer.missed >= loneWorkerLadder.length) return [];
  return [{ name: 'loneworker', entityId, dueAt: timer.dueAt + timer.missed * clock(journey, 'loneworker.rung') }];
}
