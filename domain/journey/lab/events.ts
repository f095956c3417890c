// Laboratory orders and results; tests at the point of care (domain reference 5.5).
import { z } from 'zod';
import { At, Cents, Code, type EventSchemas, event, Id, text } from '../../kernel/event.ts';

const order = { orderId: Id };
const result = { resultId: Id, version: z.int().min(1) };
const test = { ...order, loinc: Code, device: Id, lot: Id, expiry: At, operator: Id, waiverRef: Id, reason: Code.optional() };

const Observation = z.strictObject({
  loinc: Code,
  value: text(200),
  unit: z.string().max(20),
  flag: z.enum(['N', 'A', 'H', 'L']),
  derived: z.boolean(),
});

export const events = {
  LabOrderDrafted: event(
    {
      ...order,
      loinc: z.array(Code).min(1).max(20),
      container: Code.optional(),
      priority: z.enum(['routine', 'urgent', 'stat']),
      labId: Id,
      pointOfCare: z.boolean(),
      requisitionId: Id,
    },
    'orderId',
  ),
  LabOrderSigned: event({ ...order, signerId: Id.optional(), standingOrderId: Id.optional(), protocolOwnerId: Id.optional() }, 'orderId'),
  LabPayerDecided: event({ ...order, payer: z.enum(['employer', 'plan', 'patient', 'lab']), patientCents: Cents }, 'orderId'),
  LabOrderCancelled: event({ ...order, reason: Code, by: Id }, 'orderId'),
  PointOfCareTestPerformed: event(test, 'orderId'),
  PointOfCareTestInvalidated: event(test, 'orderId'),
  FinalResultReceived: event(
    { ...result, ...order, observations: z.array(Observation).min(1).max(100), issuedAt: At, sourceMessageId: Id },
    'resultId',
  ),
  ResultReviewAssigned: event({ ...result, clinicianId: Id.optional() }, 'resultId'),
  ResultReviewed: event({ ...result, clinicianId: Id.optional(), decision: Code.optional() }, 'resultId'),
  PatientInformedOfResult: event({ ...result, channel: Code, by: Id.optional() }, 'resultId'),
} satisfies EventSchemas;
