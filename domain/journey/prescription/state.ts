import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Handling } from '../delivery/events.ts';
import { recipientChecked } from '../delivery/state.ts';
import type { JourneyEvent } from '../events.ts';
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
  PriorAuthorisation: 60,
  OutOfStock: 60,
  RejectedByPharmacy: 60,
  PartiallyFilled: 70,
  Filled: 75,
  ReadyForPickup: 80,
  InDelivery: 90,
  CancelRequested: 95,
  Cancelled: 100,
  Transferred: 100,
  NotFilled: 100,
  InHand: 110,
} as const;
export type PrescriptionStatus = keyof typeof ranks;

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

export interface Prescription {
  readonly status: PrescriptionStatus;
  readonly rxnorm: string;
  readonly sig: string;
  readonly quantity: number;
  readonly days: number;
  readonly replaces?: string;
  /** As drafted; from the signature on, where the patient wanted it then. */
  readonly pharmacyId?: string;
  readonly fulfilment?: Fulfilment;
  readonly check?: { readonly checkId: string; readonly status: 'running' | 'completed' | 'notCompleted' | 'overridden' };
  /** Every check that was ever asked for. */
  readonly checkIds: readonly string[];
  readonly alerts: Readonly<Record<string, RaisedAlert>>;
  readonly sending: Sending;
  readonly acceptedAt?: Instant;
  /** By when the pharmacy has to begin with the fill, in its business hours. */
  readonly acceptDueAt?: Instant;
  /** The payer's authorisation that was asked for last, and the state that it interrupted. */
  readonly authorisation?: { readonly authorisationId: string; readonly interrupted: PrescriptionStatus };
}

export interface CodedList {
  readonly version: number;
  readonly codes: readonly string[];
  readonly confirmedAt: Instant;
}

export interface Prescriptions {
  readonly byId: Readonly<Record<string, Prescription>>;
  readonly allergies?: CodedList;
  readonly medications?: CodedList;
  /** The patient's choice, which nothing else overrides. */
  readonly choice?: { readonly pharmacyId: string; readonly fulfilment: Fulfilment };
  /** What each delivery carries. */
  readonly deliveries: Readonly<Record<string, { readonly rxIds: readonly string[]; readonly handling: readonly Handling[] }>>;
}
export const initial: Prescriptions = { byId: {}, deliveries: {} };

export const isUnsigned = ({ status }: Prescription): boolean => ranks[status] < ranks.Signed;
const isTerminal = ({ status }: Prescription): boolean => ranks[status] >= ranks.NotFilled;
/** From signature until terminal. */
export const isLive = (rx: Prescription): boolean => !isUnsigned(rx) && !isTerminal(rx);
/** True if a fact that leads to this state would not come too late to move the prescription. */
export const mayBecome = ({ status }: Prescription, next: PrescriptionStatus): boolean => ranks[next] >= ranks[status];
/** The network has it and nothing has been filled. */
export const isBeforeFill = ({ status }: Prescription): boolean =>
  ranks[status] >= ranks.AcceptedByNetwork && ranks[status] <= ranks.VerifiedByPharmacy;
/** Some of the medicine has been prepared and the patient does not have it. */
export const isFilled = ({ status }: Prescription): boolean => ranks[status] >= ranks.PartiallyFilled && ranks[status] <= ranks.InDelivery;
/** The state, or the one to which a pending prior authorisation will return. */
export const beneath = ({ status, authorisation }: Prescription): PrescriptionStatus =>
  status === 'PriorAuthorisation' && authorisation ? authorisation.interrupted : status;
/** this alert takes a second clinician. */
export const needsSecond = ({ kind }: Alert): boolean => kind === 'contraindicatedPair' || kind === 'anaphylaxis';

/** Ids of those that are not terminal. */
export const openIds = ({ byId }: Prescriptions): readonly string[] =>
  Object.entries(byId).flatMap(([rxId, rx]) => (isTerminal(rx) ? [] : [rxId]));

