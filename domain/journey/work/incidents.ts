// Incidents (domain reference 5.16).
import { z } from 'zod';
import { staff } from '../../kernel/actor.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';

const reporters = [...staff, 'V', 'Y'] as const;

export const commands = {
  // The system opens one for a rule of ours that failed.
  OpenIncident: {
    roles: [...reporters, 'T'],
    afterClose: true,
    data: z.strictObject({ category: Code, entityId: Id, findingRef: Ref.optional() }),
  },
  CloseIncident: { roles: reporters, afterClose: true, data: z.strictObject({ incidentId: Id, findingRef: Ref.optional() }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  OpenIncident: (_journey, { data }, { newId }) => accept({ type: 'IncidentOpened', data: { incidentId: newId('incident'), ...data } }),

  CloseIncident: ({ work }, { data: { incidentId, findingRef } }) => {
    const incident = work.incidents[incidentId];
    if (!incident) return refuse('entity-unknown');
    if (!incident.open) return already;
    const { category, entityId } = incident;
    return accept({ type: 'IncidentClosed', data: { incidentId, category, entityId, ...(findingRef && { findingRef }) } });
  },
};
