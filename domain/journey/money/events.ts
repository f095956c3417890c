// Charges and what the patient pays now (domain reference 6.1).
import { z } from 'zod';
import { Cents, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';
import { BillingLine } from '../../reference/employer.ts';

const { code, pos, stage, modality, arrangement, payer } = BillingLine.shape;
const copay = { chargeId: Id, cents: Cents, paymentRef: Id.optional(), reason: Code.optional() };
/** Which attempt this tells of, or which query that asked what became of the last one. */
export const told = { attempt: z.int().min(1).max(1_000).optional(), query: z.int().min(1).max(1_000).optional() };
/** A declined card is somebody's decision; what certainly was not done is tried again. */
export const NotPaid = z.enum(['refused', 'failed']);

export const events = {
  ChargeCaptured: event(
    {
      chargeId: Id,
      code,
      units: z.int().min(1),
      pos,
      stage,
      modality,
      arrangement,
      payer,
      cents: Cents,
      renderingClinicianId: Id.optional(),
      diagnosisIds: z.array(Id).max(20),
      evidence: z.array(Id).min(1).max(20),
    },
    'chargeId',
  ),
  CopayRequested: event(copay, 'chargeId'),
  CopayCharged: event(copay, 'chargeId'),
  CopayFailed: event({ ...copay, ...told, outcome: NotPaid.optional() }, 'chargeId'),
  CopayUnconfirmed: event({ ...copay, ...told }, 'chargeId'),
  ReceiptIssued: event({ ...copay, receiptRef: Ref }, 'chargeId'),
} satisfies EventSchemas;