export function evolve(state: Prescriptions, happened: Happened<JourneyEvent>): Prescriptions {
  const { type, data, occurredAt: confirmedAt } = happened;
  switch (type) {
    case 'AllergyListConfirmed':
      return { ...state, allergies: { version: data.listVersion, codes: data.codedList, confirmedAt } };
    case 'MedicationListConfirmed':
      return { ...state, medications: { version: data.listVersion, codes: data.codedList, confirmedAt } };
    case 'PharmacyChosen':
      return chosen(state, { pharmacyId: data.pharmacyId, fulfilment: data.fulfilment });
    case 'PrescriptionDrafted':
      return { ...state, byId: { ...state.byId, [data.rxId]: draftOf(data) } };
    case 'DeliveryRequested': {
      const { deliveryId, rxIds, handling } = data;
      const deliveries = { ...state.deliveries, [deliveryId]: { rxIds, handling } };
      return moveAll({ ...state, deliveries }, rxIds, 'InDelivery');
    }
    case 'DeliveryCompleted': {
      const { recipientKind, proofRef, deliveryId } = data;
      const carried = state.deliveries[deliveryId];
      const seen = { ...(recipientKind && { recipientKind }), ...(proofRef && { proofRef }) };
      return carried && recipientChecked(carried.handling, seen) ? moveAll(state, carried.rxIds, 'InHand') : state;
    }
    default: {
      const rx = 'rxId' in data ? state.byId[data.rxId] : undefined;
      if (!rx || !('rxId' in data)) return state;
      const after = filled(sent(checked(rx, happened), happened, state.choice), happened);
      return { ...state, byId: { ...state.byId, [data.rxId]: after } };
    }
  }
}

const nothingSent: Sending = { attempts: 0, failures: 0, refused: false, queries: 0, unknowns: 0 };

function draftOf(data: Extract<JourneyEvent, { type: 'PrescriptionDrafted' }>['data']): Prescription {
  const { rxnorm, sig, quantity, days, pharmacyId, replaces } = data;
  const order = { rxnorm, sig, quantity, days, ...(pharmacyId && { pharmacyId }), ...(replaces && { replaces }) };
  return { ...order, status: 'Drafted', checkIds: [], alerts: {}, sending: nothingSent };
}

/** The patient may still change how a prescription comes from the pharmacy that has it, not where it is. */
function chosen(state: Prescriptions, choice: { readonly pharmacyId: string; readonly fulfilment: Fulfilment }): Prescriptions {
  const there = Object.entries(state.byId).filter(([, rx]) => rx.pharmacyId === choice.pharmacyId);
  const changed = there.map(([rxId, rx]) => [rxId, { ...rx, fulfilment: choice.fulfilment }]);
  return { ...state, choice, byId: { ...state.byId, ...Object.fromEntries(changed) } };
}

function moveAll(state: Prescriptions, rxIds: readonly string[], status: PrescriptionStatus): Prescriptions {
  const known = rxIds.flatMap((rxId) => {
    const rx = state.byId[rxId];
    return rx ? [[rxId, move(rx, status)] as const] : [];
  });
  return { ...state, byId: { ...state.byId, ...Object.fromEntries(known) } };
}

const move = (rx: Prescription, status: PrescriptionStatus, more: Partial<Prescription> = {}): Prescription =>
  mayBecome(rx, status) ? { ...rx, ...more, status } : rx;

/** The safety check and its alerts. */
function checked(rx: Prescription, { type, data }: Happened<JourneyEvent>): Prescription {
  const answered = (checkId: string, status: 'completed' | 'notCompleted'): Prescription =>
    rx.check?.checkId === checkId ? { ...rx, check: { checkId, status } } : rx;
  const settled = (alertId: string, patch: Partial<RaisedAlert>): Prescription => {
    const alert = rx.alerts[alertId];
    return alert ? draftState({ ...rx, alerts: { ...rx.alerts, [alertId]: { ...alert, ...patch } } }) : rx;
  };
  switch (type) {
    case 'RxSafetyCheckRequested':
      // A new check sees everything anew, so it replaces what an older one found.
      return draftState({
        ...rx,
        check: { checkId: data.checkId, status: 'running' },
        checkIds: [...rx.checkIds, data.checkId],
        alerts: {},
      });
    case 'RxSafetyCheckPassed':
      return draftState(answered(data.checkId, 'completed'));
    case 'RxSafetyCheckNotCompleted':
      return rx.check?.status === 'running' ? draftState(answered(data.checkId, 'notCompleted')) : rx;
    case 'RxSafetyAlertRaised': {
      const { alertId, severity, kind, checkId } = data;
      const after = answered(checkId, 'completed');
      return draftState({ ...after, alerts: { ...rx.alerts, [alertId]: { severity, kind } } });
    }
    case 'RxSafetyAlertOverridden':
      return settled(data.alertId, { overriddenBy: data.clinicianId });
    case 'RxOverrideApproved':
      return settled(data.alertId ?? '', { approvedBy: data.clinicianId });
    case 'RxSafetyCheckOverridden':
      return rx.check ? draftState({ ...rx, check: { ...rx.check, status: 'overridden' } }) : rx;
    default:
      return rx;
  }
}

