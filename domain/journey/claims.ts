// Claims on other streams, and what must hold before one is made: nothing is claimed for a command that is refused anyway.
import type { Role } from '../kernel/actor.ts';
import type { Command } from '../kernel/command.ts';
import type { RefusalCode } from '../kernel/refusals.ts';
import { day, type Instant } from '../kernel/time.ts';
import { capacityOf } from '../reference/capacity.ts';
import { clock } from './clocks.ts';
import type { FactName, Facts, SlotFact } from './facts.ts';
import type { Journey } from './state.ts';
import { booked, goesToPatient, unbooked, type Visit } from './visit/state.ts';

/** A command on another stream that must be taken before the journey's own decision (domain reference 3.3). */
export interface Claim {
  readonly category: 'capacity' | 'visitor';
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

/** Who may hold and book slots. */
export const bookers = ['P', 'X', 'K', 'D'] as const satisfies readonly Role[];

interface Claiming {
  readonly roles: readonly Role[];
  /** What must be known to say whether there is something to claim. */
  readonly facts: readonly FactName[];
  readonly claim: (journey: Journey, visit: Visit, asked: Asked) => Claim | undefined;
}
interface Asked {
  readonly data: { readonly visitId: string; readonly slotId?: string };
  readonly actorId: string;
  readonly at: Instant;
  readonly facts: Partial<Facts>;
}

/** The commands that claim something, with the facts that the claim needs. */
export const claiming: Readonly<Record<string, Claiming>> = {
  HoldSlot: {
    roles: bookers,
    facts: ['slot'],
    claim: (journey, visit, { data: { visitId, slotId }, at, facts: { slot } }) => {
      if (!slotId || !slot || whyNotHeld(journey, visit, { slot, at })) return undefined;
      return slotHold(visitId, slotId, at + clock(journey, 'slot.hold'));
    },
  },
  BookVisit: {
    roles: bookers,
    facts: [],
    // The booking is sent to the slot's stream afterwards; until it arrives the hold keeps the place.
    claim: (journey, visit, { data: { visitId }, at }) =>
      visit.slot && !whyNotBooked(journey, visit, at) ? slotHold(visitId, visit.slot.slotId, at + day) : undefined,
  },
  RescheduleVisit: {
    roles: bookers,
    facts: ['slot'],
    // Booked afterwards, like the first window; the old one is given back only then.
    claim: (journey, visit, { data: { visitId, slotId }, at, facts: { slot } }) => {
      if (!slotId || !slot || slotId === visit.slot?.slotId || whyNotMoved(journey, visit, { slot, at })) return undefined;
      return slotHold(visitId, slotId, at + day);
    },
  },
  ArriveAtVisit: {
    roles: ['V'],
    facts: [],
    claim: (_journey, visit, { data: { visitId }, actorId: visitorId }) =>
      visit.status === 'EnRoute' && visit.visitorId === visitorId
        ? { category: 'visitor', id: visitorId, type: 'OpenVisitorPresence', data: { visitorId, visitId } }
        : undefined,
  },
};

/** What a command has to claim first; most claim nothing. */
export function claimOf(
  journey: Journey,
  { type, data, actor }: Command,
  { at, facts }: { readonly at: Instant; readonly facts: Partial<Facts> },
): Claim | undefined {
  const entry = claiming[type];
  if (!entry?.roles.includes(actor.role) || journey.closing.closed) return undefined;
  const asked = data as Asked['data'];
  const visit = journey.visit.byId[asked.visitId];
  return visit && entry.claim(journey, visit, { data: asked, actorId: actor.id, at, facts });
}

const slotHold = (visitId: string, slotId: string, expiresAt: Instant): Claim => ({
  category: 'capacity',
  id: capacityOf(slotId),
  type: 'PlaceSlotHold',
  data: { slotId, visitId, expiresAt },
});

/** The latest start: what was ordered, and the outer limit of a disposition that no contact has met yet. */
export function latestStart({ consult: { disposition } }: Journey, { notAfter }: Pick<Visit, 'notAfter'>): Instant {
  return disposition && !disposition.met ? Math.min(notAfter, disposition.latestStartAt ?? notAfter) : notAfter;
}

/** Why no slot, or not this one, may be held for the visit. */
export function whyNotHeld(journey: Journey, visit: Visit, { slot, at }: { slot: SlotFact; at: Instant }): RefusalCode | undefined {
  const ready = goesToPatient(visit) ? ['AreaChecked', 'SafetyScreened'] : ['Requested'];
  if (!ready.includes(visit.status)) return 'not-allowed-in-state';
  if (!slot.placeMatches) return 'entity-unknown';
  return mayStart(journey, visit, slot.window.from, at) ? undefined : 'window-outside-limits';
}

/** Why the booked visit may not be moved to this slot. */
export function whyNotMoved(journey: Journey, visit: Visit, { slot, at }: { slot: SlotFact; at: Instant }): RefusalCode | undefined {
  if (!booked.includes(visit.status)) return 'not-allowed-in-state';
  if (!slot.placeMatches) return 'entity-unknown';
  return mayStart(journey, visit, slot.window.from, at) ? undefined : 'window-outside-limits';
}

/** Why the slot that was held may not be booked. */
export function whyNotBooked(journey: Journey, visit: Visit, at: Instant): RefusalCode | undefined {
  if (unbooked.includes(visit.status)) return 'hold-expired';
  if (visit.status !== 'Held' || !visit.slot) return 'not-allowed-in-state';
  if (at >= (visit.slot.holdExpiresAt ?? at)) return 'hold-expired';
  if (goesToPatient(visit) && !visit.screened) return 'not-screened';
  return mayStart(journey, visit, visit.slot.window.from, at) ? undefined : 'window-outside-limits';
}

/** A window that has begun is not promised any more. */
const mayStart = (journey: Journey, visit: Visit, from: Instant, at: Instant): boolean =>
  Math.max(at, visit.notBefore) <= from && from <= latestStart(journey, visit);
