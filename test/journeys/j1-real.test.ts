import { firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { call, drive, type HistoryEvent } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { viewDifferences } from '../parts/view-differences.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem('j1-real', firstPlay);
}, 120_000);
afterAll(() => system?.stop(), 60_000);

const notices = ['NoticeSent', 'NoticeDelivered', 'NoticeFailed'];

test('J-1 runs event for event through the API, each step at its instant, and every partner did each thing once', async () => {
  const steps = j1(castOf(system.family, firstPlay));
  const history: HistoryEvent[] = [];
  const onEvent = (event: HistoryEvent): void => void history.push(event);
  const journeyId = await drive({ system, texts: textsOf(system.family.child), name: 'j1-test-run', onEvent }, steps);

  const own = history.filter(({ type }) => !notices.includes(type));
  expect(own.map(({ type }) => type)).toEqual(steps.flatMap(({ events }) => events));
  const expectedTimes = steps.flatMap(({ at, events }) => events.map((type) => ({ type, at: new Date(at).toISOString() })));
  expect(own.map(({ type, occurredAt }) => ({ type, at: new Date(occurredAt).toISOString() }))).toEqual(expectedTimes);
  expect(history.map(({ version }) => version)).toEqual(history.map((_, i) => i + 1));

  const journey = await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}`, role: 'L' });
  expect(journey).toMatchObject({ superState: 'Closed', outcome: 'Resolved' });
  const then = await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}?asOf=2026-10-06T21:00:00.000Z`, role: 'L' });
  expect(then).toMatchObject({ superState: 'InCare' });
  expect(await viewDifferences(system.database)).toEqual({});
}, 180_000);
