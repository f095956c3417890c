import { createReferences } from '../../activities/references.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import { person } from './scenario.ts';
import { contract, createWorld, type World } from './world.ts';

const officer = person('O');
const slot = { slotId: 'sea_2026-10-06_1300', window: { from: 1_800_000_000_000, to: 1_800_000_600_000 }, count: 3 };
const published = { areaId: 'sea', date: '2026-10-06', slots: [slot] };
const hold = (visitId: string) => ({ slotId: slot.slotId, visitId, expiresAt: 1_800_000_000_000 });

describe('a command on a stream', () => {
  test('is answered with what it left, and the envelope says whose data it is', async () => {
    const world = createWorld();
    const answer = await world.give('employer', 'e1', 'OpenEmployerContract', contract, { actor: officer, id: 'x1' });
    const [event] = await world.read('employer-e1');
    expect(answer).toEqual({
      accepted: true,
      revision: 1,
      position: 1,
      events: [{ id: event?.id, type: 'EmployerContractOpened', entityId: 'k1' }],
    });
    expect(event).toMatchObject({
      tenant: 'e1',
      patient: '',
      commandId: 'x1',
      causationId: 'x1',
      correlationId: 'x1',
      recordedAt: world.time.now,
      source: 'api',
    });
  });

  test('brings the recorded answer back when it is repeated, in another process too', async () => {
    const store = memoryEventStore();
    const give = () => createWorld(store).give('employer', 'e1', 'OpenEmployerContract', contract, { actor: officer, id: 'x1' });
    const first = await give();
    expect(await give()).toEqual(first);
    expect(await store.head()).toBe(1);
  });

  test('is refused with a text and what would make it succeed', async () => {
    const world = createWorld();
    await world.give('employer', 'e1', 'OpenEmployerContract', contract, { actor: officer });
    const again = await world.give('employer', 'e1', 'OpenEmployerContract', contract, { actor: officer });
    expect(again).toMatchObject({ accepted: false, code: 'not-allowed-in-state', revision: 1, events: [] });
    expect(again).toHaveProperty('text');
    expect(again).toHaveProperty('remedy');
  });

  test.each([
    ['not-your-role', 'employer', 'e1', 'OpenEmployerContract', contract, { actor: person('E') }],
    ['entity-unknown', 'employer', 'e2', 'OpenEmployerContract', contract, { actor: officer }],
    ['input-invalid', 'employer', 'e1', 'OpenEmployerContract', { ...contract, more: 1 }, { actor: officer }],
    ['command-unknown', 'employer', 'e1', 'OpenGroupContract', contract, { actor: officer }],
    ['command-unknown', 'employer', 'e1', 'toString', contract, { actor: officer }],
    ['command-unknown', 'unheard-of', 'e1', 'OpenEmployerContract', contract, { actor: officer }],
    ['stale-version', 'employer', 'e1', 'OpenEmployerContract', contract, { actor: officer, expectedRevision: 3 }],
    ['occurred-in-future', 'employer', 'e1', 'OpenEmployerContract', contract, { actor: officer, occurredAt: 8e15 }],
  ])('is refused as %s', async (code, category, id, type, data, more) => {
    const world = createWorld();
    expect(await world.give(category, id, type, data, more)).toMatchObject({ accepted: false, code });
    expect(await world.store.head()).toBe(0);
  });

  test('of our own is never in the future, however far two clocks are apart', async () => {
    const world = createWorld();
    await world.give('visitor', 'v1', 'OpenVisitorPresence', { visitorId: 'v1', visitId: 'a' }, { occurredAt: world.time.now + 5 });
    expect((await world.read('visitor-v1'))[0]?.occurredAt).toBe(world.time.now);
  });

  test('whose rule throws is answered and told, and changes nothing', async () => {
    const world = createWorld();
    await world.write('area-sea', 'ServiceAreaOpened', { areaId: 'sea', version: 1, on: 0 });
    const opening = { areaId: 'sea', postalCodes: ['98101'], modalities: ['home'], on: 0 };
    const answer = await world.give('area', 'sea', 'OpenServiceArea', opening, { actor: officer, id: 'x1' });
    expect(answer).toMatchObject({ accepted: false, code: 'internal-error' });
    expect(world.defects).toMatchObject([{ stream: 'area-sea', commandId: 'x1' }]);
    expect(await world.store.head()).toBe(1);
  });
});

