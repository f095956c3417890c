import { AcceptedSchema, ProblemSchema } from '../../api/documentation.ts';
import * as journeys from '../../domain/journey/index.ts';
import { aggregates } from '../../domain/reference/index.ts';
import {
  answers,
  clinician,
  coordinator,
  openRunningApi,
  operations,
  parent,
  payer,
  type RunningApi,
  start,
  startJourney,
} from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await openRunningApi();
});
afterAll(() => api.close());

test('a start is answered with the place of the new journey and its version', async () => {
  const answered = await api.post('/v1/journeys', parent, start);
  const body = answered.json();
  expect(answered.statusCode).toBe(201);
  expect(answered.headers).toMatchObject({ location: `/v1/journeys/${body.journeyId}`, etag: '"v1"', 'cache-control': 'no-store' });
  expect(body).toMatchObject({ revision: 1, events: [{ type: 'JourneyRequested', entityId: body.journeyId }] });
  expect(body.position).toBeGreaterThan(0);
  expect(AcceptedSchema.safeParse(body).error).toBeUndefined();
});

test('a command is answered with the events that it left', async () => {
  const journeyId = await startJourney(api);
  const answered = await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, { method: 'knowledge', identifiersRef: 'ref-1' });
  expect(answered.statusCode).toBe(200);
  expect(answered.headers.etag).toBe('"v3"');
  expect(answered.json().events.map(({ type }) => type)).toEqual(['PatientIdentityVerified', 'ScreeningStarted']);
});

test('a refusal says why and what would make it succeed', async () => {
  const journeyId = await startJourney(api);
  api.know({ identity: { kinds: ['name'], matches: true } });
  const answered = await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, { method: 'knowledge', identifiersRef: 'ref-1' });
  api.know({});
  expect(answered.statusCode).toBe(409);
  expect(answered.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answered.json()).toEqual({
    type: 'urn:caretrail:problem:identifiers-missing',
    title: 'Identifiers missing',
    status: 409,
    code: 'identifiers-missing',
    detail: 'Two different identifiers are needed.',
    remedy: expect.stringContaining('at least two'),
  });
  expect(ProblemSchema.safeParse(answered.json()).error).toBeUndefined();
});

test('a refusal that leaves an event names it', async () => {
  api.know({ start: { onRoster: false } });
  const answered = await api.post('/v1/journeys', parent, start);
  api.know({});
  expect(answered.statusCode).toBe(409);
  expect(answered.json()).toMatchObject({ code: 'employer-unknown', revision: 1, events: [{ type: 'JourneyStartRefused' }] });
});

test('a danger is answered with the emergency text in the same response', async () => {
  const journeyId = await startJourney(api);
  const danger = { version: 2, codedAnswers: { ...answers, troubleBreathing: true }, answersRef: 'ref-1' };
  const answered = await api.post(`/v1/journeys/${journeyId}/submit-questionnaire`, parent, danger);
  expect(answered.statusCode).toBe(200);
  expect(answered.json().emergencyText).toEqual({ textId: 'emergency-general', version: 1, text: expect.stringContaining('Call 911 now') });
  const calm = await api.post(`/v1/journeys/${journeyId}/attest-location`, parent, { state: 'WA', areaKey: '98101', addressRef: 'ref-2' });
  expect(calm.json()).not.toHaveProperty('emergencyText');
});

test('a danger of suicide is answered with the crisis line', async () => {
  const journeyId = await startJourney(api);
  const answered = await api.post(`/v1/journeys/${journeyId}/declare-emergency`, coordinator, { trigger: 'suicide-risk' });
  expect(answered.json().emergencyText).toEqual({ textId: 'crisis-line', version: 1, text: expect.stringContaining('988') });
});

describe('If-Match', () => {
  test('lets a command pass that has read the present version', async () => {
    const journeyId = await startJourney(api);
    const identity = { method: 'knowledge', identifiersRef: 'ref-1' };
    const answered = await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, identity, { 'if-match': '"v1"' });
    expect(answered.statusCode).toBe(200);
  });

  test('refuses one that has not, with the present version and what changed', async () => {
    const journeyId = await startJourney(api);
    const identity = { method: 'knowledge', identifiersRef: 'ref-1' };
    await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, identity);
    const answered = await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, identity, { 'if-match': '"v1"' });
    expect(answered.statusCode).toBe(412);
    expect(answered.headers.etag).toBe('"v3"');
    expect(answered.json()).toMatchObject({
      code: 'stale-version',
      revision: 3,
      changes: [
        { revision: 2, type: 'PatientIdentityVerified' },
        { revision: 3, type: 'ScreeningStarted' },
      ],
    });
  });

  test('is refused in another form', async () => {
    const answered = await api.post('/v1/journeys', parent, start, { 'if-match': 'v1' });
    expect(answered.statusCode).toBe(422);
    expect(answered.json().errors[0]?.field).toBe('if-match');
  });
});

