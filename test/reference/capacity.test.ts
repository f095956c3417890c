import fc from 'fast-check';
import { minute } from '../../domain/kernel/time.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { decideOn, foldHistory, type Given, noon } from './scenario.ts';

const slotId = 'sea-north_2026-10-06_1300';
const window = { from: noon + 60 * minute, to: noon + 180 * minute };
const publish = (count: number, history: readonly Given[] = []) =>
  decideOn(aggregates.capacity, history, 'PublishSlotCapacity', {
    areaId: 'sea-north',
    date: '2026-10-06',
    slots: [{ slotId, window, count }],
  });
const on = (history: readonly Given[], type: string, visitId: string, { now = noon, at = now }: { now?: number; at?: number } = {}) => {
  const hold = type === 'PlaceSlotHold' ? { expiresAt: at + 10 * minute } : {};
  return decideOn(aggregates.capacity, history, type, { slotId, visitId, ...hold }, { now, at });
};
const late = noon + 10 * minute;

describe('a slot', () => {
  const published = publish(1).history;
  const held = on(published, 'PlaceSlotHold', 'a').history;
  const booked = on(held, 'BookSlot', 'a').history;

  test('names its area and day on every event', () => {
    expect(on(published, 'PlaceSlotHold', 'a').data).toEqual([
      { areaId: 'sea-north', date: '2026-10-06', slotId, window, visitId: 'a', expiresAt: late },
    ]);
  });

  test('is held for one visit; another is refused until the hold expires', () => {
    expect(on(held, 'PlaceSlotHold', 'b').refusal).toBe('slot-taken');
    expect(on(held, 'PlaceSlotHold', 'b', { now: late - 1 }).refusal).toBe('slot-taken');
    expect(on(held, 'PlaceSlotHold', 'b', { now: late }).types).toEqual(['SlotHoldPlaced']);
  });

  test('is held once by the same visit', () => {
    expect(on(held, 'PlaceSlotHold', 'a')).toMatchObject({ types: [] });
    expect(on(booked, 'PlaceSlotHold', 'a')).toMatchObject({ types: [] });
    expect(on(held, 'PlaceSlotHold', 'a', { now: late }).types).toEqual(['SlotHoldPlaced']);
  });

  test('is held for longer when the same visit asks for it, also in a full slot', () => {
    const longer = on(held, 'PlaceSlotHold', 'a', { now: noon + minute });
    expect(longer.data).toMatchObject([{ expiresAt: late + minute }]);
    expect(on(longer.history, 'PlaceSlotHold', 'b', { now: late }).refusal).toBe('slot-taken');
    expect(on(longer.history, 'PlaceSlotHold', 'a', { now: noon + minute })).toMatchObject({ types: [] });
  });

  test('is booked under a live hold only, once', () => {
    expect(on(published, 'BookSlot', 'a').refusal).toBe('hold-expired');
    expect(on(held, 'BookSlot', 'a', { now: late }).refusal).toBe('hold-expired');
    expect(on(held, 'BookSlot', 'a').types).toEqual(['SlotBooked']);
    expect(on(booked, 'BookSlot', 'a')).toMatchObject({ types: [] });
    expect(on(booked, 'PlaceSlotHold', 'b', { now: late }).refusal).toBe('slot-taken');
  });

  test('is booked by a command that arrives after the hold, if it was owed before and nobody else has the place', () => {
    expect(on(held, 'BookSlot', 'a', { now: late, at: late - 1 }).types).toEqual(['SlotBooked']);
    const taken = on(held, 'PlaceSlotHold', 'b', { now: late }).history;
    expect(on(taken, 'BookSlot', 'a', { now: late, at: late - 1 }).refusal).toBe('slot-taken');
  });

  test('is free again when the hold ends or the booking is freed', () => {
    const ended = on(held, 'EndSlotHold', 'a');
    expect(ended.types).toEqual(['SlotHoldEnded']);
    expect(on(ended.history, 'PlaceSlotHold', 'b').types).toEqual(['SlotHoldPlaced']);
    const freed = on(booked, 'FreeSlot', 'a');
    expect(freed.types).toEqual(['SlotFreed']);
    expect(on(freed.history, 'PlaceSlotHold', 'b').types).toEqual(['SlotHoldPlaced']);
  });

  test('knows nothing to end or free where nothing is held or booked', () => {
    expect(on(published, 'EndSlotHold', 'a')).toMatchObject({ types: [] });
    expect(on(held, 'FreeSlot', 'a')).toMatchObject({ types: [] });
  });

  test('keeps a hold and a booking made after the act that owes the release', () => {
    expect(on(held, 'EndSlotHold', 'a', { now: noon, at: noon - 1 })).toMatchObject({ types: [] });
    expect(on(booked, 'FreeSlot', 'a', { now: noon, at: noon - 1 })).toMatchObject({ types: [] });
  });

  test('that was never published is unknown, and a hold that is over before it begins is refused', () => {
    expect(on([], 'PlaceSlotHold', 'a').refusal).toBe('entity-unknown');
    expect(on([], 'BookSlot', 'a').refusal).toBe('entity-unknown');
    expect(on(published, 'PlaceSlotHold', 'a', { now: late, at: noon }).refusal).toBe('hold-expired');
  });

  test('may be published again, but never with fewer places than are taken', () => {
    expect(publish(0, booked).refusal).toBe('not-allowed-in-state');
    expect(on(publish(2, booked).history, 'PlaceSlotHold', 'b').types).toEqual(['SlotHoldPlaced']);
  });

  test('of another area or day is no part of this one', () => {
    const data = { areaId: 'sea-south', date: '2026-10-06', slots: [{ slotId, window, count: 1 }] };
    expect(() => decideOn(aggregates.capacity, [], 'PublishSlotCapacity', data)).toThrow();
  });
});

describe('R-3', () => {
  const act = fc.record({
    type: fc.constantFrom('PlaceSlotHold', 'EndSlotHold', 'BookSlot', 'FreeSlot'),
    visitId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    wait: fc.nat(6),
    delay: fc.nat(15),
  });

  test('live holds and bookings never exceed the capacity, whatever is asked in whatever order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.array(act, { maxLength: 40 }), (count, acts) => {
        let now = noon;
        let history = publish(count).history;
        for (const { type, visitId, wait, delay } of acts) {
          now += wait * minute;
          history = on(history, type, visitId, { now, at: Math.max(noon, now - delay * minute) }).history;
          const slot = foldHistory(aggregates.capacity, history).slots.get(slotId);
          const live = [...(slot?.holds ?? [])].filter(([, { expiresAt }]) => now < expiresAt).map(([visit]) => visit);
          expect(new Set([...live, ...(slot?.bookings.keys() ?? [])]).size).toBeLessThanOrEqual(count);
        }
      }),
    );
  });
});
