import { system } from '../../domain/kernel/actor.ts';
import { coordinator, openRunningApi, parent, type RunningApi, startJourney } from './running-api.ts';

let api: RunningApi;
let journeyId: string;
const until = 14 * 86_400_000;

beforeAll(async () => {
  api = await openRunningApi();
  journeyId = await startJourney(api);
  await api.post(`/v1/journeys/${journeyId}/verify-identity`, parent, { method: 'knowledge', identifiersRef: 'r' });
  await api.post(`/v1/journeys/${journeyId}/verify-proxy`, coordinator, { proxyId: 'parent-1', kind: 'parent' });
  const now = await api.clock.now();
  const data = {
    conversationId: 'talk-1',
    journeyId,
    employerId: 'employer-1',
    patientId: 'patient-1',
    postableFrom: now,
    postableUntil: now + until,
  };
  await api.parts.executeOn('conversation', 'talk-1', { id: 'open-1', type: 'OpenConversation', data, actor: system, source: 'owed' });
});
afterAll(() => api.close());

async function post(messageId: string, text: string, who = parent) {
  const stored = await api.post(`/v1/journeys/${journeyId}/texts`, parent, { text });
  return api.post('/v1/conversations/talk-1/post-message', who, { messageId, bodyRef: stored.json().reference });
}

test('a message is taken', async () => {
  const answered = await post('m1', 'She feels better today.');
  expect(answered.statusCode).toBe(200);
  expect(answered.json()).toMatchObject({ conversationId: 'talk-1', events: [{ type: 'PatientMessagePosted', entityId: 'm1' }] });
  expect(answered.json()).not.toHaveProperty('emergencyText');
});

test('a message that tells of danger is answered with the emergency text', async () => {
  const answered = await post('m2', 'She can’t breathe and is turning blue.');
  expect(answered.json()).toMatchObject({
    events: [{ type: 'PatientMessagePosted' }, { type: 'MessageRedFlagDetected' }],
    emergencyText: { textId: 'emergency-general', text: expect.stringContaining('911') },
  });
});

test('a message that speaks of self-harm is answered with the crisis line', async () => {
  const answered = await post('m4', 'I want to die.');
  expect(answered.json()).toMatchObject({ emergencyText: { textId: 'crisis-line', text: expect.stringContaining('988') } });
});

test('somebody else’s conversation does not exist', async () => {
  const stranger = { ...parent, sub: 'parent-2', patients: ['patient-2'] };
  const message = { messageId: 'm9', bodyRef: 'r' };
  const theirs = await api.post('/v1/conversations/talk-1/post-message', stranger, message);
  const nobodys = await api.post('/v1/conversations/talk-9/post-message', stranger, message);
  expect(theirs.statusCode).toBe(404);
  expect(theirs.body).toBe(nobodys.body);
});

test('at the end of the window a message is refused, with the emergency text', async () => {
  await api.clock.set({ advance: until });
  const answered = await post('m3', 'One more question.');
  expect(answered.statusCode).toBe(409);
  expect(answered.json()).toMatchObject({
    code: 'window-expired',
    events: [{ type: 'PatientMessageRefused', entityId: 'm3' }],
    emergencyText: { textId: 'emergency-general', version: 1 },
  });
});
