import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Cents, Code, type Happened, Id, Ref } from '../../kernel/event.ts';
import type { BillingLine } from '../../reference/employer.ts';
import { lastCompleted, openConsult } from '../consult/state.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts, Pathway } from '../facts.ts';
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
  IssueReceipt: { roles: ['B', 'T'], afterClose: true, data: z.strictObject({ chargeId: Id, receiptRef: Ref }) },
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

  IssueReceipt: ({ money }, { data: { chargeId, receiptRef } }) => {
    const copay = money.copays[chargeId];
    if (!copay) return refuse('entity-unknown');
    if (copay.status !== 'charged') return refuse('not-allowed-in-state');
    return money.receipts.includes(chargeId)
      ? already
      : accept({ type: 'ReceiptIssued', data: { chargeId, cents: copay.cents, receiptRef } });
  },
};

/** True for a price that nobody but the patient pays. */
export const isSelfPay = (lines: readonly BillingLine[]): boolean =>
  lines.length > 0 && lines.every(({ arrangement }) => arrangement === 'selfPay');

/** What somebody pays who pays alone, by contract or by the pathway's own price; empty where self-pay is not offered. */
export const selfPayLines = ({ template, contract }: Pathway): readonly BillingLine[] =>
  isSelfPay(contract.terms.billing) ? contract.terms.billing : (template.selfPay ?? []);

/** The lines by which this journey is charged. */
export const billingOf = ({ intake: { price } }: Journey, pathway: Pathway): readonly BillingLine[] =>
  price?.arrangement === 'selfPay' ? selfPayLines(pathway) : pathway.contract.terms.billing;

/** What the patient pays of a line at once: the copay, or all of it where nobody else pays. */
export const dueNow = ({ arrangement, cents, copayCents }: BillingLine): number => (arrangement === 'selfPay' ? cents : copayCents);

/** As many diagnoses as a charge may name. */
const maxDiagnoses = 20;

/** The charge that a contract's line makes of an event, and what the patient owes for it now. One event justifies one line per payer (I-12). */
export function chargesFor(
  journey: Journey,
  event: Happened<JourneyEvent>,
  lines: readonly BillingLine[],
  newId: (label: string) => string,
): readonly JourneyEvent[] {
  const { id, type } = event;
  const charged = Object.values(journey.money.charges).filter(({ evidence }) => evidence.includes(id));
  const billable = lines.filter((line) => line.on === type);
  return billable
    .filter(({ payer }, i) => billable.findIndex((line) => line.payer === payer) === i)
    .filter(({ payer }) => !charged.some((charge) => charge.payer === payer))
    .flatMap((billed) => {
      const { on: _on, copayCents: _copay, ...line } = billed;
      const chargeId = newId(`charge.${id}.${line.payer}`);
      const captured: JourneyEvent = {
        type: 'ChargeCaptured',
        data: {
          ...line,
          chargeId,
          units: 1,
          diagnosisIds: journey.consult.diagnosisIds.slice(-maxDiagnoses),
          evidence: [id],
          ...rendering(journey, event),
        },
      };
      const cents = dueNow(billed);
      return cents > 0 ? [captured, { type: 'CopayRequested', data: { chargeId, cents } } satisfies JourneyEvent] : [captured];
    });
}

/** The clinician of the consult that is charged, else of the one that is open or was the last. */
function rendering({ consult }: Journey, { data }: Happened<JourneyEvent>): { readonly renderingClinicianId?: string } {
  const own = 'consultId' in data && data.consultId !== undefined ? consult.byId[data.consultId] : undefined;
  const clinicianId = (own ?? openConsult(consult) ?? lastCompleted(consult))?.clinicianId ?? lastCompleted(consult)?.clinicianId;
  return clinicianId ? { renderingClinicianId: clinicianId } : {};
}
