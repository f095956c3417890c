// Signature, sending, reconciliation and cancelling.
import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import {
  type Cancelling,
  isTerminal,
  isUnsigned,
  move,
  type PharmacyChoice,
  type Prescription,
  type Sending,
  settled,
} from './standing.ts';

export const nothingSent: Sending = { attempts: 0, failures: 0, refused: false, queries: 0, unknowns: 0 };

export function sent(
  rx: Prescription,
  { type, data, occurredAt: at, actor }: Happened<JourneyEvent>,
  choice: PharmacyChoice | undefined,
): Prescription {
  const { sending } = rx;
  switch (type) {
    case 'PrescriptionSigned':
      return isUnsigned(rx) ? settled({ ...rx, ...choice, signedAt: at, reached: 'Signed' }) : rx;
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

export function cancelled(rx: Prescription, { type, data }: Happened<JourneyEvent>): Prescription {
  switch (type) {
    case 'PrescriptionCancelRequested': {
      const dueAt = data.basis?.due?.['rx.cancel'];
      return answeredWith(rx, { n: (rx.cancelling?.n ?? 0) + 1, status: 'requested', ...(dueAt !== undefined && { dueAt }) });
    }
    case 'PrescriptionCancelUnconfirmed':
      return rx.cancelling?.status === 'requested' ? answeredWith(rx, { ...rx.cancelling, status: 'unconfirmed' }) : rx;
    case 'PrescriptionCancelDenied': {
      if (!rx.cancelling) return rx;
      const { rerouteTo: _falls, ...stays } = rx;
      return answeredWith(stays, { ...rx.cancelling, status: 'denied' });
    }
    case 'PrescriptionCancelConfirmed':
      return isTerminal(rx) || (isUnsigned(rx) && !rx.cancelling) ? rx : settled({ ...rx, reached: 'Cancelled' });
    case 'PharmacyRerouteChosen':
      return { ...rx, rerouteTo: data.toPharmacyId };
    default:
      return rx;
  }
}

const answeredWith = (rx: Prescription, cancelling: Cancelling): Prescription => settled({ ...rx, cancelling });
