import { type Claims, coordinator, openRunningApi, operations, parent, type RunningApi, start, startJourney } from './running-api.ts';

let api: RunningApi;
let journeyId: string;
beforeAll(async () => {
  api = await openRunningApi();
  journeyId = await startJourney(api);
});
afterAll(() => api.close());

const unknown = 'b6d0c7b2-0000-8000-8000-000000000000';
const strangers: readonly [string, Claims][] = [
  ['a proxy of another child', { ...parent, sub: 'parent-2', patients: ['patient-2'] }],
  ['a patient', { sub: 'patient-2', role: 'P', tenant: 'employer-1', patients: ['patient-2'] }],
  ['a proxy of nobody', { sub: 'parent-3', role: 'X', tenant: 'employer-1', patients: [] }],
  ['the same proxy at another employer', { ...parent, tenant: 'employer-2' }],
  ['staff of another employer', { ...coordinator, tenant: 'employer-2' }],
];

describe.each(strangers)('for %s a journey that is not theirs is one that does not exist', (_who, stranger) => {
  const identity = { method: 'knowledge', identifiersRef: 'ref-1' };
  test.each([
    ['reading', (id: string) => api.get(`/v1/journeys/${id}`, stranger)],
    ['reading its history', (id: string) => api.get(`/v1/journeys/${id}/history`, stranger)],
    ['a command', (id: string) => api.post(`/v1/journeys/${id}/verify-identity`, stranger, identity)],
    ['a command on a version', (id: string) => api.post(`/v1/journeys/${id}/verify-identity`, stranger, identity, { 'if-match': '"v1"' })],
    ['a text', (id: string) => api.post(`/v1/journeys/${id}/texts`, stranger, { text: 'x' })],
  ])('%s', async (_what, ask) => {
    const [theirs, nobodys] = [await ask(journeyId), await ask(unknown)];
    expect(theirs.statusCode).toBe(404);
    expect(theirs.body).toBe(nobodys.body);
    const told = ({ headers }: typeof theirs) => Object.keys(headers).toSorted();
    expect(told(theirs)).toEqual(told(nobodys));
  });

  test('also under a key that was used before', async () => {
    const ask = (id: string, method: string, key: string) =>
      api.post(`/v1/journeys/${id}/verify-identity`, stranger, { method, identifiersRef: 'r' }, { 'idempotency-key': key });
    for (const method of ['knowledge', 'knowledge', 'photo']) {
      const [theirs, nobodys] = [await ask(journeyId, method, 'stranger-key-1'), await ask(unknown, method, 'stranger-key-2')];
      expect(theirs.body).toBe(nobodys.body);
    }
  });
});

test('a proxy who is none of this journey gets the same answer from the domain', async () => {
  const other: Claims = { ...parent, sub: 'parent-9' };
  const identity = { method: 'knowledge', identifiersRef: 'ref-1' };
  const theirs = await api.post(`/v1/journeys/${journeyId}/verify-identity`, other, identity, { 'idempotency-key': 'domain-key' });
  const nobodys = await api.post(`/v1/journeys/${unknown}/verify-identity`, other, identity, { 'idempotency-key': 'domain-key' });
  const again = await api.post(`/v1/journeys/${journeyId}/verify-identity`, other, identity, { 'idempotency-key': 'domain-key' });
  expect(theirs.statusCode).toBe(404);
  expect(theirs.body).toBe(nobodys.body);
  expect(again.body).toBe(nobodys.body);
  expect(again.headers).not.toHaveProperty('idempotent-replayed');
});

test('a right that has ended ends for answers that are kept, too', async () => {
  const identity = { method: 'knowledge', identifiersRef: 'ref-1' };
  const url = `/v1/journeys/${await startJourney(api)}/verify-identity`;
  await api.post(url, parent, identity, { 'idempotency-key': 'ended-right' });
  const answered = await api.post(url, { ...parent, patients: [] }, identity, { 'idempotency-key': 'ended-right' });
  expect(answered.statusCode).toBe(404);
});

test.each<[string, Claims]>([
  ['for a patient of somebody else', { ...parent, patients: ['patient-2'] }],
  ['for another employer', { ...coordinator, tenant: 'employer-2' }],
])('nobody starts a journey %s', async (_what, stranger) => {
  const answered = await api.post('/v1/journeys', stranger, start);
  expect(answered.statusCode).toBe(404);
  expect(answered.json().code).toBe('entity-unknown');
});

test.each<[string, Claims]>([
  ['an employer administrator', { sub: 'admin-1', role: 'E', tenant: 'employer-1' }],
  ['a partner', { sub: 'payer-1', role: 'A', tenant: '*' }],
  ['a rule owner', { sub: 'owner-1', role: 'W', tenant: '*' }],
])('%s reads no journey', async (_who, reader) => {
  for (const id of [journeyId, unknown]) expect((await api.get(`/v1/journeys/${id}`, reader)).statusCode).toBe(403);
});

test('staff of the same employer do', async () => {
  expect((await api.get(`/v1/journeys/${journeyId}`, { ...coordinator, tenant: 'employer-1' })).statusCode).toBe(200);
});

describe('an employer', () => {
  const administrator: Claims = { sub: 'admin-1', role: 'E', tenant: 'employer-1' };
  const roster = (employerId: string) => ({ employerId, fileRef: 'file-1' });

  test('imports its own roster', async () => {
    const answered = await api.post('/v1/employers/employer-1/import-roster', administrator, roster('employer-1'));
    expect(answered.json()).not.toMatchObject({ code: 'entity-unknown' });
  });

  test('and nobody else’s', async () => {
    const answered = await api.post('/v1/employers/employer-2/import-roster', administrator, roster('employer-2'));
    expect(answered.statusCode).toBe(404);
  });

  test('has staff that change nothing of the service’s own', async () => {
    const group = { groupId: 'group-1', state: 'WA', validFrom: 0, validUntil: 1 };
    const answered = await api.post('/v1/groups/group-1/open-group-contract', { ...operations, tenant: 'employer-1' }, group);
    expect(answered.statusCode).toBe(404);
  });
});

describe('a patient', () => {
  test('registers for nobody else', async () => {
    const answered = await api.post('/v1/patients/patient-2/register-patient', parent, { patientId: 'patient-2', vaultRef: 'r' });
    expect(answered.statusCode).toBe(404);
  });

  test('registers', async () => {
    const answered = await api.post('/v1/patients/patient-1/register-patient', parent, { patientId: 'patient-1', vaultRef: 'r' });
    expect(answered.json()).toMatchObject({ patientId: 'patient-1', events: [{ type: 'PatientRegistered' }] });
  });
});
