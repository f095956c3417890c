import { auditor, coordinator, openRunningApi, parent, type RunningApi, start, startJourney } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await openRunningApi();
  for (const employerId of ['employer-1', 'employer-2', 'employer-1'])
    await startJourney(api, { ...parent, tenant: employerId }, { ...start, employerId });
});
afterAll(() => api.close());

interface Page {
  readonly events: readonly { readonly position: number; readonly type: string; readonly data: object }[];
  readonly next: number;
  readonly head: number;
  readonly count: number;
}
const read = async (after: number, limit: number, who = auditor): Promise<Page> =>
  JSON.parse((await api.get(`/v1/events?after=${after}&limit=${limit}`, who)).body);

test('the log is read page by page without a gap, and the count says that it is all', async () => {
  const positions: number[] = [];
  let page = await read(0, 2);
  while (page.events.length > 0) {
    positions.push(...page.events.map(({ position }) => position));
    page = await read(page.next, 2);
  }
  expect(page).toMatchObject({ events: [], next: page.head, count: positions.length });
  expect(positions).toEqual(Array.from({ length: page.head }, (_, i) => i + 1));
});

test('whoever belongs to one tenant sees its events alone, and their count', async () => {
  const { events, next, head, count } = await read(0, 100, { ...auditor, tenant: 'employer-2' });
  expect(events.map(({ type }) => type)).toEqual(['JourneyRequested']);
  expect({ next, count }).toEqual({ next: head, count: 1 });
});

test('is for auditors and operations', async () => {
  expect((await api.get('/v1/events', { ...coordinator, role: 'O' })).statusCode).toBe(200);
  for (const role of ['K', 'A', 'E', 'X']) expect((await api.get('/v1/events', { ...coordinator, role })).statusCode).toBe(403);
});

test('nothing is left behind the end', async () => {
  expect(await read(1_000, 10)).toMatchObject({ events: [], next: 1_000 });
});
