import { claimOf } from '../../domain/journey/claims.ts';
import { visitCancelled } from '../../domain/journey/visit/booking.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import type { Story } from './story.ts';
import {
  at,
  dataOf,
  dueOf,
  effectsOf,
  happens,
  of,
  siteVisitBooked,
  slot,
  slotId,
  visitAfter,
  visitId,
  visitOf,
  visitOrdered,
  window,
} from './visit-setting.ts';

const other = 'sea-north_2026-10-06_1500';
const later = { from: at('15:00'), to: at('17:00') };
const move = { ...of, slotId: other };
const movable = (story: Story, facts = {}) => story.know({ slot: { ...slot, window: later }, ...facts });

describe('A booked window', () => {
  test('is moved by the patient alone: the new one is booked, and what was promised for the old one is void', () => {
    const story = movable(visitAfter('ConfirmVisit'));
    const told = story.give('X', 'RescheduleVisit', { ...move, reason: 'school' });
    expect(told.events).toEqual(['VisitRescheduled']);
    expect(dataOf(told, 'VisitRescheduled')).toEqual({
      visitId,
      slotId: other,
      window: later,
      from: { slotId, window },
      by: 'parent-1',
      n: 1,
      reason: 'school',
      feePolicy: { freeUntil: at('13:00', -1), feeCents: 0 },
    });
    expect(visitOf(story)).toMatchObject({ status: 'Scheduled', confirmed: false, accepted: false, moves: 1 });
    expect(visitOf(story).visitorId).toBeUndefined();
    expect(effectsOf(story, 'assign-visitor')).toHaveLength(1);
    expect(dueOf(story, 'visit.late')).toEqual([later.to]);
    expect(dueOf(story, 'visit.unconfirmed')).toEqual([at('14:00')]);
  });

  test('that is moved to itself stays; one that is not booked is not moved', () => {
    expect(visitAfter('BookVisit').give('X', 'RescheduleVisit', { ...of, slotId })).toMatchObject({ events: [], refusal: undefined });
    expect(movable(visitAfter('HoldSlot')).give('X', 'RescheduleVisit', move).refusal).toBe('not-allowed-in-state');
    expect(movable(visitAfter('DepartForVisit')).give('X', 'RescheduleVisit', move).refusal).toBe('not-allowed-in-state');
  });

  test('is not moved to a slot that is taken, unknown there, or has begun', () => {
    expect(movable(visitAfter('BookVisit'), { claim: { granted: false } }).give('X', 'RescheduleVisit', move).refusal).toBe('slot-taken');
    const elsewhere = visitAfter('BookVisit').know({ slot: { ...slot, window: later, placeMatches: false } });
    expect(elsewhere.give('X', 'RescheduleVisit', move).refusal).toBe('entity-unknown');
    const begun = visitAfter('BookVisit').know({ slot: { ...slot, window: { from: at('09:00'), to: at('11:00') } } });
    expect(begun.give('X', 'RescheduleVisit', move).refusal).toBe('window-outside-limits');
  });

  test.each(['X', 'K', 'D'] as const)('R-8: past the limit is refused as too late, whoever asks (%s), and the old one stands', (role) => {
    const story = visitAfter('ConfirmVisit').know({ slot: { ...slot, window: { from: at('09:25', 1), to: at('11:25', 1) } } });
    const told = story.give(role, 'RescheduleVisit', move);
    expect(told.events).toEqual(['VisitRefusedTooLate']);
    expect(dataOf(told, 'VisitRefusedTooLate')).toEqual({
      visitId,
      limit: at('09:24', 1),
      earliestSlot: window.from,
      fasterRoutes: ['clinicSite', 'urgentCare'],
    });
    expect(visitOf(story)).toMatchObject({ status: 'Assigned', slot: { slotId, window } });
  });

  test('that starts at the limit is not too late', () => {
    const story = visitAfter('BookVisit').know({ slot: { ...slot, window: { from: at('09:24', 1), to: at('11:24', 1) } } });
    expect(story.give('X', 'RescheduleVisit', move).events).toEqual(['VisitRescheduled']);
  });

  test('R-3: has the new place claimed before it is moved, and nothing where it is refused anyway', () => {
    const claim = (story: Story, facts: object, role: Role = 'X') =>
      claimOf(
        story.journey,
        { type: 'RescheduleVisit', data: move, actor: { kind: 'person', id: 'parent-1', role } },
        { at: story.now, facts },
      );
    const known = { slot: { ...slot, window: later } };
    expect(claim(visitAfter('BookVisit'), known)).toEqual({
      category: 'capacity',
      id: 'sea-north_2026-10-06',
      type: 'PlaceSlotHold',
      data: { slotId: other, visitId, expiresAt: at('09:27', 1) },
    });
    expect(claim(visitAfter('HoldSlot'), known)).toBeUndefined();
    expect(claim(visitAfter('BookVisit'), { slot: { ...slot, window: { from: at('09:25', 1), to: at('11:00', 1) } } })).toBeUndefined();
  });
});

