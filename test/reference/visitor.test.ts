import { aggregates } from '../../domain/reference/index.ts';
import { decideOn, type Given, noon, person } from './scenario.ts';

const shift = { visitorId: 'v1', areaId: 'sea-north', skills: ['swab'], states: ['WA'], supplies: ['strep-test'], at: noon };
const on = (history: readonly Given[], type: string, data: object, actor = person('D')) =>
  decideOn(aggregates.visitor, history, type, data, { actor });

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
});
