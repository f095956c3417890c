import { minute } from '../../domain/kernel/time.ts';
import { owedBy } from '../../domain/owed.ts';
import { noon, person } from '../reference/scenario.ts';
import { createWorld, type World } from '../reference/world.ts';

const slaSet = { clocks: {}, schedules: {}, tasks: {}, notices: [], checkInDays: [] };
const thread = { conversationId: 'c1', journeyId: 'j1', employerId: 'e1', patientId: 'p1', postableFrom: noon };
const patient = person('P', 'p1');
const parent = person('X', 'x1');

async function setUp(proxy: object = {}): Promise<World> {
  const world = createWorld();
  await world.write('journey-j1', 'JourneyRequested', { patientId: 'p1', employerId: 'e1', slaSet });
  await world.write('journey-j1', 'ProxyAuthorityVerified', { proxyId: 'x1', kind: 'parent', ...proxy });
  await world.give('conversation', 'c1', 'OpenConversation', thread);
  return world;
}

async function post(world: World, actor: typeof patient, body: string, id = 'm1', to = 'c1') {
  const bodyRef = await world.vault.put('p1', 'conversation-c1', body);
  return world.give('conversation', to, 'PostMessage', { messageId: id, bodyRef }, { actor, id: `post-${id}` });
}

describe('a message on its way to the conversation', () => {
  test('is kept with a commitment to its text, under the journey’s employer and patient', async () => {
    const world = await setUp();
    expect(await post(world, patient, 'Thank you')).toMatchObject({ accepted: true });
    const [opened, posted] = await world.read('conversation-c1');
    expect(opened).toMatchObject({ tenant: 'e1', patient: 'p1', correlationId: 'j1' });
    expect(posted).toMatchObject({ tenant: 'e1', patient: 'p1', correlationId: 'j1', entityId: 'm1' });
    expect(posted?.data).toMatchObject({ commitment: expect.stringMatching(/^[0-9a-f]{64}$/), basis: { facts: { 'journey-j1': 2 } } });
    expect(JSON.stringify(posted)).not.toContain('Thank you');
  });

  test('may come from a clinician, by role', async () => {
    const world = await setUp();
    expect(await post(world, person('C', 'd1'), 'How is the fever?')).toMatchObject({ accepted: true });
    expect((await world.read('conversation-c1'))[1]).toMatchObject({ type: 'ClinicianMessagePosted', data: { clinicianId: 'd1' } });
  });

  test('owes the journey its turn', async () => {
    const world = await setUp();
    await post(world, parent, 'Is the fever normal?');
    const [, posted] = await world.read('conversation-c1');
    const owed = posted ? owedBy(posted) : [];
    expect(owed).toMatchObject([
      { target: { category: 'journey', id: 'j1' }, command: { type: 'NoteConversationTurn', data: { turn: 'patient', revision: 2 } } },
    ]);
  });

  test('is screened: a danger stands beside it, also when it is refused', async () => {
    const world = await setUp();
    await world.give('conversation', 'c1', 'SetConversationWindow', {
      conversationId: 'c1',
      postableFrom: noon,
      postableUntil: noon + minute,
    });
    world.time.now = noon + minute;
    const answer = await post(world, patient, 'I feel chest tightness');
    expect(answer).toMatchObject({ accepted: false, code: 'window-expired', remedy: expect.stringContaining('911') });
    expect(answer.events.map(({ type }) => type)).toEqual(['PatientMessageRefused', 'MessageRedFlagDetected']);
    expect(await post(world, patient, 'I feel chest tightness')).toEqual(answer);
  });

  test('from a stranger, a stranger’s proxy or a proxy whose authority has ended finds no conversation', async () => {
    const world = await setUp({ until: noon });
    const strangers = [person('P', 'p2'), person('X', 'x2'), parent];
    const answers = await Promise.all(strangers.map((actor, i) => post(world, actor, 'Hello', `m${i}`)));
    expect(answers.map((answer) => !answer.accepted && answer.code)).toEqual(['entity-unknown', 'entity-unknown', 'entity-unknown']);
  });

  test('to a conversation that was never opened, or without a text, is refused', async () => {
    const world = await setUp();
    expect(await post(world, patient, 'Hello', 'm1', 'c9')).toMatchObject({ code: 'entity-unknown' });
    await world.vault.destroyKey('p1');
    expect(await world.give('conversation', 'c1', 'PostMessage', { messageId: 'm2', bodyRef: 'ref-1' }, { actor: patient })).toMatchObject({
      code: 'entity-unknown',
    });
  });
});
