import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Handling } from '../delivery/events.ts';
import { recipientChecked } from '../delivery/state.ts';
import type { JourneyEvent } from '../events.ts';
import { cameBack, decided, filled } from './at-pharmacy.ts';
import { checked } from './safety-check.ts';
import { cancelled, nothingSent, sent } from './sending.ts';
import { isTerminal, move, type Ordered, type PharmacyChoice, type Prescription, type Reached } from './standing.ts';

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
  readonly choice?: PharmacyChoice;
  /** What each delivery carries. */
  readonly deliveries: Readonly<Record<string, { readonly rxIds: readonly string[]; readonly handling: readonly Handling[] }>>;
}
export const initial: Prescriptions = { byId: {}, deliveries: {} };

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
    case 'ReturnedItemDestroyed':
    case 'ReturnedItemRestocked': {
      const carried = state.deliveries[data.deliveryId]?.rxIds ?? [];
      return each(state, (rx, rxId) => (carried.includes(rxId) ? cameBack(rx, false) : rx));
    }
    case 'TaskOpened':
    case 'TaskCompleted':
    case 'TaskCancelled':
      return each(state, (rx, rxId) => decided(rx, rxId, happened));
    default:
      return evolveOne(state, happened);
  }
}

function evolveOne(state: Prescriptions, happened: Happened<JourneyEvent>): Prescriptions {
  const { type, data } = happened;
  const rx = 'rxId' in data ? state.byId[data.rxId] : undefined;
  if (!rx || !('rxId' in data)) return state;
  if (type === 'PrescriptionRevised') return put(state, data.rxId, { ...rx, ...orderOf(data) });
  const after = filled(cancelled(sent(checked(rx, happened), happened, state.choice), happened), happened);
  if (type !== 'PharmacyRerouteChosen') return put(state, data.rxId, after);
  // a reroute is the patient's new choice of a pharmacy, and of nothing else.
  const fulfilment = rx.fulfilment ?? state.choice?.fulfilment ?? 'pickup';
  return { ...put(state, data.rxId, after), choice: { pharmacyId: data.toPharmacyId, fulfilment } };
}

const put = (state: Prescriptions, rxId: string, rx: Prescription): Prescriptions => ({ ...state, byId: { ...state.byId, [rxId]: rx } });

type Draft = Extract<JourneyEvent, { type: 'PrescriptionDrafted' | 'PrescriptionRevised' }>['data'];

function orderOf({ rxnorm, sig, quantity, days, citesResults, replaces, schedule }: Draft): Ordered {
  return { rxnorm, sig, quantity, days, citesResults, ...(replaces && { replaces }), ...(schedule && { schedule }) };
}

const draftOf = (data: Draft): Prescription => ({
  ...orderOf(data),
  ...(data.pharmacyId && { pharmacyId: data.pharmacyId }),
  status: 'Drafted',
  reached: 'Drafted',
  checkIds: [],
  alerts: {},
  sending: nothingSent,
  changes: {},
  refills: {},
  callbacks: [],
});

/** The patient may still change how a prescription comes from the pharmacy that has it, not where it is. */
const chosen = (state: Prescriptions, choice: PharmacyChoice): Prescriptions => ({
  ...each(state, (rx) => (rx.pharmacyId === choice.pharmacyId ? { ...rx, fulfilment: choice.fulfilment } : rx)),
  choice,
});

const moveAll = (state: Prescriptions, rxIds: readonly string[], reached: Reached): Prescriptions =>
  each(state, (rx, rxId) => (rxIds.includes(rxId) ? move(rx, reached) : rx));

const each = (state: Prescriptions, change: (rx: Prescription, rxId: string) => Prescription): Prescriptions => ({
  ...state,
  byId: Object.fromEntries(Object.entries(state.byId).map(([rxId, rx]) => [rxId, change(rx, rxId)])),
});
