import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { At, Code, Id, text } from '../../kernel/event.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { Template } from '../../templates/template.ts';
import { lastCompleted, openConsult } from '../consult/state.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { licenceBasis } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { goesToPatient, openVisitOf } from '../visit/state.ts';
import { beyondScope } from '../visitor-fitness.ts';

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

const result = { resultId: Id, version: z.int().min(1) };

export const commands = {
  SignLabOrder: { roles: ['C'], clinical: true, facts: ['clinician', 'pathway', 'lab'], data: z.strictObject({ orderId: Id }) },
  PerformPointOfCareTest: {
    roles: ['V', 'C'],
    facts: ['device', 'pathway', 'visitor', 'clinician'],
    data: z.strictObject({ orderId: Id, device: Id, lot: Id, expiry: At, value: text(60) }),
  },
  ReviewResult: { roles: ['C'], clinical: true, facts: ['clinician'], data: z.strictObject({ ...result, decision: Code.optional() }) },
  InformPatientOfResult: { roles: ['C', 'K', 'T'], data: z.strictObject({ ...result, channel: Code }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
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

  PerformPointOfCareTest: (journey, { data, actor }, { facts, at, eventId, newId }) => {
    const { device, pathway } = facts;
    const { orderId, lot, expiry, value } = data;
    const order = journey.lab.orders[orderId];
    if (!order) return refuse('entity-unknown');
    const visit = openVisitOf(journey.visit, orderId);
    if (!order.pointOfCare || order.status !== 'AwaitingCollection' || !visit) return refuse('not-allowed-in-state');
    if (actor.role === 'V' && goesToPatient(visit) && visit.visitorId !== actor.id) return refuse('not-your-role');
    const basis = actor.role === 'C' ? licenceBasis(facts.clinician, journey.intake.location?.state ?? '', at) : undefined;
    if (actor.role === 'C' && !basis) return refuseTest(orderId, actor.id, 'licence-not-valid-here');
    if (actor.role === 'V' && beyondScope(journey, visit, facts.visitor)) return refuseTest(orderId, actor.id, 'scope-exceeded');
    if (!device.waiverRef) return refuse('waiver-missing');
    if (expiry <= at) return refuse('lot-expired');
    const loinc = order.loinc[0] ?? '';
    const used = { device: data.device, lot, expiry, operator: actor.id, waiverRef: device.waiverRef };
    const test = { orderId, loinc, ...used, ...(basis && { licenceBasis: basis }) };
    if (value.toLowerCase() === 'invalid')
      return accept({ type: 'PointOfCareTestInvalidated', data: { ...test, reason: 'controlLineMissing' } });
    const resultId = newId('result');
    return accept<JourneyEvent>(
      { type: 'PointOfCareTestPerformed', data: test },
      {
        type: 'FinalResultReceived',
        data: {
          resultId,
          version: 1,
          orderId,
          observations: [observation(pathway.template, loinc, value)],
          issuedAt: at,
          sourceMessageId: eventId(0),
        },
      },
      { type: 'ResultReviewAssigned', data: { resultId, version: 1, ...reviewer(journey) } },
    );
  },

  ReviewResult: ({ lab }, { data, actor }) => {
    const known = lab.results[data.resultId];
    if (!known) return refuse('entity-unknown');
    if (known.version !== data.version) return refuse('not-allowed-in-state');
    if (known.reviewedAt !== undefined) return already;
    return accept({ type: 'ResultReviewed', data: { ...data, clinicianId: actor.id } });
  },

  InformPatientOfResult: ({ lab }, { data, actor }) => {
    const known = lab.results[data.resultId];
    if (!known) return refuse('entity-unknown');
    if (known.version !== data.version) return refuse('not-allowed-in-state');
    if (known.informedAt !== undefined) return already;
    return accept({ type: 'PatientInformedOfResult', data: { ...data, by: actor.id } });
  },
};

const refuseTest = (orderId: string, clinicianId: string, reason: RefusalCode): Decision<JourneyEvent> =>
  refuse(reason, { type: 'ClinicalActRefused', data: { commandType: 'PerformPointOfCareTest', entityId: orderId, clinicianId, reason } });

/** The flag comes from the template's list of abnormal values, however the device writes them; it is derived, and never critical. */
function observation({ pointOfCareTests }: Template, loinc: string, value: string) {
  const abnormal = pointOfCareTests.find((test) => test.loinc === loinc)?.abnormal.includes(value.toLowerCase()) ?? true;
  return { loinc, value, unit: '', flag: abnormal ? ('A' as const) : ('N' as const), derived: true };
}

/** The clinician who holds the consult, or held the last one, reviews. */
function reviewer({ consult }: Journey): { readonly clinicianId?: string } {
  const clinicianId = openConsult(consult)?.clinicianId ?? lastCompleted(consult)?.clinicianId;
  return clinicianId ? { clinicianId } : {};
}

/** The draft of an order, as `PlaceOrders` leaves it. */
export const labOrderDrafted = (
  { orderId, loinc, container, priority, labId, pointOfCare }: z.output<typeof LabOrder>,
  requisitionId: string,
): readonly JourneyEvent[] => [
  { type: 'LabOrderDrafted', data: { orderId, loinc, priority, labId, pointOfCare, requisitionId, ...(container && { container }) } },
];
