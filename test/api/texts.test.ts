import { type Claims, clinician, coordinator, openRunningApi, parent, type RunningApi, startJourney } from './running-api.ts';

let api: RunningApi;
let journeyId: string;
beforeAll(async () => {
  api = await openRunningApi();
  journeyId = await startJourney(api);
});
afterAll(() => api.close());

const administrator: Claims = { sub: 'admin-1', role: 'E', tenant: 'employer-1' };

test('a text about a journey is kept under the key of its patient', async () => {
  const answered = await api.post(`/v1/journeys/${journeyId}/texts`, clinician, { text: 'Tonsils red.' });
  expect(answered.statusCode).toBe(201);
  expect(Object.keys(answered.json())).toEqual(['reference']);
  await expect(api.vault.get('patient-1', answered.json().reference)).resolves.toBe('Tonsils red.');
});

test('the same request is one text', async () => {
  const key = { 'idempotency-key': 'one-text-only' };
  const first = await api.post(`/v1/journeys/${journeyId}/texts`, parent, { text: 'It hurts.' }, key);
  const again = await api.post(`/v1/journeys/${journeyId}/texts`, parent, { text: 'It hurts.' }, key);
  expect(again.body).toBe(first.body);
  const other = await api.post(`/v1/journeys/${journeyId}/texts`, parent, { text: 'It hurts more.' }, key);
  expect(other.json().code).toBe('idempotency-key-reused');
});

test('a registration is kept under the key of the person', async () => {
  const answered = await api.post('/v1/patients/patient-1/texts', parent, { text: '{"name":"A"}' });
  await expect(api.vault.get('patient-1', answered.json().reference)).resolves.toBe('{"name":"A"}');
  expect((await api.post('/v1/patients/patient-9/texts', coordinator, { text: 'x' })).statusCode).toBe(201);
  expect((await api.post('/v1/patients/patient-9/texts', parent, { text: 'x' })).statusCode).toBe(404);
});

test('a roster, which may be long, is kept under the key of the employer', async () => {
  const text = 'row\n'.repeat(100_000);
  const answered = await api.post('/v1/employers/employer-1/texts', administrator, { text });
  await expect(api.vault.get('employer-1', answered.json().reference)).resolves.toBe(text);
  expect((await api.post('/v1/employers/employer-2/texts', administrator, { text })).statusCode).toBe(404);
  expect((await api.post('/v1/employers/employer-1/texts', parent, { text })).statusCode).toBe(403);
});

test.each<[string, Claims]>([
  ['an auditor', { sub: 'auditor-1', role: 'L', tenant: '*' }],
  ['an employer administrator', administrator],
])('%s writes nothing about a patient', async (_who, writer) => {
  expect((await api.post(`/v1/journeys/${journeyId}/texts`, writer, { text: 'x' })).statusCode).toBe(403);
  expect((await api.post('/v1/patients/patient-1/texts', writer, { text: 'x' })).statusCode).toBe(403);
});

test('after the key was destroyed nothing more is kept', async () => {
  await api.vault.destroyKey('patient-8');
  const answered = await api.post('/v1/patients/patient-8/texts', coordinator, { text: 'x' });
  expect(answered.statusCode).toBe(409);
  expect(answered.json().code).toBe('key-destroyed');
});
