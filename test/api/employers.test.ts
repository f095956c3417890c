import type { Figure } from '../../projections/access-figures.ts';
import { type Claims, coordinator, openRunningApi, type RunningApi } from './running-api.ts';
import { createSampleViews } from './sample-views.ts';

const figures: readonly Figure[] = [
  { measure: 'enrolled', unit: 'persons', value: 63 },
  { measure: 'personsStarted', unit: 'persons', value: 41 },
  { measure: 'personsWithConsult', unit: 'persons', value: 38 },
  { measure: 'personsEscalated', unit: 'persons', hidden: true },
];
const administrator: Claims = { sub: 'admin-1', role: 'E', tenant: 'employer-1' };

let api: RunningApi;
beforeAll(async () => {
  const views = createSampleViews({ 'employer-1': { employerId: 'employer-1', month: '2026-10', figures, position: 9 } });
  api = await openRunningApi(() => ({ views }));
});
afterAll(() => api.close());

const coordinatorOf = (role: string): Claims => ({ ...coordinator, role });
const path = '/v1/employers/employer-1/access';

test('an employer reads its own figures of a month, each with its definition and the hidden ones marked', async () => {
  const answered = JSON.parse((await api.get(`${path}?month=2026-10`, administrator)).body);
  expect(answered).toMatchObject({ employerId: 'employer-1', month: '2026-10', figures, position: 9 });
  for (const { measure } of figures) expect(answered.definitions[measure]).toMatch(/\.$/);
});

test('another employer’s figures do not exist for it', async () => {
  const answered = await api.get('/v1/employers/employer-2/access?month=2026-10', administrator);
  expect({ status: answered.statusCode, code: answered.json().code }).toEqual({ status: 404, code: 'entity-unknown' });
});

test('operations and auditors read those of any employer, nobody else does', async () => {
  for (const role of ['O', 'L']) expect((await api.get(`${path}?month=2026-10`, { ...coordinator, role })).statusCode).toBe(200);
  for (const role of ['K', 'C', 'P']) expect((await api.get(`${path}?month=2026-10`, { ...coordinator, role })).statusCode).toBe(403);
});

test('without a month the present one of journey time is meant', async () => {
  expect(JSON.parse((await api.get('/v1/employers/employer-2/access', coordinatorOf('O'))).body)).toMatchObject({ month: '2026-10' });
});

test.each(['?month=2026-13', '?month=last'])('refuses the month in "%s"', async (query) => {
  expect((await api.get(`${path}${query}`, administrator)).statusCode).toBe(422);
});

test('the chart is a picture that neither runs nor fetches anything, and gives no hidden number away', async () => {
  for (const scheme of ['light', 'dark']) {
    const drawn = await api.get(`${path}/chart?month=2026-10&scheme=${scheme}`, administrator);
    expect(drawn.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(drawn.body).toMatch(/^<svg [^>]*>/);
    expect(drawn.body).not.toMatch(/<script|href="http|\son\w+=/);
    for (const text of ['Enrolled', '63', '38', 'hidden']) expect(drawn.body).toContain(`>${text}<`);
  }
});
