// Who pays, and how much: eligibility and price (domain reference 5.1).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { BillingLine } from '../../reference/employer.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { dueNow, isSelfPay, selfPayLines } from '../money/decide.ts';
import type { Journey } from '../state.ts';
import { Coverage } from './events.ts';
import type { Eligibility } from './state.ts';

export const commands = {
  CheckEligibility: { roles: ['T', 'K'], data: z.strictObject({ purpose: Code }) },
  RecordEligibility: {
    roles: ['A', 'T'],
    facts: ['pathway'],
    afterClose: true,
    data: z.strictObject({
      checkId: Id,
      attempt: z.int().min(1).optional(),
      outcome: z.enum(['confirmed', 'denied', 'undetermined', 'failed']),
      coverage: Coverage.optional(),
      reason: Code.optional(),
    }),
  },
  QuotePrice: {
    roles: ['P', 'X', 'K', 'T'],
    facts: ['offer', 'pathway'],
    data: z.strictObject({ groupId: Id, offerVersion: z.int().min(1), arrangement: z.literal('selfPay').optional() }),
  },
  AcceptPrice: { roles: ['P', 'X'], data: z.strictObject({ quoteId: Id }) },
  DeclinePrice: { roles: ['P', 'X'], data: z.strictObject({ quoteId: Id, reason: Code.optional() }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  // The first check comes with the first place.
  CheckEligibility: ({ intake: { eligibility } }, { data: { purpose } }, { newId }) => {
    if (!eligibility) return refuse('not-allowed-in-state');
    if (eligibility.answer === 'none') return refuse('check-already-running');
    return accept({ type: 'EligibilityCheckRequested', data: { checkId: newId('eligibility'), purpose } });
  },

  RecordEligibility: ({ intake }, { data }, { facts: { pathway } }) => {
    const { checkId, attempt, reason } = data;
    if (!intake.checkIds.includes(checkId)) return refuse('entity-unknown');
    const checked = { checkId, ...(attempt !== undefined && { attempt }), ...(reason && { reason }) };
    switch (data.outcome) {
      case 'confirmed':
        return accept({
          type: 'EligibilityConfirmed',
          data: { ...checked, ...(data.coverage ?? { coverageId: checkId, cobOrder: 1, hdhp: false }) },
        });
      case 'denied':
        return accept({ type: 'EligibilityDenied', data: checked });
      case 'undetermined':
        return accept({ type: 'EligibilityUndetermined', data: { ...checked, policy: pathway.contract.terms.undeterminedPolicy } });
      case 'failed':
        return accept({ type: 'EligibilityCheckFailed', data: checked });
    }
  },

  // Whom no payer covers is offered the price without one.
  QuotePrice: (journey, { data }, { facts: { offer, pathway }, at, newId }) => {
    const { terms } = pathway.contract;
    if (!offer.available || !terms.groupIds.includes(data.groupId) || data.offerVersion !== terms.rateVersion)
      return refuse('offer-not-available');
    const alone = data.arrangement === 'selfPay' || paysAlone(journey.intake.eligibility);
    const lines = alone ? selfPayLines(pathway) : terms.billing;
    if (alone && lines.length === 0) return refuse('offer-not-available');
    const quoteId = newId('quote');
    const { groupId } = data;
    const validUntil = at + clock(journey, 'quote.valid');
    return accept({ type: 'PriceQuoted', data: { quoteId, groupId, rateVersion: terms.rateVersion, ...priceOf(lines), validUntil } });
  },

  AcceptPrice: ({ intake }, { data: { quoteId } }, { now }) => {
    const quote = intake.quotes[quoteId];
    if (!quote) return refuse('entity-unknown');
    if (now >= quote.validUntil) return refuse('quote-expired');
    return accept({ type: 'PriceAccepted', data: { quoteId, groupId: quote.groupId } });
  },

  DeclinePrice: ({ intake }, { data: { quoteId, reason } }, { now }) => {
    const quote = intake.quotes[quoteId];
    if (!quote) return refuse('entity-unknown');
    if (intake.price?.quoteId === quoteId) return refuse('not-allowed-in-state');
    if (now >= quote.validUntil) return refuse('quote-expired');
    return accept({ type: 'PriceDeclined', data: { quoteId, groupId: quote.groupId, ...(reason && { reason }) } });
  },
};

/** True where no payer takes the price, so that only self-pay is left. */
export const paysAlone = (eligibility: Eligibility | undefined): boolean =>
  eligibility?.answer === 'denied' || (eligibility?.answer === 'undetermined' && eligibility.policy === 'selfPay');

/** What these lines come to, and who pays which part of it. */
function priceOf(lines: readonly BillingLine[]) {
  const copayCents = sum(lines.map(dueNow));
  const totalCents = sum(lines.map(({ cents }) => cents));
  const patient = { payer: 'patient', cents: copayCents };
  if (isSelfPay(lines)) return { totalCents, copayCents, payerSplit: [patient], arrangement: 'selfPay' as const };
  return { totalCents, copayCents, payerSplit: [{ payer: 'employer', cents: Math.max(0, totalCents - copayCents) }, patient] };
}

const sum = (cents: readonly number[]): number => cents.reduce((total, next) => total + next, 0);
