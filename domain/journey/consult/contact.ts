// How one consult comes to a contact and keeps it: offers, claims, video, modality and hand-overs, as their events have made it.
import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Outcome } from '../closing/events.ts';
import type { JourneyEvent } from '../events.ts';
import type { Request } from '../intake/state.ts';

export type ConsultStatus =
  | 'Queued'
  | 'Offered'
  | 'Claimed'
  | 'InProgress'
  | 'AwaitingPatient'
  | 'Dropped'
  | 'Decided'
  | 'Completed'
  | 'Expired'
  | 'Cancelled'
  | 'EndedByPatient'
  | 'Transferred';

export interface Consult {
  readonly status: ConsultStatus;
  readonly modality: Request['modality'];
  /** Since when it has this modality: a clock that was over by then never begins. */
  readonly modalitySince: Instant;
  readonly reasonCode: string;
  readonly queuedAt: Instant;
  /** Due instants that were computed from a calendar when the consult was queued, by clock. */
  readonly due: Readonly<Record<string, Instant>>;
  readonly offer?: { readonly clinicianId: string; readonly expiresAt?: Instant };
  readonly clinicianId?: string;
  readonly groupId?: string;
  readonly claimedAt?: Instant;
  readonly startedAt?: Instant;
  readonly firstResponseAt?: Instant;
  /** While a question of the clinician waits for the patient, whatever else is decided meanwhile. */
  readonly awaitingSince?: Instant;
  /** While the patient's words wait for the clinician. */
  readonly idleSince?: Instant;
  readonly droppedAt?: Instant;
  readonly drops: number;
  /** How long the patient was away from the video queue, and since when now. */
  readonly awayFor: number;
  readonly awaySince?: Instant;
  /** Until somebody accepts it, the consult stays with the giver. */
  readonly handover?: { readonly from: string; readonly to?: string; readonly reason: string };
  readonly plannedOutcome?: Outcome;
  readonly summaryRef?: string;
  readonly completedAt?: Instant;
}

const terminal: readonly ConsultStatus[] = ['Completed', 'Expired', 'Cancelled', 'EndedByPatient', 'Transferred'];

export const isOpen = ({ status }: Consult): boolean => !terminal.includes(status);

/** The consult after one of its events that concerns the contact; every other event leaves it as it is. */
export function contacted(consult: Consult, happened: Happened<JourneyEvent>): Consult {
  const { type, data, occurredAt: at } = happened;
  switch (type) {
    case 'ConsultOffered': {
      const { clinicianId, expiresAt } = data;
      return { ...consult, status: 'Offered', offer: { clinicianId, ...(expiresAt !== undefined && { expiresAt }) } };
    }
    case 'ConsultOfferDeclined':
    case 'ConsultOfferLapsed':
      return consult.status === 'Offered' ? { ...withoutOffer(consult), status: 'Queued' } : consult;
    case 'ConsultClaimed': {
      const { clinicianId, groupId } = data;
      return { ...withoutOffer(consult), status: 'Claimed', claimedAt: at, clinicianId, groupId };
    }
    case 'ConsultStarted':
      return { ...backFrom(consult, at), status: 'InProgress', startedAt: at };
    case 'ModalityChanged': {
      const changed = { ...consult, modality: data.to, modalitySince: at };
      return consult.status === 'Dropped' ? resumed(changed) : changed;
    }
    case 'ConsultHandoverRequested': {
      const { from, to, reason = 'handover' } = data;
      return { ...consult, handover: { from, reason, ...(to && { to }) } };
    }
    case 'ConsultHandoverAccepted': {
      const taken = { ...withoutHandover(consult), clinicianId: data.to, groupId: data.groupId };
      return taken.startedAt === undefined || taken.status === 'Dropped' ? taken : resumed(taken);
    }
    case 'ConsultHandoverDeclined':
      // One who declines what was asked of everybody leaves it to the others.
      return consult.handover?.to === data.to ? withoutHandover(consult) : consult;
    default:
      return isOpen(consult) && consult.modality === 'video' ? onVideo(consult, happened) : consult;
  }
}

/** A lost picture interrupts the consult; before the start it only says that the patient is not there. */
function onVideo(consult: Consult, { type, data, occurredAt: at }: Happened<JourneyEvent>): Consult {
  switch (type) {
    case 'VideoDropped':
      if (consult.startedAt !== undefined)
        return consult.status === 'Dropped' ? consult : { ...consult, status: 'Dropped', droppedAt: at, drops: consult.drops + 1 };
      return data.participant === 'patient' && consult.awaySince === undefined ? { ...consult, awaySince: at } : consult;
    case 'VideoConnected':
      return data.participant === 'patient' ? backFrom(consult, at) : consult;
    case 'VideoResumed':
      if (consult.status === 'Dropped') return resumed(consult);
      return data.participant === 'patient' ? backFrom(consult, at) : consult;
    default:
      return consult;
  }
}

function withoutOffer({ offer: _answered, ...consult }: Consult): Consult {
  return consult;
}

/** The consult without its hand-over, whether that was taken, declined or is no longer needed. */
export function withoutHandover({ handover: _settled, ...consult }: Consult): Consult {
  return consult;
}

/** The patient is there again; the wait did not run meanwhile. */
function backFrom({ awaySince, ...consult }: Consult, at: Instant): Consult {
  return awaySince === undefined ? consult : { ...consult, awayFor: consult.awayFor + Math.max(0, at - awaySince) };
}

function resumed({ droppedAt: _over, ...consult }: Consult): Consult {
  return { ...consult, status: consult.awaitingSince === undefined ? 'InProgress' : 'AwaitingPatient' };
}
