import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Cents, Code, type Happened, Id } from '../../kernel/event.ts';
import type { BillingLine } from '../../reference/employer.ts';
import { lastCompleted, openConsult } from '../consult/state.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { NotPaid, told } from './events.ts';

export const commands = {
  RecordPayment: {
    roles: ['A'],
    source: 'payment',
    afterClose: true,
    data: z.strictObject({
      chargeId: Id,
      outcome: z.enum(['charged', 'unconfirmed', ...NotPaid.options]),
      cents: Cents,
      paymentRef: Id.optional(),
      reason: Code.optional(),
      ...told,
    }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordPayment: ({ money }, { data: { outcome, attempt, query, ...payment } }) => {
    const copay = money.copays[payment.chargeId];
    if (!copay) return refuse('entity-unknown');
    // A late answer and the query that found it tell of one payment.
    if (outcome === 'charged' && copay.paymentRef !== undefined && copay.paymentRef === payment.paymentRef) return already;
    if (outcome === 'charged') return accept({ type: 'CopayCharged', data: payment });
    const data = { ...payment, ...(attempt && { attempt }), ...(query && { query }) };
    if (outcome === 'unconfirmed') return accept({ type: 'CopayUnconfirmed', data });
    return accept({ type: 'CopayFailed', data: { ...data, outcome } });
  },
};

/** As many diagnoses as a charge may name. */
const maxDiagnoses = 20;

/** The charge that a contract's line makes of an event, and what the patient owes for it now. One event justifies one line per payer (I-12). */
export function chargesFor(
  journey: Journey,
  { id, type }: Happened<JourneyEvent>,
  lines: readonly BillingLine[],
  newId: (label: string) => string,
): readonly JourneyEvent[] {
  const charged = Object.values(journey.money.charges).filter(({ evidence }) => evidence.includes(id));
  const billable = lines.filter((line) => line.on === type);
  return billable
    .filter(({ payer }, i) => billable.findIndex((line) => line.payer === payer) === i)
    .filter(({ payer }) => !charged.some((charge) => charge.payer === payer))
    .flatMap(({ on: _on, copayCents, ...line }) => {
      const chargeId = newId(`charge.${id}.${line.payer}`);
      const captured: JourneyEvent = {
        type: 'ChargeCaptured',
        data: {
          ...line,
          chargeId,
          units: 1,
          diagnosisIds: journey.consult.diagnosisIds.slice(-maxDiagnoses),
          evidence: [id],
          ...rendering(journey),
        },
      };
      return copayCents > 0
        ? [captured, { type: 'CopayRequested', data: { chargeId, cents: copayCents } } satisfies JourneyEvent]
        : [captured];
    });
}

function rendering({ consult }: Journey): { readonly renderingClinicianId?: string } {
  const clinicianId = openConsult(consult)?.clinicianId ?? lastCompleted(consult)?.clinicianId;
  return clinicianId ? { renderingClinicianId: clinicianId } : {};
}