describe('Occurred-At', () => {
  test('says when it happened in the world', async () => {
    const journeyId = await startJourney(api, parent, start);
    const at = new Date((await api.clock.now()) - 60_000).toISOString();
    await api.post(
      `/v1/journeys/${journeyId}/verify-identity`,
      parent,
      { method: 'knowledge', identifiersRef: 'ref-1' },
      { 'occurred-at': at },
    );
    const { events } = (await api.get(`/v1/journeys/${journeyId}/history?after=1`, coordinator)).json();
    expect(events[0]).toMatchObject({ occurredAt: Date.parse(at), recordedAt: await api.clock.now(), source: 'api' });
  });

  test('may not lie in the future', async () => {
    const at = new Date((await api.clock.now()) + 1).toISOString();
    const answered = await api.post('/v1/journeys', parent, start, { 'occurred-at': at });
    expect(answered.statusCode).toBe(422);
    expect(answered.json().code).toBe('occurred-in-future');
  });

  test('is an instant', async () => {
    const answered = await api.post('/v1/journeys', parent, start, { 'occurred-at': 'yesterday' });
    expect(answered.json()).toMatchObject({ status: 422, errors: [{ field: 'occurred-at' }] });
  });
});

describe('roles', () => {
  test('another role is turned away, whatever it asks of', async () => {
    const answered = await api.post('/v1/journeys/none/claim-consult', parent, { consultId: 'c1' });
    expect(answered.statusCode).toBe(403);
    expect(answered.json().code).toBe('not-your-role');
  });

  test('a partner states its facts under its own name', async () => {
    const journeyId = await startJourney(api);
    const located = await api.post(`/v1/journeys/${journeyId}/attest-location`, parent, {
      state: 'WA',
      areaKey: '98101',
      addressRef: 'r1',
    });
    const checkId = located.json().events.find(({ type }) => type === 'EligibilityCheckRequested')?.entityId;
    const answered = await api.post(`/v1/journeys/${journeyId}/record-eligibility`, payer, { checkId, outcome: 'denied' });
    expect(answered.json()).toMatchObject({ events: [{ type: 'EligibilityDenied' }] });
    const { events } = (await api.get(`/v1/journeys/${journeyId}/history`, coordinator)).json();
    expect(events.at(-1)?.actor).toEqual({ kind: 'partner', id: 'payer-1', role: 'A' });
  });

  test.each(['elapse-deadline'])('what only the system does has no route: %s', async (name) => {
    const journeyId = await startJourney(api);
    const answered = await api.post(`/v1/journeys/${journeyId}/${name}`, coordinator, {});
    expect(answered.json().code).toBe('route-unknown');
  });

  test('every other command has exactly one', () => {
    const { paths = {} } = api.app.swagger() as { paths?: Record<string, { post?: { operationId?: string } }> };
    const routed = Object.values(paths).flatMap(({ post }) => post?.operationId ?? []);
    const all = [journeys.commands, ...Object.values(aggregates).map(({ commands }) => commands)];
    const expected = all.flatMap((commands) =>
      Object.entries(commands).flatMap(([name, { roles }]) => (roles.some((r) => r !== 'T') ? [name] : [])),
    );
    expect(routed.toSorted()).toEqual(expected.toSorted());
  });
});

describe('other streams', () => {
  const group = { groupId: 'group-7', state: 'WA', validFrom: 0, validUntil: 4_000_000_000_000 };

  test('take their commands under the plural of their category', async () => {
    const answered = await api.post('/v1/groups/group-7/open-group-contract', operations, group);
    expect(answered.statusCode).toBe(200);
    expect(answered.json()).toMatchObject({ groupId: 'group-7', revision: 1, events: [{ type: 'GroupContractOpened' }] });
  });

  test('do not take what names another stream', async () => {
    const answered = await api.post('/v1/groups/group-8/open-group-contract', operations, group);
    expect(answered.json().code).toBe('entity-unknown');
  });

  test('know the slots of a day as capacities', async () => {
    const slot = { slotId: 'sea_2026-10-06_0900', window: { from: 1, to: 2 }, count: 3 };
    const answered = await api.post('/v1/capacities/sea_2026-10-06/publish-slot-capacity', operations, {
      areaId: 'sea',
      date: '2026-10-06',
      slots: [slot],
    });
    expect(answered.json()).toMatchObject({ capacityId: 'sea_2026-10-06', events: [{ type: 'SlotCapacityPublished' }] });
  });

  test('guard their versions too', async () => {
    const changed = { ...group, validUntil: 4_000_000_000_001 };
    const answered = await api.post('/v1/groups/group-7/open-group-contract', operations, changed, { 'if-match': '"v9"' });
    expect(answered.json()).toMatchObject({ code: 'stale-version', revision: 1, changes: [] });
  });
});

test('a rule that throws is answered as a fault of ours, and changes nothing', async () => {
  const journeyId = await startJourney(api);
  api.know({ identity: null as never });
  const answered = await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, { method: 'knowledge', identifiersRef: 'r1' });
  api.know({});
  expect(answered.statusCode).toBe(500);
  expect(answered.json().code).toBe('internal-error');
  expect(api.defects).toHaveLength(1);
});

test('a clinical act without a licence where the patient is leaves a trace of its refusal', async () => {
  const journeyId = await startJourney(api);
  const answered = await api.post(`/v1/journeys/${journeyId}/record-diagnosis`, clinician, { icd10: 'J02.0', certainty: 'confirmed' });
  expect(answered.statusCode).toBe(409);
  expect(answered.json()).toMatchObject({ code: 'licence-not-valid-here', revision: 2, events: [{ type: 'ClinicalActRefused' }] });
});
