// Escalations and incidents (domain reference 5.16).
import { z } from 'zod';
import { staff } from '../../kernel/actor.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import type { Deadline } from '../../kernel/plan.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { ladderOf } from './ladders.ts';

const worker = [...staff, 'V'] as const;

export const commands = {
  AcknowledgeEscalation: { roles: worker, afterClose: true, data: z.strictObject({ escalationId: Id }) },
  // The system opens one for a rule of ours that failed.
  OpenIncident: {
    roles: [...worker, 'Y', 'T'],
    afterClose: true,
    data: z.strictObject({ category: Code, entityId: Id, findingRef: Ref.optional() }),
  },
  CloseIncident: {
    roles: [...worker, 'Y'],
    afterClose: true,
    data: z.strictObject({ incidentId: Id, findingRef: Ref.optional() }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  AcknowledgeEscalation: ({ work }, { data: { escalationId }, actor }) => {
    const raised = work.escalations[escalationId];
    if (!raised) return refuse('entity-unknown');
    return raised.acknowledged ? already : accept({ type: 'EscalationAcknowledged', data: { escalationId, by: actor.id } });
  },

  OpenIncident: (_journey, { data }, { newId }) => accept({ type: 'IncidentOpened', data: { incidentId: newId('incident'), ...data } }),

  CloseIncident: ({ work }, { data: { incidentId, findingRef } }) => {
    const incident = work.incidents[incidentId];
    if (!incident) return refuse('entity-unknown');
    if (!incident.open) return already;
    const { category, entityId } = incident;
    return accept({ type: 'IncidentClosed', data: { incidentId, category, entityId, ...(findingRef && { findingRef }) } });
  },
};

/** The first rung of a ladder, as it is raised about something. */
export function escalationRaised(
  ladder: string,
  { escalationId, about }: { escalationId: string; about: string },
): readonly JourneyEvent[] {
  const first = ladderOf(ladder)?.rungs[0];
  return first ? [{ type: 'EscalationRaised', data: { escalationId, ladder, rung: 1, ...first, about } }] : [];
}

/** A rung that nobody acknowledges; what is about a task ends with the task. */
export const unacknowledged = (journey: Journey): readonly Deadline[] =>
  Object.entries(journey.work.escalations).flatMap(([entityId, { ladder, raisedAt, acknowledged, about }]) => {
    const timed = ladderOf(ladder);
    const task = about === undefined ? undefined : journey.work.tasks[about];
    if (!timed || acknowledged || (task && task.status !== 'open')) return [];
    return [{ name: 'escalation.ack', entityId, dueAt: raisedAt + clock(journey, timed.clock) }];
  });

export const elapse: Elapse = {
  // Above the last rung there is nobody: the promise is broken, for everybody to see.
  'escalation.ack': ({ work }, { name, entityId: escalationId, dueAt }) => {
    const raised = work.escalations[escalationId];
    const next = raised && ladderOf(raised.ladder)?.rungs[raised.rung];
    if (!raised || !next) return [{ type: 'SlaBreached', data: { clock: name, entityId: escalationId, dueAt } }];
    const { ladder, about } = raised;
    const data = { escalationId, ladder, rung: raised.rung + 1, ...next, ...(about && { about }) };
    return [{ type: 'EscalationRaised', data }];
  },
};