export type Hindrance = 'check-missing' | 'alert-open' | 'second-clinician-missing';

/** What the safety check still has against a signature. */
export function hindrance({ check, alerts }: Prescription): Hindrance | undefined {
  if (!check || check.status === 'running' || check.status === 'notCompleted') return 'check-missing';
  const all = Object.values(alerts);
  if (all.some(({ overriddenBy }) => overriddenBy === undefined)) return 'alert-open';
  return all.some((alert) => needsSecond(alert) && alert.approvedBy === undefined) ? 'second-clinician-missing' : undefined;
}

/** Before the signature the state follows from the check and its alerts alone; after it they are only known. */
function draftState(rx: Prescription): Prescription {
  if (!isUnsigned(rx)) return rx;
  const open = hindrance(rx);
  if (open === undefined) return { ...rx, status: 'ReadyToSign' };
  if (open !== 'check-missing') return { ...rx, status: 'AlertRaised' };
  return { ...rx, status: rx.check?.status === 'notCompleted' ? 'CheckBlocked' : 'SafetyChecking' };
}

/** Signature, sending and reconciliation. */
function sent(
  rx: Prescription,
  { type, data, occurredAt: at, actor }: Happened<JourneyEvent>,
  choice: Prescriptions['choice'],
): Prescription {
  const { sending } = rx;
  switch (type) {
    case 'PrescriptionSigned':
      return move(rx, 'Signed', { ...choice });
    case 'PrescriptionTransmitted':
      return accepted({ ...rx, sending: { ...sending, attempts: Math.max(sending.attempts, data.attempt) } }, at);
    case 'PrescriptionSendFailed': {
      if (data.attempt <= sending.attempts) return rx;
      const failed = { failures: sending.failures + 1, failedAt: sending.failedAt ?? at, refused: data.outcome === 'refused' };
      return move(rx, 'Signed', { sending: { ...sending, ...failed, attempts: data.attempt } });
    }
    case 'PrescriptionSendUnconfirmed':
      if (data.attempt <= sending.attempts) return rx;
      return move(rx, 'SendUnconfirmed', { sending: { ...sending, attempts: data.attempt, unconfirmedAt: at } });
    case 'PrescriptionReconciled': {
      const byQuery = actor.role === 'A';
      if (byQuery && data.attempt <= sending.queries) return rx;
      const queries = byQuery ? data.attempt : sending.queries;
      if (data.outcome === 'found') return accepted({ ...rx, sending: { ...sending, queries } }, at);
      if (data.outcome === 'notFound') return move(rx, 'Signed', { sending: { ...nothingSent, attempts: sending.attempts, queries } });
      return { ...rx, sending: { ...sending, queries, unknowns: sending.unknowns + (byQuery ? 1 : 0) } };
    }
    default:
      return rx;
  }
}

const accepted = (rx: Prescription, at: Instant): Prescription => move(rx, 'AcceptedByNetwork', { acceptedAt: rx.acceptedAt ?? at });

const pharmacyStates: Partial<Record<JourneyEvent['type'], PrescriptionStatus>> = {
  PharmacyRejected: 'RejectedByPharmacy',
  StockOutReported: 'OutOfStock',
  MedicationPartiallyDispensed: 'PartiallyFilled',
  MedicationDispensed: 'Filled',
  MedicationReadyForPickup: 'ReadyForPickup',
  MedicationPickedUp: 'InHand',
  PrescriptionTransferred: 'Transferred',
  MedicationNotDispensed: 'NotFilled',
  MedicationReturnedToStock: 'NotFilled',
  PrescriptionCancelRequested: 'CancelRequested',
  PrescriptionCancelConfirmed: 'Cancelled',
};

/** What the pharmacy does with it. */
function filled(rx: Prescription, { type, data }: Happened<JourneyEvent>): Prescription {
  if (type === 'PrescriptionVerifiedByPharmacy') {
    const acceptDueAt = data.basis?.due?.['rx.accept'];
    return move(rx, 'VerifiedByPharmacy', acceptDueAt === undefined ? {} : { acceptDueAt });
  }
  if (type === 'PriorAuthorisationRequired') {
    return move(rx, 'PriorAuthorisation', { authorisation: { authorisationId: data.authorisationId, interrupted: beneath(rx) } });
  }
  if (type === 'PriorAuthorisationDecided') return { ...rx, status: beneath(rx) };
  const status = pharmacyStates[type];
  return status ? move(rx, status) : rx;
}
