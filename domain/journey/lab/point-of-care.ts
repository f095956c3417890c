// Tests that are done where the patient is (domain reference 5.5).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, type Decision, refuse } from '../../kernel/decision.ts';
import { At, Id, text } from '../../kernel/event.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { Template } from '../../templates/template.ts';
import { lastCompleted, openConsult } from '../consult/state.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { licenceBasis } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { goesToPatient, openVisitOf } from '../visit/state.ts';
import { beyondScope } from '../visitor-fitness.ts';

export const commands = {
  PerformPointOfCareTest: {
    roles: ['V', 'C'],
    facts: ['device', 'pathway', 'visitor', 'clinician'],
    data: z.strictObject({ orderId: Id, device: Id, lot: Id, expiry: At, value: text(60) }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
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
