// An order for a laboratory test, from the draft to who pays for it (domain reference 5.5).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Cents, Code, Id } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { windowAfterResult } from '../follow-up/window.ts';
import type { Journey } from '../state.ts';
import { LabPayer } from './events.ts';
import { uncollected } from './state.ts';

/** What an order for a laboratory test carries. */
export const LabOrder = z.strictObject({
  orderId: Id,
  loinc: z.array(Code).min(1).max(20),
  container: Code.optional(),
  priority: z.enum(['routine', 'urgent', 'stat']),
  labId: Id,
  // Tests that travel to a laboratory are not built yet; ordering one is refused as input.
  pointOfCare: z.literal(true),
});

const order = { orderId: Id };

export const commands = {
  DraftLabOrder: { roles: ['C'], clinical: true, facts: ['clinician', 'lab'], data: LabOrder },
  SignLabOrder: { roles: ['C'], clinical: true, facts: ['clinician', 'pathway', 'lab'], data: z.strictObject(order) },
  DecideLabPayer: { roles: ['B', 'K', 'T'], data: z.strictObject({ ...order, payer: LabPayer, patientCents: Cents.default(0) }) },
  CancelLabOrder: { roles: ['C', 'K', 'T'], data: z.strictObject({ ...order, reason: Code }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  DraftLabOrder: ({ lab }, { data }, { facts: { lab: laboratory }, newId }) => {
    if (lab.orders[data.orderId]) return refuse('not-allowed-in-state');
    return laboratory.open ? accept(...labOrderDrafted(data, newId('requisition'))) : refuse('lab-closed');
  },

  SignLabOrder: ({ lab }, { data: { orderId }, actor }, { facts: { pathway, lab: laboratory } }) => {
    const order = lab.orders[orderId];
    if (!order) return refuse('entity-unknown');
    if (order.status !== 'Drafted') return refuse('not-allowed-in-state');
    if (!laboratory.open) return refuse('lab-closed');
    return accept<JourneyEvent>(
      { type: 'LabOrderSigned', data: { orderId, signerId: actor.id } },
      { type: 'LabPayerDecided', data: { orderId, payer: pathway.contract.terms.labPayer, patientCents: 0 } },
    );
  },

  // Until the specimen is taken; then the patient has been told who pays.
  DecideLabPayer: ({ lab }, { data }) => {
    const known = lab.orders[data.orderId];
    if (!known) return refuse('entity-unknown');
    if (known.status === 'Cancelled') return refuse('not-allowed-in-state');
    return uncollected.includes(known.status) ? accept({ type: 'LabPayerDecided', data }) : refuse('already-collected');
  },

  // A test at the point of care is transmitted to nobody, so that nobody has to agree to its end.
  CancelLabOrder: (journey, { data, actor }, { at }) => {
    const known = journey.lab.orders[data.orderId];
    if (!known) return refuse('entity-unknown');
    if (known.status === 'Cancelled') return already;
    if (!uncollected.includes(known.status)) return refuse('specimen-already-analysed');
    return accept<JourneyEvent>(
      { type: 'LabOrderCancelled', data: { ...data, by: actor.id } },
      ...windowAfterResult(journey, data.orderId, at),
    );
  },
};

/** The draft of an order, as `PlaceOrders` leaves it. */
export const labOrderDrafted = (
  { orderId, loinc, container, priority, labId, pointOfCare }: z.output<typeof LabOrder>,
  requisitionId: string,
): readonly JourneyEvent[] => [
  { type: 'LabOrderDrafted', data: { orderId, loinc, priority, labId, pointOfCare, requisitionId, ...(container && { container }) } },
];
