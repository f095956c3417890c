import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';

export type LabOrderStatus = 'Drafted' | 'Signed' | 'AwaitingCollection' | 'Final' | 'Reviewed' | 'Communicated' | 'Cancelled';

export interface LabOrder {
  readonly status: LabOrderStatus;
  readonly loinc: readonly string[];
  readonly pointOfCare: boolean;
  readonly labId: string;
  readonly payer?: string;
}

export interface Result {
  readonly orderId: string;
  readonly version: number;
  readonly abnormal: boolean;
  readonly assignedAt?: Instant;
  readonly reviewedAt?: Instant;
  readonly informedAt?: Instant;
  /** Who holds it back from the patient. */
  readonly heldBy?: string;
}

export interface Lab {
  readonly orders: Readonly<Record<string, LabOrder>>;
  /** The newest version of each result. */
  readonly results: Readonly<Record<string, Result>>;
}
export const initial: Lab = { orders: {}, results: {} };

export function evolve(lab: Lab, { type, data, occurredAt: at }: Happened<JourneyEvent>): Lab {
  switch (type) {
    case 'LabOrderDrafted': {
      const { orderId, loinc, pointOfCare, labId } = data;
      return { ...lab, orders: { ...lab.orders, [orderId]: { status: 'Drafted', loinc, pointOfCare, labId } } };
    }
    case 'LabOrderSigned':
      return order(lab, data.orderId, { status: lab.orders[data.orderId]?.pointOfCare ? 'AwaitingCollection' : 'Signed' });
    case 'LabOrderCancelled':
      return order(lab, data.orderId, { status: 'Cancelled' });
    case 'LabPayerDecided':
      return order(lab, data.orderId, { payer: data.payer });
    case 'FinalResultReceived': {
      const abnormal = data.observations.some(({ flag }) => flag !== 'N');
      const result: Result = { orderId: data.orderId, version: data.version, abnormal };
      return { ...order(lab, data.orderId, { status: 'Final' }), results: { ...lab.results, [data.resultId]: result } };
    }
    case 'ResultReviewAssigned':
      return result(lab, data, { assignedAt: at });
    case 'ResultReviewed':
      return settled(result(lab, data, { reviewedAt: at }), data.resultId);
    case 'PatientInformedOfResult':
      return settled(result(lab, data, { informedAt: at }), data.resultId);
    case 'ResultReleaseHeld':
      return onNewest(lab, data.resultId, (known) => ({ ...known, heldBy: data.clinicianId }));
    case 'ResultReleased':
      return onNewest(lab, data.resultId, ({ heldBy: _released, ...known }) => known);
    default:
      return lab;
  }
}

function onNewest(lab: Lab, resultId: string, change: (known: Result) => Result): Lab {
  const known = lab.results[resultId];
  return known ? { ...lab, results: { ...lab.results, [resultId]: change(known) } } : lab;
}

function order(lab: Lab, orderId: string, patch: Partial<LabOrder>): Lab {
  const known = lab.orders[orderId];
  return known ? { ...lab, orders: { ...lab.orders, [orderId]: { ...known, ...patch } } } : lab;
}

/** An act on an older version is kept in the stream and changes nothing. */
function result(lab: Lab, { resultId, version }: { resultId: string; version: number }, patch: Partial<Result>): Lab {
  const known = lab.results[resultId];
  return known?.version === version ? { ...lab, results: { ...lab.results, [resultId]: { ...known, ...patch } } } : lab;
}

/** Reviewed, and communicated once the patient has been told as well. */
function settled(lab: Lab, resultId: string): Lab {
  const known = lab.results[resultId];
  if (known?.reviewedAt === undefined) return lab;
  return order(lab, known.orderId, { status: known.informedAt === undefined ? 'Reviewed' : 'Communicated' });
}

const terminal: readonly LabOrderStatus[] = ['Communicated', 'Cancelled'];

/** Ids of the orders that are not terminal. */
export const openIds = ({ orders }: Lab): readonly string[] =>
  Object.entries(orders).flatMap(([orderId, { status }]) => (terminal.includes(status) ? [] : [orderId]));

/** Ids of the orders whose result is still to come, or to be reviewed. */
export const pendingResults = ({ orders }: Lab): readonly string[] =>
  Object.entries(orders).flatMap(([orderId, { status }]) => (status === 'AwaitingCollection' || status === 'Final' ? [orderId] : []));

/** States in which the specimen of a test at the point of care has not been taken yet. */
export const uncollected: readonly LabOrderStatus[] = ['Drafted', 'Signed', 'AwaitingCollection'];
