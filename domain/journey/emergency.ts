// The emergency case (domain reference 5.3): declared in the decision that meets the danger.
import { z } from 'zod';
import { At, Code, type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import type { StagePlan } from '../kernel/plan.ts';
import type { Instant } from '../kernel/time.ts';
import type { Template } from '../templates/template.ts';
import { clock } from './clocks.ts';
import type { JourneyEvent } from './events.ts';
import type { Journey } from './state.ts';

// --- events

export const events = {
  EmergencyDeclared: event({ caseId: Id, trigger: Code, ownerRole: z.enum(['C']), callDueAt: At }, 'caseId'),
  EmergencyTextShown: event({ textId: Id, version: z.int().min(1), caseId: Id.optional() }, 'textId'),
} satisfies EventSchemas;

// --- state

export interface Emergency {
  readonly open?: { readonly caseId: string; readonly callDueAt: Instant; readonly called: boolean };
}
export const initial: Emergency = {};

export function evolve(emergency: Emergency, { type, data }: Happened<JourneyEvent>): Emergency {
  switch (type) {
    case 'EmergencyDeclared':
      return { open: { caseId: data.caseId, callDueAt: data.callDueAt, called: false } };
    case 'ContactAttempted':
      return emergency.open ? { open: { ...emergency.open, called: true } } : emergency;
    default:
      return emergency;
  }
}

// --- decisions

/** Declares a case whose first call is due after the template's `emergency.call`. */
export const declareEmergency = (journey: Journey, { caseId, trigger, at }: { caseId: string; trigger: string; at: Instant }) =>
  ({
    type: 'EmergencyDeclared',
    data: { caseId, trigger, ownerRole: 'C', callDueAt: at + clock(journey, 'emergency.call') },
  }) as const satisfies JourneyEvent;

/** The emergency text of the template, shown in the same response. */
export const emergencyTextShown = ({ emergencyText }: Template, caseId?: string): JourneyEvent => ({
  type: 'EmergencyTextShown',
  data: { textId: emergencyText.textId, version: emergencyText.version, ...(caseId && { caseId }) },
});

// --- plan

/** The first attempt to reach the patient stops the clock; the case stays open. */
export const plan = ({ emergency: { open } }: Journey): StagePlan => ({
  deadlines: open && !open.called ? [{ name: 'emergency.call', entityId: open.caseId, dueAt: open.callDueAt }] : [],
  effects: [],
});
