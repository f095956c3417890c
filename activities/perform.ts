import type { VisitorFact } from '../domain/journey/facts.ts';
import type { Journey } from '../domain/journey/index.ts';
import { system } from '../domain/kernel/actor.ts';
import type { Effect } from '../domain/kernel/plan.ts';
import type { Courier } from '../interop/courier/port.ts';
import type { EligibilityService } from '../interop/eligibility/port.ts';
import type { NoticeService } from '../interop/notices/port.ts';
import type { PaymentService } from '../interop/payment/port.ts';
import type { PharmacyNetwork } from '../interop/pharmacy/port.ts';
import type { SafetyService } from '../interop/safety/port.ts';
import type { Attempts, Clock, Vault } from '../store/ports.ts';
import type { CommandMessage } from '../workflows/messages.ts';
import type { Activities } from './index.ts';
import type { Journeys } from './journeys.ts';
import { checkEligibility, sendNotice } from './perform-calls.ts';
import { queryCourier, requestCourier, stopDelivery } from './perform-courier.ts';
import type { Stated } from './perform-once.ts';
import { assignVisitor, cancelForReroute, issueReceipt, requestNextLeg, sendCheckIn, shareSummary, verifyProxy } from './perform-own.ts';
import { queryPayment, requestPayment } from './perform-payment.ts';
import type { People } from './perform-person.ts';
import { cancelPrescription, checkRxSafety, queryPrescription, sendPrescription } from './perform-prescription.ts';

/** The outside parties. */
export interface Parties {
  readonly eligibility: EligibilityService;
  readonly safety: SafetyService;
  readonly pharmacy: PharmacyNetwork;
  readonly courier: Courier;
  readonly payment: PaymentService;
  readonly notices: NoticeService;
}

export interface PerformDependencies {
  readonly journeys: Pick<Journeys, 'load'>;
  readonly attempts: Attempts;
  readonly parties: Parties;
  readonly people: People;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Whom the dispatch rule may send in an area. */
  readonly visitorsOnShift: (areaId: string) => Promise<readonly VisitorFact[]>;
}

/** One effect of one journey as it stands. */
export interface Asked {
  readonly journeyId: string;
  readonly effect: Effect;
  readonly journey: Journey;
  readonly parts: PerformDependencies;
}

/** The outcome of an effect; whose word it is, the system's own if no partner is named. */
export interface Outcome extends Stated {
  readonly partner?: string;
  /** When it was known, if that was before this call. */
  readonly at?: number;
}

/** Null when the state has moved on, or the partner has taken it and will tell the rest by itself. */
export type Performer = (asked: Asked) => Promise<Outcome | null>;

const performers: Readonly<Record<string, Performer>> = {
  'verify-proxy': verifyProxy,
  'check-eligibility': checkEligibility,
  'assign-visitor': assignVisitor,
  'share-summary': shareSummary,
  'send-check-in': sendCheckIn,
  'send-notice': sendNotice,
  'check-rx-safety': checkRxSafety,
  'send-prescription': sendPrescription,
  'query-prescription': queryPrescription,
  'cancel-prescription': cancelPrescription,
  'cancel-for-reroute': cancelForReroute,
  'request-courier': requestCourier,
  'query-courier': queryCourier,
  'request-next-leg': requestNextLeg,
  'stop-delivery': stopDelivery,
  'request-payment': requestPayment,
  'issue-receipt': issueReceipt,
  'query-payment': queryPayment,
};

/** Makes the calls that effects stand for. Whatever a partner does comes back as an outcome. */
export function createPerform(parts: PerformDependencies): Pick<Activities, 'perform'> {
  return {
    async perform(journeyId, effect) {
      const performer = Object.hasOwn(performers, effect.kind) ? performers[effect.kind] : undefined;
      // A newer worker knows the kind: the runner asks until one does.
      if (!performer) throw new Error(`this worker knows no effect of the kind ${effect.kind}`);
      const { journey } = await parts.journeys.load(journeyId);
      const outcome = await performer({ journeyId, effect, journey, parts });
      return outcome && messageOf(effect, outcome);
    },
  };
}

const messageOf = ({ id, attempt }: Effect, { type, data, partner, at }: Outcome): CommandMessage => ({
  id: `effect:${id}:${attempt}`,
  type,
  data,
  actor: partner === undefined ? system : { kind: 'partner', id: partner, role: 'A' },
  source: 'effect',
  causationId: id,
  ...(at !== undefined && { occurredAt: at }),
});
