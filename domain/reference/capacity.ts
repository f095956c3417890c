// The slots of one area and day: what was published, what is held, what is booked (domain reference 5.16, R-3).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already, refuse } from '../kernel/decision.ts';
import { At, type EventOf, type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';

/** `<areaId>_<YYYY-MM-DD>_<HHmm>`, so that the stream follows from the slot. */
export const SlotId = Id.regex(/^.+_\d{4}-\d{2}-\d{2}_\d{4}$/);
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const Window = z.strictObject({ from: At, to: At }).refine(({ from, to }) => from < to, 'ends before it begins');

/** Id of the capacity stream that holds a slot: `<areaId>_<YYYY-MM-DD>`. */
export const capacityOf = (slotId: string): string => slotId.slice(0, slotId.lastIndexOf('_'));

/** Id of the area whose capacity stream this is. */
export const areaOf = (capacityId: string): string => capacityId.slice(0, capacityId.lastIndexOf('_'));

// --- events

const slot = { areaId: Id, date: Day, slotId: SlotId, window: Window };
const claim = { ...slot, visitId: Id };

export const events = {
  SlotCapacityPublished: event({ ...slot, count: z.int().min(0).max(1_000) }, 'slotId'),
  SlotHoldPlaced: event({ ...claim, expiresAt: At }, 'slotId'),
  SlotHoldEnded: event(claim, 'slotId'),
  SlotBooked: event(claim, 'slotId'),
  SlotFreed: event(claim, 'slotId'),
} satisfies EventSchemas;
type CapacityEvent = EventOf<typeof events>;

// --- state

interface Hold {
  readonly placedAt: Instant;
  readonly expiresAt: Instant;
}
export interface Slot {
  readonly window: { readonly from: Instant; readonly to: Instant };
  readonly count: number;
  /** By visit. A hold that has expired stands here until it is ended, and counts no more. */
  readonly holds: ReadonlyMap<string, Hold>;
  /** By visit, with the instant of the booking. */
  readonly bookings: ReadonlyMap<string, Instant>;
}
export interface Capacity {
  readonly slots: ReadonlyMap<string, Slot>;
}
export const initial: Capacity = { slots: new Map() };

export function evolve(capacity: Capacity, { type, data, occurredAt: at }: Happened<CapacityEvent>): Capacity {
  const { slotId, window } = data;
  const before = capacity.slots.get(slotId) ?? { window, count: 0, holds: new Map(), bookings: new Map() };
  const changed = (patch: Partial<Slot>): Capacity => ({ slots: new Map(capacity.slots).set(slotId, { ...before, ...patch }) });
  switch (type) {
    case 'SlotCapacityPublished':
      return changed({ window, count: data.count });
    case 'SlotHoldPlaced':
      return changed({ holds: new Map(before.holds).set(data.visitId, { placedAt: at, expiresAt: data.expiresAt }) });
    case 'SlotHoldEnded':
      return changed({ holds: without(before.holds, data.visitId) });
    case 'SlotBooked':
      return changed({ holds: without(before.holds, data.visitId), bookings: new Map(before.bookings).set(data.visitId, at) });
    case 'SlotFreed':
      return changed({ bookings: without(before.bookings, data.visitId) });
  }
}

const without = <V>(entries: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> =>
  new Map([...entries].filter(([other]) => other !== key));

/** How many places of the slot are held or booked by visits other than this one. */
const takenByOthers = ({ holds, bookings }: Slot, visitId: string, now: Instant): number => {
  const live = [...holds].filter(([, { expiresAt }]) => now < expiresAt).map(([holder]) => holder);
  return new Set([...live, ...bookings.keys()].filter((holder) => holder !== visitId)).size;
};

/** True if one more visit fits into the slot. */
export const hasRoom = (slot: Slot, visitId: string, now: Instant): boolean => takenByOthers(slot, visitId, now) < slot.count;

/** When the visit's hold on the slot ends, if it has a live one. */
export function heldUntil(slot: Slot, visitId: string, now: Instant): Instant | undefined {
  const hold = slot.holds.get(visitId);
  return hold && now < hold.expiresAt ? hold.expiresAt : undefined;
}

// --- decisions

const claimed = z.strictObject({ slotId: SlotId, visitId: Id });

export const commands = {
  PublishSlotCapacity: {
    roles: ['O', 'D'],
    data: z
      .strictObject({
        areaId: Id,
        date: Day,
        slots: z
          .array(z.strictObject({ slotId: SlotId, window: Window, count: z.int().min(0).max(1_000) }))
          .min(1)
          .max(200),
      })
      .refine(
        ({ areaId, date, slots }) => slots.every(({ slotId }) => capacityOf(slotId) === `${areaId}_${date}`),
        'names a slot of another area or day',
      ),
  },
  PlaceSlotHold: { roles: ['T'], data: claimed.extend({ expiresAt: At }) },
  EndSlotHold: { roles: ['T'], data: claimed },
  BookSlot: { roles: ['T'], data: claimed },
  FreeSlot: { roles: ['T'], data: claimed },
} satisfies CommandSpecs;

export const decide: Decisions<typeof commands, Capacity, CapacityEvent> = {
  PublishSlotCapacity: ({ slots }, { data: { areaId, date, slots: published } }, { now }) => {
    const tooFew = published.some(({ slotId, count }) => {
      const known = slots.get(slotId);
      return known !== undefined && takenByOthers(known, '', now) > count;
    });
    if (tooFew) return refuse('not-allowed-in-state');
    return accept(...published.map((next) => ({ type: 'SlotCapacityPublished' as const, data: { areaId, date, ...next } })));
  },

  PlaceSlotHold: ({ slots }, { data: { slotId, visitId, expiresAt } }, { now }) => {
    const found = slots.get(slotId);
    if (!found) return refuse('entity-unknown');
    // A longer hold takes the place of the visit's own; the same or a shorter one changes nothing.
    if (found.bookings.has(visitId) || (heldUntil(found, visitId, now) ?? 0) >= expiresAt) return already;
    if (expiresAt <= now) return refuse('hold-expired');
    if (!hasRoom(found, visitId, now)) return refuse('slot-taken');
    return accept({ type: 'SlotHoldPlaced', data: { ...claimOn(found, slotId, visitId), expiresAt } });
  },

  // Ends no hold that was placed after the act that owes this command, which may arrive late or again.
  EndSlotHold: ({ slots }, { data: { slotId, visitId } }, { at }) => {
    const found = slots.get(slotId);
    const hold = found?.holds.get(visitId);
    if (!found || !hold || hold.placedAt > at) return already;
    return accept({ type: 'SlotHoldEnded', data: claimOn(found, slotId, visitId) });
  },

  // The visit was booked at `at`, while its hold was live; the command that follows may arrive after the hold's end.
  BookSlot: ({ slots }, { data: { slotId, visitId } }, { now, at }) => {
    const found = slots.get(slotId);
    if (!found) return refuse('entity-unknown');
    if (found.bookings.has(visitId)) return already;
    if (heldUntil(found, visitId, at) === undefined) return refuse('hold-expired');
    if (!hasRoom(found, visitId, now)) return refuse('slot-taken');
    return accept({ type: 'SlotBooked', data: claimOn(found, slotId, visitId) });
  },

  FreeSlot: ({ slots }, { data: { slotId, visitId } }, { at }) => {
    const found = slots.get(slotId);
    const bookedAt = found?.bookings.get(visitId);
    if (!found || bookedAt === undefined || bookedAt > at) return already;
    return accept({ type: 'SlotFreed', data: claimOn(found, slotId, visitId) });
  },
};

function claimOn({ window }: Slot, slotId: string, visitId: string) {
  const capacityId = capacityOf(slotId);
  return { areaId: areaOf(capacityId), date: capacityId.slice(-10), slotId, window, visitId };
}
