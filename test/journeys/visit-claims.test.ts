import { claimOf } from '../../domain/journey/claims.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import type { Story } from './story.ts';
import { at, of, safe, slot, slotId, visitAfter, visitId, visitOrdered } from './visit-setting.ts';

/** What a command would claim at this point of the story. */
const claim = (story: Story, role: Role, type: string, data: object, who = 'parent-1') =>
  claimOf(story.journey, { type, data, actor: { kind: 'person', id: who, role } }, { at: story.now, facts: { slot } });

const hold = { ...of, slotId };

test('given a slot that may be held, then a hold of ten minutes is claimed on the stream of its area and day', () => {
  expect(claim(visitOrdered(), 'X', 'HoldSlot', hold)).toEqual({
    category: 'capacity',
    id: 'sea-north_2026-10-06',
    type: 'PlaceSlotHold',
    data: { slotId, visitId, expiresAt: at('09:35') },
  });
});

test('given a hold that must be refused, then nothing is claimed', () => {
  expect(claim(visitAfter('HoldSlot'), 'X', 'HoldSlot', hold)).toBeUndefined();
  expect(claim(visitOrdered({ notBefore: at('14:00') }), 'X', 'HoldSlot', hold)).toBeUndefined();
  expect(claim(visitOrdered({ notAfter: at('12:00') }), 'X', 'HoldSlot', hold)).toBeUndefined();
  expect(claim(visitOrdered(), 'X', 'HoldSlot', { ...hold, visitId: 'other' })).toBeUndefined();
  expect(claim(visitOrdered(), 'E', 'HoldSlot', hold)).toBeUndefined();
});

test('given a live hold, when it is booked, then the hold is claimed for a day, so that the booking cannot be overtaken', () => {
  expect(claim(visitAfter('HoldSlot'), 'X', 'BookVisit', of)).toMatchObject({ data: { slotId, visitId, expiresAt: at('09:26', 1) } });
});

test('given a booking that must be refused, then nothing is claimed', () => {
  const lapsed = visitAfter('HoldSlot');
  lapsed.now = at('09:36');
  expect(claim(lapsed, 'X', 'BookVisit', of)).toBeUndefined();
  const unscreened = visitOrdered();
  unscreened.give('X', 'HoldSlot', hold);
  expect(claim(unscreened, 'X', 'BookVisit', of)).toBeUndefined();
});

test('I-8: given the visitor is on the way, when they arrive, then their presence is claimed; for anybody else it is not', () => {
  const arrive = { ...of, placeVerification: 'gps' };
  expect(claim(visitAfter('DepartForVisit'), 'V', 'ArriveAtVisit', arrive, 'visitor-1')).toEqual({
    category: 'visitor',
    id: 'visitor-1',
    type: 'OpenVisitorPresence',
    data: { visitorId: 'visitor-1', visitId },
  });
  expect(claim(visitAfter('DepartForVisit'), 'V', 'ArriveAtVisit', arrive, 'visitor-2')).toBeUndefined();
  expect(claim(visitAfter('ConfirmVisit'), 'V', 'ArriveAtVisit', arrive, 'visitor-1')).toBeUndefined();
});

test('given a command that needs nothing of another stream, or a closed journey, then nothing is claimed', () => {
  expect(claim(visitOrdered(), 'X', 'ScreenHomeSafety', { ...of, answers: safe })).toBeUndefined();
  const { journey } = visitOrdered();
  const closed = { ...journey, closing: { ...journey.closing, closed: { outcome: 'Cancelled' as const, at: at('09:30') } } };
  const command = { type: 'HoldSlot', data: hold, actor: { kind: 'person', id: 'parent-1', role: 'X' } as const };
  expect(claimOf(closed, command, { at: at('09:30'), facts: { slot } })).toBeUndefined();
});