describe('A cancellation', () => {
  const cancel = (story: Story, role: 'X' | 'K' | 'C' | 'T' = 'X') => story.give(role, 'CancelVisit', { ...of, reason: 'recovered' });
  const free = { free: true, feeCents: 0 };

  test('of a wish ends it; of a held or booked slot gives that back', () => {
    const wish = visitOrdered();
    const told = cancel(wish);
    expect(told.events).toEqual(['VisitCancelled']);
    expect(dataOf(told, 'VisitCancelled')).toEqual({ visitId, by: 'parent-1', reason: 'recovered', feeDecision: free });
    expect(visitOf(wish).status).toBe('Cancelled');
    expect(cancel(visitAfter('HoldSlot')).events).toEqual(['VisitCancelled', 'SlotReleased']);
    const booked = visitAfter('ConfirmVisit');
    expect(dataOf(cancel(booked, 'K'), 'SlotReleased')).toEqual({ visitId, slotId, window });
    expect(visitOf(booked).slot).toBeUndefined();
    expect(effectsOf(booked, 'send-notice').filter(({ entityId }) => entityId.startsWith(visitId))).toEqual([]);
    expect(cancel(booked)).toMatchObject({ events: [], refusal: undefined });
  });

  test('while the visitor is on the way turns them back', () => {
    const story = visitAfter('DepartForVisit');
    const told = cancel(story);
    expect(told.events).toEqual(['VisitCancelled', 'SlotReleased', 'VisitorTurnedBack']);
    expect(dataOf(told, 'VisitorTurnedBack')).toEqual({ visitId, visitorId: 'visitor-1', reason: 'recovered' });
    expect(visitOf(story).status).toBe('Cancelled');
  });

  test('is refused once the visitor is there, and after the end', () => {
    expect(cancel(visitAfter('ArriveAtVisit')).refusal).toBe('not-allowed-in-state');
    expect(cancel(visitAfter('LeaveHome')).refusal).toBe('not-allowed-in-state');
    const site = siteVisitBooked();
    site.give('P', 'CheckInAtSite', of);
    expect(cancel(site).refusal).toBe('not-allowed-in-state');
  });

  const charged = (story: Story): Story => {
    const feePolicy = { freeUntil: at('09:30'), feeCents: 3_000 };
    return happens(story, { type: 'VisitScheduled', data: { visitId, slotId, window, by: 'parent-1', feePolicy } });
  };

  test('is free until the instant that was promised, that one included; later the patient pays, and nobody else', () => {
    const decision = (now: number, role: 'X' | 'K') => {
      const story = charged(visitAfter('HoldSlot'));
      story.now = now;
      return dataOf(cancel(story, role), 'VisitCancelled');
    };
    expect(decision(at('09:30'), 'X')).toMatchObject({ feeDecision: free });
    expect(decision(at('09:30') + 1, 'X')).toMatchObject({ feeDecision: { free: false, feeCents: 3_000 } });
    expect(decision(at('09:30') + 1, 'K')).toMatchObject({ feeDecision: free });
  });

  test('is not made free again by a late move', () => {
    const story = movable(charged(visitAfter('HoldSlot')), { slot: { ...slot, window: { from: at('09:00', 1), to: at('11:00', 1) } } });
    story.now = at('09:40');
    expect(dataOf(story.give('X', 'RescheduleVisit', move), 'VisitRescheduled')).toMatchObject({ feePolicy: { freeUntil: at('09:00') } });
    const early = charged(visitAfter('HoldSlot'));
    early.know({ slot: { ...slot, window: { from: at('09:00', 1), to: at('11:00', 1) } } });
    expect(dataOf(early.give('X', 'RescheduleVisit', move), 'VisitRescheduled')).toMatchObject({ feePolicy: { freeUntil: at('09:00') } });
  });

  test('of the whole journey breaks off what is under way and leaves alone what has ended', () => {
    const given = { actor: { kind: 'person', id: 'parent-1', role: 'X' } as const, reason: 'journeyCancelled', at: at('14:00') };
    expect(visitCancelled(visitId, visitOf(visitAfter('StartVisit')), given)).toEqual([
      { type: 'VisitAborted', data: { visitId, reason: 'patientWithdrew' } },
      { type: 'VisitTaskSkipped', data: { visitId, taskRef: 'vitals', reason: 'aborted' } },
      { type: 'VisitTaskSkipped', data: { visitId, taskRef: 'swab', reason: 'aborted' } },
    ]);
    expect(visitCancelled(visitId, visitOf(visitAfter('LeaveHome')), given)).toEqual([]);
    expect(visitCancelled(visitId, visitOf(visitAfter('BookVisit')), given).map(({ type }) => type)).toEqual([
      'VisitCancelled',
      'SlotReleased',
    ]);
  });
});
