import { randomUUID } from 'node:crypto';
import { HistorySchema, JourneySchema, TimelineSchema } from '../../api/routes/journeys.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { answers, auditor, coordinator, openRunningApi, parent, type RunningApi, startJourney } from './running-api.ts';

let api: RunningApi;
let journeyId: string;
const minute = 60_000;
const iso = (at: number) => new Date(at).toISOString();

/** Asked for at 0, identified at 10 minutes, which is recorded at 30. */
beforeAll(async () => {
  api = await openRunningApi();
  journeyId = await startJourney(api);
  await api.clock.set({ at: firstDay + 30 * minute });
  const identity = { method: 'knowledge', identifiersRef: 'ref-1' };
  await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, identity, { 'occurred-at': iso(firstDay + 10 * minute) });
});
afterAll(() => api.close());

const read = (query = '', who = coordinator) => api.get(`/v1/journeys/${journeyId}${query}`, who);

test('a journey is read as it is', async () => {
  const answered = await read();
  expect(answered.statusCode).toBe(200);
  expect(answered.headers.etag).toBe('"v3"');
  expect(answered.json()).toMatchObject({
    journeyId,
    now: firstDay + 30 * minute,
    revision: 3,
    superState: 'Screening',
    overlays: [],
    patientId: 'patient-1',
    template: { templateId: 'sore-throat', version: 3 },
    requestedAt: firstDay,
    owner: { role: 'K' },
    children: [],
    deadlines: expect.arrayContaining([{ name: 'intake.abandon', entityId: 'intake', dueAt: firstDay + 24 * 60 * minute }]),
  });
  expect(answered.json().waitingOn).toContainEqual({ who: 'X', forWhat: 'questionnaire', entityId: 'intake' });
});

test('as of an instant of the world, also for what was recorded later', async () => {
  expect((await read(`?asOf=${iso(firstDay + 9 * minute)}`)).json()).toMatchObject({ superState: 'Requested', revision: 1 });
  expect((await read(`?asOf=${iso(firstDay + 10 * minute)}`)).json()).toMatchObject({ superState: 'Screening', revision: 3 });
});

test('as it was known at an instant', async () => {
  expect((await read(`?knownAt=${iso(firstDay + 29 * minute)}`)).json()).toMatchObject({ superState: 'Requested' });
  expect((await read(`?knownAt=${iso(firstDay + 30 * minute)}`)).json()).toMatchObject({ superState: 'Screening' });
});

test('both at once: what was known of an instant', async () => {
  const both = (asOf: number, knownAt: number) =>
    read(`?asOf=${iso(firstDay + asOf * minute)}&knownAt=${iso(firstDay + knownAt * minute)}`);
  expect((await both(20, 20)).json().superState).toBe('Requested');
  expect((await both(20, 40)).json().superState).toBe('Screening');
});

test('what is answered is what the documentation says', async () => {
  expect(JourneySchema.safeParse((await read()).json()).error).toBeUndefined();
  expect(HistorySchema.safeParse((await read('/history?limit=2')).json()).error).toBeUndefined();
});

test('the past guards nothing', async () => {
  expect((await read(`?asOf=${iso(firstDay)}`)).headers).not.toHaveProperty('etag');
});

test('before its first event there was no such journey', async () => {
  expect((await read(`?asOf=${iso(firstDay - 1)}`)).statusCode).toBe(404);
});

test('an instant has a zone', async () => {
  expect((await read('?asOf=2026-10-06T09:00:00')).statusCode).toBe(422);
});

test('the history is read in pages', async () => {
  const first = (await read('/history?limit=2')).json();
  expect(first.events.map(({ version }) => version)).toEqual([1, 2]);
  const second = (await read(`/history?limit=2&after=${first.next}`)).json();
  expect(second.events).toMatchObject([{ version: 3, type: 'ScreeningStarted' }]);
  expect(second).not.toHaveProperty('next');
  expect((await read('/history?after=3')).json().events).toEqual([]);
});

test('an event comes with its envelope', async () => {
  const { events } = (await read('/history', auditor)).json();
  expect(events[1]).toMatchObject({
    type: 'PatientIdentityVerified',
    version: 2,
    entityId: journeyId,
    occurredAt: firstDay + 10 * minute,
    recordedAt: firstDay + 30 * minute,
    actor: { kind: 'person', id: 'parent-1', role: 'X' },
    commandType: 'VerifyIdentity',
    correlationId: journeyId,
    templateVersion: 'sore-throat@3',
    source: 'api',
    data: { method: 'knowledge' },
  });
  expect(events[1]?.position).toBeGreaterThan(1);
});

test('a patient never sees what keeps the visitor safe', async () => {
  const hidden = await startJourney(api);
  const stream = `journey-${hidden}`;
  const [requested] = await api.parts.reader.readStream({ tenant: '*', patients: '*' }, stream);
  if (!requested) throw new Error('nothing was recorded');
  const { version: _version, position: _position, stream: _stream, ...envelope } = requested;
  const add = (type: string, commandType: string, data: object) => ({
    ...envelope,
    id: randomUUID(),
    commandId: randomUUID(),
    type,
    commandType,
    data,
  });
  const rung = { escalationId: 'e1', ladder: 'duress', rung: 1, recipientRole: 'S', channel: 'call' };
  await api.store.append(
    stream,
    [
      add('EscalationRaised', 'SignalDuress', rung),
      add('SlaBreached', 'ElapseDeadline', { clock: 'loneworker.rung', entityId: 'v1', dueAt: 1 }),
      add('SlaBreached', 'ElapseDeadline', { clock: 'visit.book', entityId: 'v1', dueAt: 1 }),
    ],
    'any',
  );
  const types = async (who: typeof parent) =>
    (await api.get(`/v1/journeys/${hidden}/history`, who)).json().events.map(({ type, data }) => data.clock ?? type);
  expect(await types(parent)).toEqual(['JourneyRequested', 'visit.book']);
  expect(await types(coordinator)).toEqual(['JourneyRequested', 'EscalationRaised', 'loneworker.rung', 'visit.book']);
  const seen = await api.get(`/v1/journeys/${hidden}`, parent);
  expect(seen.json()).toMatchObject({ revision: 4, superState: 'Requested' });
  expect(seen.body).not.toContain('duress');
});

test('an emergency lies over the state without hiding it', async () => {
  const urgent = await startJourney(api);
  const danger = { version: 2, codedAnswers: { ...answers, drooling: true }, answersRef: 'ref-1' };
  await api.post(`/v1/journeys/${urgent}/submit-questionnaire`, parent, danger);
  const journey = (await api.get(`/v1/journeys/${urgent}`, coordinator)).json();
  expect(journey).toMatchObject({ superState: 'Requested', overlays: ['Emergency'], owner: { role: 'C' } });
  expect(journey.deadlines).toContainEqual(expect.objectContaining({ name: 'emergency.call' }));
});

describe('the timeline', () => {
  test('says of each event where it led', async () => {
    const journeyId = await startJourney(api);
    const { transitions } = TimelineSchema.parse(JSON.parse((await api.get(`/v1/journeys/${journeyId}/timeline`, coordinator)).body));
    expect(transitions).toEqual([
      expect.objectContaining({ revision: 1, type: 'JourneyRequested', command: 'StartJourney', superState: 'Requested', overlays: [] }),
    ]);
    expect((await api.get('/v1/journeys/none/timeline', coordinator)).statusCode).toBe(404);
  });
});
