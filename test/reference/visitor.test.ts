import { minute } from '../../domain/kernel/time.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { decideOn, type Given, noon, person } from './scenario.ts';

const shift = { visitorId: 'v1', areaId: 'sea-north', skills: ['swab'], states: ['WA'], supplies: ['strep-test'], at: noon };
const on = (history: readonly Given[], type: string, data: object, actor = person('D'), now = noon) =>
  decideOn(aggregates.visitor, history, type, data, { actor, now });

describe('a visitor', () => {
  const opened = on([], 'OpenVisitorShift', shift);
  const here = on(opened.history, 'OpenVisitorPresence', { visitorId: 'v1', visitId: 'visit-1' });

  test('opens one shift at a time and closes it', () => {
    expect(opened.types).toEqual(['VisitorShiftOpened']);
    expect(on(opened.history, 'OpenVisitorShift', shift).refusal).toBe('not-allowed-in-state');
    const closed = on(opened.history, 'CloseVisitorShift', { visitorId: 'v1', at: noon });
    expect(closed.types).toEqual(['VisitorShiftClosed']);
    expect(on(closed.history, 'CloseVisitorShift', { visitorId: 'v1', at: noon }).refusal).toBe('not-allowed-in-state');
    expect(on(closed.history, 'OpenVisitorShift', shift).types).toEqual(['VisitorShiftOpened']);
  });

  test('opens and closes nobody else’s shift', () => {
    const other = person('V', 'v2');
    expect(on([], 'OpenVisitorShift', shift, other).refusal).toBe('not-your-role');
    expect(on(opened.history, 'CloseVisitorShift', { visitorId: 'v1', at: noon }, other).refusal).toBe('not-your-role');
    expect(on([], 'OpenVisitorShift', shift, person('V', 'v1')).types).toEqual(['VisitorShiftOpened']);
  });

  test('is in at most one home (I-8)', () => {
    expect(here.types).toEqual(['VisitorPresenceOpened']);
    expect(on(here.history, 'OpenVisitorPresence', { visitorId: 'v1', visitId: 'visit-2' }).refusal).toBe('visitor-elsewhere');
    expect(on(here.history, 'OpenVisitorPresence', { visitorId: 'v1', visitId: 'visit-1' })).toMatchObject({ types: [] });
  });

  test('may go to the next home after leaving, and leaves only where the visitor is', () => {
    expect(on(here.history, 'CloseVisitorPresence', { visitorId: 'v1', visitId: 'visit-2' })).toMatchObject({ types: [] });
    const left = on(here.history, 'CloseVisitorPresence', { visitorId: 'v1', visitId: 'visit-1' });
    expect(left.types).toEqual(['VisitorPresenceClosed']);
    expect(on(left.history, 'OpenVisitorPresence', { visitorId: 'v1', visitId: 'visit-2' }).types).toEqual(['VisitorPresenceOpened']);
  });

  const claim = (history: readonly Given[], visitId: string, { now = noon, confirms = false } = {}) =>
    on(history, 'OpenVisitorPresence', { visitorId: 'v1', visitId, ...(confirms && { confirms }) }, person('D'), now);

  test('whose arrival is never recorded is free again after 15 minutes', () => {
    expect(here.data).toMatchObject([{ expiresAt: noon + 15 * minute }]);
    expect(claim(here.history, 'visit-2', { now: noon + 15 * minute - 1 }).refusal).toBe('visitor-elsewhere');
    expect(claim(here.history, 'visit-2', { now: noon + 15 * minute }).types).toEqual(['VisitorPresenceOpened']);
    expect(claim(here.history, 'visit-1', { now: noon + 15 * minute }).types).toEqual(['VisitorPresenceOpened']);
  });

  test('whose arrival was recorded stays until the visitor leaves', () => {
    const confirmed = claim(here.history, 'visit-1', { confirms: true });
    expect(confirmed.data).toEqual([{ visitorId: 'v1', visitId: 'visit-1', at: noon }]);
    expect(claim(confirmed.history, 'visit-2', { now: noon + 60 * minute }).refusal).toBe('visitor-elsewhere');
    expect(claim(confirmed.history, 'visit-1', { confirms: true }).types).toEqual([]);
    const late = claim(here.history, 'visit-1', { confirms: true, now: noon + 20 * minute });
    expect(claim(late.history, 'visit-2', { now: noon + 60 * minute }).refusal).toBe('visitor-elsewhere');
  });

  test('is not put back into a home by a confirmation that comes late or again', () => {
    const left = on(here.history, 'CloseVisitorPresence', { visitorId: 'v1', visitId: 'visit-1' });
    expect(claim(left.history, 'visit-1', { confirms: true })).toMatchObject({ types: [] });
    const next = claim(left.history, 'visit-2');
    expect(claim(next.history, 'visit-1', { confirms: true }).refusal).toBe('visitor-elsewhere');
  });
});
