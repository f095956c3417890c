// What the pharmacy, the payer and the clinician's answers to them make of a prescription.
import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import { isCancelling, mayBecome, move, type Prescription, type Reached, settled } from './standing.ts';

const reachedBy: Partial<Record<JourneyEvent['type'], Reached>> = {
  PharmacyRejected: 'RejectedByPharmacy',
  StockOutReported: 'OutOfStock',
  MedicationPartiallyDispensed: 'PartiallyFilled',
  MedicationDispensed: 'Filled',
  MedicationPickedUp: 'InHand',
  PrescriptionTransferred: 'Transferred',
  MedicationNotDispensed: 'NotFilled',
};

export function filled(rx: Prescription, { type, data, occurredAt: at }: Happened<JourneyEvent>): Prescription {
  switch (type) {
    case 'PrescriptionVerifiedByPharmacy': {
      const acceptDueAt = data.basis?.due?.['rx.accept'];
      return move(rx, 'VerifiedByPharmacy', acceptDueAt === undefined ? {} : { acceptDueAt });
    }
    case 'MedicationReadyForPickup':
      return move(rx, 'ReadyForPickup', { readyAt: rx.readyAt ?? at });
    case 'MedicationReturnedToStock':
      return cameBack(rx, true);
    case 'PdmpQueried':
      return { ...rx, pdmpRef: data.queryRef };
    case 'RefillRequested':
      return { ...rx, refills: { [data.refillId]: 'requested', ...rx.refills } };
    case 'RefillApproved':
      return { ...rx, refills: { ...rx.refills, [data.refillId]: 'approved' } };
    case 'RefillDenied':
      return { ...rx, refills: { ...rx.refills, [data.refillId]: 'denied' } };
    default: {
      const reached = reachedBy[type];
      return reached ? move(rx, reached) : held(rx, { type, data } as Happened<JourneyEvent>);
    }
  }
}

/** The pharmacy or the payer wants an answer before it goes on. */
function held(rx: Prescription, { type, data }: Happened<JourneyEvent>): Prescription {
  switch (type) {
    case 'PriorAuthorisationRequired':
      return mayWait(rx) ? interrupted({ ...rx, authorisationId: data.authorisationId }, 'PriorAuthorisation') : rx;
    case 'PriorAuthorisationDecided':
      return settled(rx);
    case 'PharmacyChangeRequested': {
      const dueAt = data.basis?.due?.['rx.change'];
      const change = { kind: data.kind, open: mayWait(rx), ...(dueAt !== undefined && { dueAt }) };
      const known = { ...rx, changes: { [data.changeId]: change, ...rx.changes } };
      return mayWait(rx) ? interrupted(known, 'ChangeRequested') : known;
    }
    case 'PharmacyChangeApproved':
    case 'PharmacyChangeDenied':
      return settled({ ...rx, changes: { ...rx.changes, [data.changeId]: { kind: data.kind, open: false } } });
    default:
      return rx;
  }
}

/** Nothing has been filled: an answer still matters. */
const mayWait = (rx: Prescription): boolean => mayBecome(rx, 'VerifiedByPharmacy');

const interrupted = (rx: Prescription, status: 'ChangeRequested' | 'PriorAuthorisation'): Prescription =>
  isCancelling(rx) ? rx : { ...rx, status };

/** It is not filled any more once it is back on the shelf and the clinician has decided what follows, in either order. */
const back = (rx: Prescription): Prescription => (rx.returned?.toStock && rx.returned.decided ? move(rx, 'NotFilled') : rx);

/** The fill came back, or was destroyed on its way; a pending cancellation has decided already what follows. */
export const cameBack = (rx: Prescription, toStock: boolean): Prescription =>
  back({ ...rx, returned: { decided: isCancelling(rx), ...rx.returned, toStock: toStock || rx.returned?.toStock === true } });

/** The clinician's decision on what came back is the end of a callback that names the prescription. */
export function decided(rx: Prescription, rxId: string, { type, data }: Happened<JourneyEvent>): Prescription {
  if (type === 'TaskOpened')
    return data.kind === 'callback' && data.cites.includes(rxId) ? { ...rx, callbacks: [...rx.callbacks, data.taskId] } : rx;
  if ((type !== 'TaskCompleted' && type !== 'TaskCancelled') || !rx.callbacks.includes(data.taskId)) return rx;
  const after = { ...rx, callbacks: rx.callbacks.filter((taskId) => taskId !== data.taskId) };
  return type === 'TaskCompleted' && rx.returned ? back({ ...after, returned: { ...rx.returned, decided: true } }) : after;
}