describe('claims on one slot', () => {
  test('of many at once are granted as far as there is room, on two processes', async () => {
    const store = memoryEventStore();
    const worlds = [createWorld(store), createWorld(store)] as const;
    await worlds[0].give('capacity', 'sea_2026-10-06', 'PublishSlotCapacity', published, { actor: officer });
    const visits = Array.from({ length: 16 }, (_, i) => `visit-${i}`);
    const answers = await Promise.all(
      visits.map((visitId, i) =>
        worlds[i % 2 ? 1 : 0].give('capacity', 'sea_2026-10-06', 'PlaceSlotHold', hold(visitId), { id: `claim-${visitId}` }),
      ),
    );
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(3);
    expect(answers.filter((answer) => !answer.accepted && answer.code === 'slot-taken')).toHaveLength(13);
    expect(await store.head()).toBe(4);
  });

  test('given twice at once under one id are recorded once', async () => {
    const store = memoryEventStore();
    const worlds = [createWorld(store), createWorld(store)] as const;
    await worlds[0].give('capacity', 'sea_2026-10-06', 'PublishSlotCapacity', published, { actor: officer });
    const claim = (world: (typeof worlds)[0]) =>
      world.give('capacity', 'sea_2026-10-06', 'PlaceSlotHold', hold('visit-1'), { id: 'claim-1' });
    const [first, second] = await Promise.all([claim(worlds[0]), claim(worlds[1])]);
    expect(first).toEqual(second);
    expect(await store.head()).toBe(2);
  });

  test('answers with what another process has recorded for it meanwhile', async () => {
    const store = memoryEventStore();
    const other = createWorld(store);
    const give = (world: World, type: string, data: object, id: string) =>
      world.give('capacity', 'sea_2026-10-06', type, data, {
        id,
        actor: type === 'PublishSlotCapacity' ? officer : person('T', 'caretrail'),
      });
    await give(other, 'PublishSlotCapacity', published, 'publish');
    const overtaken = createWorld({
      ...store,
      async append(...appended) {
        await give(other, 'PlaceSlotHold', hold('visit-2'), 'claim-2');
        await give(other, 'PlaceSlotHold', hold('visit-1'), 'claim-1');
        return store.append(...appended);
      },
    });
    expect(await give(overtaken, 'PlaceSlotHold', hold('visit-1'), 'claim-1')).toMatchObject({ accepted: true, revision: 3 });
    expect(await store.head()).toBe(3);
  });
});

describe('a roster', () => {
  const row = { memberId: 'm1', patientId: 'p1', employerId: 'e1', relationship: 'self', effectiveOn: 0 };
  const child = { ...row, memberId: 'm2', patientId: 'p2', relationship: 'child', subscriberId: 'p1', guardianIds: ['p1'] };
  const file = [
    JSON.stringify(row),
    JSON.stringify(child),
    '',
    'no row',
    JSON.stringify({ ...row, employerId: 'e2', patientId: 'p3' }),
  ].join('\n');
  const setUp = async () => {
    const world = createWorld();
    await world.give('employer', 'e1', 'OpenEmployerContract', contract, { actor: officer });
    const fileRef = await world.vault.put('e1', 'employer-e1', file);
    const bring = (id: string) => world.give('employer', 'e1', 'ImportRoster', { employerId: 'e1', fileRef }, { actor: person('A'), id });
    return { world, bring };
  };

  test('leaves each row on its member’s stream, then its own event', async () => {
    const { world, bring } = await setUp();
    expect((await bring('import-1')).events.map(({ type }) => type)).toEqual(['RosterImported', 'RosterRowRefused']);
    expect((await world.read('employer-e1')).map(({ data }) => data)).toMatchObject([
      {},
      { rows: 2, refused: 2 },
      { rowNo: 4, reason: 'row-unreadable' },
    ]);
    const streams = await Promise.all(['p1', 'p2', 'p3'].map((id) => world.read(`member-${id}`)));
    expect(streams.map((events) => events.map(({ type, tenant, patient }) => [type, tenant, patient]))).toEqual([
      [['MemberEnrolled', 'e1', 'p1']],
      [['DependantLinked', 'e1', 'p2']],
      [['RosterRowRefused', 'e1', 'p3']],
    ]);
  });

  test('adds nothing when it is imported again, under the same id or another', async () => {
    const { world, bring } = await setUp();
    const first = await bring('import-1');
    const head = await world.store.head();
    expect(await bring('import-1')).toEqual(first);
    expect(await bring('import-2')).toMatchObject({ accepted: true, events: [] });
    expect(await world.store.head()).toBe(head);
  });

  test('is refused without a contract, and then no row is written', async () => {
    const world = createWorld();
    const fileRef = await world.vault.put('e1', 'employer-e1', file);
    const answer = await world.give('employer', 'e1', 'ImportRoster', { employerId: 'e1', fileRef }, { actor: person('E') });
    expect(answer).toMatchObject({ accepted: false, code: 'not-allowed-in-state' });
    expect(await world.store.head()).toBe(0);
  });

  test('is refused when there is no such file', async () => {
    const { world } = await setUp();
    const answer = await world.give('employer', 'e1', 'ImportRoster', { employerId: 'e1', fileRef: 'none' }, { actor: person('E') });
    expect(answer).toMatchObject({ code: 'entity-unknown' });
  });
});

describe('what is remembered of streams', () => {
  test('is bounded, and what was forgotten is read again', async () => {
    const world = createWorld();
    const references = createReferences(world.store, 1);
    for (const id of ['v1', 'v2']) await world.give('visitor', id, 'OpenVisitorPresence', { visitorId: id, visitId: 'a' });
    const seen = async () =>
      (await Promise.all(['v1', 'v2', 'v1'].map((id) => references.load('visitor', id)))).map(({ version }) => version);
    expect(await seen()).toEqual([1, 1, 1]);
    await world.give('visitor', 'v1', 'CloseVisitorPresence', { visitorId: 'v1', visitId: 'a' });
    expect(await seen()).toEqual([2, 1, 2]);
  });
});

describe('a patient', () => {
  test('is registered under the key that the vault made', async () => {
    const world = createWorld();
    const data = { patientId: 'p1', vaultRef: 'ref-1' };
    expect(await world.give('patient', 'p1', 'RegisterPatient', data, { actor: person('K') })).toMatchObject({ accepted: true });
    expect((await world.read('patient-p1'))[0]).toMatchObject({ patient: 'p1', tenant: '', data: { keyId: 'key-of-p1' } });
  });
});
