// What is known of one prescription, and how its state follows from it (domain reference 5.7).
import type { Instant } from '../../kernel/time.ts';
import type { Schedule } from '../../templates/template.ts';
import type { Alert, Fulfilment } from './events.ts';

/**
 * Row order of the state table (domain reference 5.7); a fact of lower rank moves nothing. A side row ranks with the
 * row it interrupts. A partial fill that comes late does not undo the whole one, and nothing takes back what is in hand.
 */
const ranks = {
  Drafted: 10,
  SafetyChecking: 20,
  AlertRaised: 20,
  CheckBlocked: 20,
  ReadyToSign: 30,
  Signed: 40,
  SendUnconfirmed: 40,
  AcceptedByNetwork: 50,
  VerifiedByPharmacy: 60,
  OutOfStock: 60,
  RejectedByPharmacy: 60,
  PartiallyFilled: 70,
  Filled: 75,
  ReadyForPickup: 80,
  InDelivery: 90,
  Cancelled: 100,
  Transferred: 100,
  NotFilled: 100,
  InHand: 110,
} as const;

/** Where the patient wants the medicine from, and how. */
export interface PharmacyChoice {
  readonly pharmacyId: string;
  readonly fulfilment: Fulfilment;
}

/** How far the facts have brought a prescription. */
export type Reached = keyof typeof ranks;
/** The same, or what interrupts it: somebody's answer is waited for. */
export type PrescriptionStatus = Reached | 'ChangeRequested' | 'PriorAuthorisation' | 'CancelRequested' | 'CancelUnconfirmed';

/** An alert of the safety check, who overrode it and who agreed. */
export interface RaisedAlert extends Alert {
  readonly overriddenBy?: string;
  readonly approvedBy?: string;
}

/** What became of the sending so far. */
export interface Sending {
  /** The last attempt that has an outcome, be it that nobody knows. */
  readonly attempts: number;
  /** Certain failures since the prescription was last to be sent afresh, and when the first of them was. */
  readonly failures: number;
  readonly failedAt?: Instant;
  /** The network said no; sending the same again would not help. */
  readonly refused: boolean;
  /** Queries that were answered, over the whole life of the prescription. */
  readonly queries: number;
  /** Of these, answers that knew nothing of the present attempt. */
  readonly unknowns: number;
  readonly unconfirmedAt?: Instant;
}

/** What is prescribed. */
export interface Ordered {
  readonly rxnorm: string;
  readonly sig: string;
  readonly quantity: number;
  readonly days: number;
  readonly citesResults: readonly string[];
  readonly replaces?: string;
  readonly schedule?: Schedule;
}

/** The wish to cancel, and what the pharmacy said of it. */
export interface Cancelling {
  /** Number of the wish; one that was denied may be followed by another. */
  readonly n: number;
  readonly status: 'requested' | 'unconfirmed' | 'denied';
  readonly dueAt?: Instant;
}

/** A fill that went back to the pharmacy's shelf, and whether the clinician has decided what follows. */
export interface Returned {
  readonly toStock: boolean;
  readonly decided: boolean;
}

export interface Prescription extends Ordered {
  readonly status: PrescriptionStatus;
  readonly reached: Reached;
  /** As drafted; from the signature on, where the patient wanted it then. */
  readonly pharmacyId?: string;
  readonly fulfilment?: Fulfilment;
  readonly check?: { readonly checkId: string; readonly status: 'running' | 'completed' | 'notCompleted' | 'overridden' };
  /** Every check that was ever asked for. */
  readonly checkIds: readonly string[];
  readonly alerts: Readonly<Record<string, RaisedAlert>>;
  /** The answer of the monitoring programme. */
  readonly pdmpRef?: string;
  readonly signedAt?: Instant;
  readonly sending: Sending;
  readonly acceptedAt?: Instant;
  /** By when the pharmacy has to begin with the fill, in its business hours. */
  readonly acceptDueAt?: Instant;
  /** The payer's authorisation that was asked for last. */
  readonly authorisationId?: string;
  /** Every change that the pharmacy asked for, and the one that waits for its answer. */
  readonly changes: Readonly<Record<string, { readonly kind: string; readonly open: boolean; readonly dueAt?: Instant }>>;
  readonly refills: Readonly<Record<string, 'requested' | 'approved' | 'denied'>>;
  readonly cancelling?: Cancelling;
  /** Where the patient wants it instead, once it is cancelled here. */
  readonly rerouteTo?: string;
  readonly readyAt?: Instant;
  readonly returned?: Returned;
  /** Open tasks of the kind callback that name it. */
  readonly callbacks: readonly string[];
}

export const isUnsigned = ({ reached }: Prescription): boolean => ranks[reached] < ranks.Signed;
export const isTerminal = ({ reached }: Prescription): boolean => ranks[reached] >= ranks.NotFilled;
/** From signature until terminal. */
export const isLive = (rx: Prescription): boolean => !isUnsigned(rx) && !isTerminal(rx);
/**
 * True if a fact that leads to this state would not come too late to move the prescription. What nobody has signed, nobody can
 * have: such a fact is known, and moves nothing.
 */
export const mayBecome = (rx: Prescription, next: Reached): boolean => !isUnsigned(rx) && ranks[next] >= ranks[rx.reached];
/** The network has it and nothing has been filled. */
export const isBeforeFill = ({ reached }: Prescription): boolean =>
  ranks[reached] >= ranks.AcceptedByNetwork && ranks[reached] <= ranks.VerifiedByPharmacy;
/** Some of the medicine has been prepared and the patient does not have it. */
export const isFilled = (rx: Prescription): boolean => ranks[rx.reached] >= ranks.PartiallyFilled && !isTerminal(rx);
/** The pharmacy has not said what becomes of the wish to cancel. */
export const isCancelling = ({ cancelling }: Prescription): boolean => cancelling !== undefined && cancelling.status !== 'denied';
/** Somebody still is to get it. */
export const isWanted = (rx: Prescription | undefined): boolean => rx !== undefined && !isTerminal(rx) && !isCancelling(rx);

/** The state that the facts give, with a pending cancellation over it. */
export function settled(rx: Prescription): Prescription {
  const { reached, cancelling } = rx;
  if (isTerminal(rx) || !cancelling || cancelling.status === 'denied') return { ...rx, status: reached };
  return { ...rx, status: cancelling.status === 'requested' ? 'CancelRequested' : 'CancelUnconfirmed' };
}

/** what comes too late is known, and moves nothing. */
export const move = (rx: Prescription, reached: Reached, more: Partial<Prescription> = {}): Prescription =>
  mayBecome(rx, reached) ? settled({ ...rx, ...more, reached }) : rx;
