import type { Facts } from '../../domain/journey/facts.ts';
import * as journeys from '../../domain/journey/index.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import { noon, person } from './scenario.ts';
import { contract, createWorld, type World } from './world.ts';

const officer = person('O');
const clinician = person('C', 'd1');
const request = {
  patientId: 'p1',
  employerId: 'e1',
  templateId: 'sore-throat',
  templateVersion: 3,
  zone: 'America/Los_Angeles',
  slaSet: soreThroat.slaSet,
  modality: 'async',
  entryPoint: 'app',
  requester: person('X', 'x1'),
  at: noon,
} as const;
const location = { state: 'WA', areaKey: '98101', addressRef: 'a1', at: noon };
const journey: journeys.Journey = { ...journeys.initial, intake: { ...journeys.initial.intake, request, location } };
const slotId = 'sea_2026-10-06_1300';
const visits = (place: string, siteId?: string): journeys.Journey =>
  ({ ...journey, visit: { ...journey.visit, byId: { 'visit-1': { place, ...(siteId && { siteId }) } } } }) as unknown as journeys.Journey;

/** A world in which everything that J-1 needs is known. */
async function setUp(): Promise<World> {
  const world = createWorld();
  const { vault } = world;
  const give = (category: string, id: string, type: string, data: object, actor: Actor = officer) =>
    world.give(category, id, type, data, { actor });
  await give('employer', 'e1', 'OpenEmployerContract', contract);
  const row = {
    memberId: 'M-1',
    patientId: 'p1',
    employerId: 'e1',
    relationship: 'child',
    subscriberId: 'x1',
    guardianIds: ['x1', 'x2'],
    effectiveOn: noon,
  };
  const fileRef = await vault.put('e1', 'employer-e1', JSON.stringify(row));
  await give('employer', 'e1', 'ImportRoster', { employerId: 'e1', fileRef }, person('E'));
  const vaultRef = await vault.put(
    'p1',
    'patient-p1',
    JSON.stringify({ name: 'Ada Sample', birthDate: '2017-10-07', phone: '+1 206 555 0100' }),
  );
  await give('patient', 'p1', 'RegisterPatient', { patientId: 'p1', vaultRef }, person('K'));
  await give('group', 'g1', 'OpenGroupContract', { groupId: 'g1', state: 'WA', validFrom: 0, validUntil: noon + day });
  const licence = {
    clinicianId: 'd1',
    groupId: 'g1',
    scope: 'prescriber',
    licenceId: 'l1',
    state: 'WA',
    validFrom: 0,
    validUntil: noon + day,
  };
  await give('clinician', 'd1', 'RecordLicence', licence);
  await give('area', 'sea', 'OpenServiceArea', { areaId: 'sea', postalCodes: ['98101'], modalities: ['home'], on: noon });
  const slots = [13, 15].map((at) => ({
    slotId: `sea_2026-10-06_${at}00`,
    window: { from: noon + at * hour, to: noon + (at + 2) * hour },
    count: 1,
  }));
  await give('capacity', 'sea_2026-10-06', 'PublishSlotCapacity', { areaId: 'sea', date: '2026-10-06', slots });
  const shift = { visitorId: 'v1', areaId: 'sea', skills: ['swab'], states: ['WA'], supplies: ['strep-test'], at: noon };
  await give('visitor', 'v1', 'OpenVisitorShift', shift, person('D'));
  await give('partner', 'ph1', 'OpenPartnerContract', {
    partnerId: 'ph1',
    kind: 'pharmacy',
    effectiveOn: 0,
    data: { capabilities: ['courier'] },
  });
  const lab = { partnerId: 'site-home-visits', kind: 'lab', effectiveOn: 0, data: { capabilities: [], waiverRef: 'clia-1' } };
  await give('partner', 'site-home-visits', 'OpenPartnerContract', lab);
  return world;
}

let world: World;
beforeEach(async () => {
  world = await setUp();
});

async function fact<N extends keyof Facts>(name: N, data: object = {}, more: { actor?: Actor; on?: journeys.Journey; at?: number } = {}) {
  const { actor = clinician, on = journey, at = noon } = more;
  const { facts, basis } = await world.facts.load([name], { journey: on, command: { type: 'Any', data, actor }, at });
  return { fact: facts[name], basis };
}

describe('the facts of a start', () => {
  const start = { patientId: 'p1', employerId: 'e1', templateId: 'sore-throat', zone: 'America/Los_Angeles' };

  test('are contract, template, roster and age, each with the version that was read', async () => {
    const { fact: found, basis } = await fact('start', start);
    expect(found).toMatchObject({ contract: { contractId: 'k1' }, template: { version: 3 }, onRoster: true, ageYears: 8 });
    expect(found?.majorityOn).toBe(Date.parse('2035-10-07T07:00:00Z'));
    expect(basis).toEqual({ 'employer-e1': 2, 'member-p1': 1, 'patient-p1': 1 });
  });

  test('count birthdays on the patient’s calendar', async () => {
    const before = await fact('start', start, { at: Date.parse('2026-10-07T06:59:59Z') });
    const after = await fact('start', start, { at: Date.parse('2026-10-07T07:00:00Z') });
    expect([before.fact?.ageYears, after.fact?.ageYears]).toEqual([8, 9]);
  });

  test('leave out what is not there', async () => {
    expect((await fact('start', { ...start, employerId: 'e9', templateId: 'none', patientId: 'p9' })).fact).toEqual({ onRoster: false });
    expect((await fact('start', start, { at: noon - 1 })).fact?.onRoster).toBe(false);
  });
});

describe('the pathway', () => {
  test('is the version that the journey started with', async () => {
    expect((await fact('pathway')).fact).toMatchObject({ template: { templateId: 'sore-throat', version: 3 }, contract: { version: 1 } });
  });

  test('of a journey that is about to start is the one that it asks for; an unknown one is absent', async () => {
    const start = { employerId: 'e1', templateId: 'sore-throat' };
    expect((await fact('pathway', start, { on: journeys.initial })).fact).toMatchObject({ template: { version: 3 } });
    expect((await fact('pathway', {}, { on: journeys.initial })).fact).toBeUndefined();
  });
});

describe('identity', () => {
  const shown = async (identifiers: object) =>
    fact('identity', { identifiersRef: await world.vault.put('p1', 'journey-j1', JSON.stringify(identifiers)) });

  test('matches when every identifier is the registered one, however it is written', async () => {
    const { fact: found } = await shown({ name: ' ada  SAMPLE', dateOfBirth: '2017-10-07', phone: '(206) 555-0100', memberNumber: 'm-1' });
    expect(found).toEqual({ kinds: ['name', 'dateOfBirth', 'memberNumber', 'phone'], matches: true });
  });

  test('does not match when one is another’s, or is not registered', async () => {
    expect((await shown({ name: 'Ada Sample', dateOfBirth: '2017-10-08' })).fact?.matches).toBe(false);
    expect((await shown({ name: 'Ada Sample', photoId: 'X1' })).fact?.matches).toBe(false);
  });

  test('is not shown by a text that nobody can read', async () => {
    expect((await fact('identity', { identifiersRef: 'none' })).fact).toEqual({ kinds: [], matches: false });
    expect((await shown({ birthday: 'today' })).fact?.matches).toBe(false);
    const identifiersRef = await world.vault.put('p1', 'journey-j1', 'no JSON');
    expect((await fact('identity', { identifiersRef })).fact).toEqual({ kinds: [], matches: false });
    await world.vault.destroyKey('p1');
    expect((await fact('identity', { identifiersRef })).fact).toEqual({ kinds: [], matches: false });
  });
});

describe('the age', () => {
  test('is in completed years, and in parts of the first one', async () => {
    expect((await fact('patientAge')).fact).toEqual({ years: 8 });
    const infant = (await fact('patientAge', {}, { at: Date.parse('2017-10-07T07:00:00Z') + 73 * day })).fact;
    expect(infant?.years).toBeCloseTo(0.2);
    expect((await fact('patientAge', {}, { on: journeys.initial })).fact).toBeUndefined();
  });
});

describe('a proxy', () => {
  test.each([
    ['x1', 'parent'],
    ['x2', 'guardian'],
    ['x3', 'none'],
  ])('%s is %s by the roster', async (proxyId, relationship) => {
    expect((await fact('proxy', { proxyId })).fact).toEqual({ relationship });
  });
});

describe('a clinician', () => {
  test('answers for the own licences, whoever the command names', async () => {
    const found = (await fact('clinician', { clinicianId: 'd9' })).fact;
    expect(found).toMatchObject({
      clinicianId: 'd1',
      groupId: 'g1',
      scope: 'prescriber',
      licences: [{ state: 'WA' }],
      groupStates: ['WA'],
    });
  });

  test('is looked up for a coordinator; one who is not known holds nothing', async () => {
    const actor = person('K');
    expect((await fact('clinician', { clinicianId: 'd1' }, { actor })).fact?.groupId).toBe('g1');
    expect((await fact('clinician', { clinicianId: 'd9' }, { actor })).fact).toMatchObject({ licences: [], groupStates: [] });
  });
});

describe('an offer', () => {
  test('is available while the group is contracted and somebody of it is licensed where the patient is', async () => {
    const { fact: found, basis } = await fact('offer', { groupId: 'g1' });
    expect(found).toEqual({ available: true });
    expect(basis).toEqual({ 'group-g1': 1, 'clinician-d1': 1 });
    expect((await fact('offer', { groupId: 'g1' }, { at: noon + day })).fact).toEqual({ available: false });
    expect((await fact('offer', { groupId: 'g9' })).fact).toEqual({ available: false });
  });
});

describe('the service area', () => {
  test('is the one that serves the patient’s postal code, open from its date', async () => {
    expect(await fact('area')).toEqual({ fact: { areaId: 'sea', version: 1, open: true, places: ['home'] }, basis: { 'area-sea': 1 } });
    expect((await fact('area', {}, { at: noon - 1 })).fact).toMatchObject({ areaId: 'sea', open: false, places: [] });
  });

  test('is seen as soon as it opens, and is none elsewhere', async () => {
    const elsewhere = { ...journey, intake: { ...journey.intake, location: { ...location, areaKey: '97201' } } };
    expect((await fact('area', {}, { on: elsewhere })).fact).toMatchObject({ areaId: 'none', open: false });
    const opening = { areaId: 'pdx', postalCodes: ['97201'], modalities: ['home'], on: 0 };
    await world.give('area', 'pdx', 'OpenServiceArea', opening, { actor: officer });
    expect((await fact('area', {}, { on: elsewhere })).fact).toMatchObject({ areaId: 'pdx', open: true });
  });
});

describe('a slot', () => {
  const data = { slotId, visitId: 'visit-1' };

  test('has a window, an end of the hold, and the earliest start with room', async () => {
    const found = (await fact('slot', data, { on: visits('home') })).fact;
    expect(found).toEqual({
      window: { from: noon + 13 * hour, to: noon + 15 * hour },
      placeMatches: true,
      expiresAt: noon + soreThroat.slaSet.clocks['slot.hold'],
      earliest: noon + 13 * hour,
    });
  });

  test('that another visit holds leaves the next one; the own hold says when it ends', async () => {
    const expiresAt = noon + 1_000;
    await world.give('capacity', 'sea_2026-10-06', 'PlaceSlotHold', { slotId, visitId: 'visit-2', expiresAt });
    expect((await fact('slot', data)).fact?.earliest).toBe(noon + 15 * hour);
    expect((await fact('slot', { slotId, visitId: 'visit-2' })).fact).toMatchObject({ expiresAt, earliest: noon + 13 * hour });
  });

  test('matches the place of a visit that its area serves', async () => {
    const site = { areaId: 'sea', postalCodes: ['98101'], modalities: ['home', 'clinicSite'], on: noon + hour };
    await world.give('area', 'sea', 'OpenServiceArea', site, { actor: officer });
    const matches = async (on: journeys.Journey) => (await fact('slot', data, { on })).fact?.placeMatches;
    const elsewhere = { ...visits('home'), intake: { ...journey.intake, location: { ...location, areaKey: '97201' } } };
    expect(await Promise.all([visits('clinicSite'), visits('clinicSite', 'sea'), visits('clinicSite', 'pdx')].map(matches))).toEqual([
      true,
      true,
      false,
    ]);
    expect(await Promise.all([visits('office'), elsewhere, journey].map(matches))).toEqual([false, false, false]);
  });

  test('that was never published matches no place', async () => {
    expect((await fact('slot', { slotId: 'sea_2026-10-09_1300', visitId: 'visit-1' })).fact).toMatchObject({ placeMatches: false });
  });
});

describe('those who help', () => {
  test('a visitor is on shift with skills, states and supplies', async () => {
    expect((await fact('visitor', { visitorId: 'v1' })).fact).toEqual({
      visitorId: 'v1',
      onShift: true,
      skills: ['swab'],
      states: ['WA'],
      supplies: ['strep-test'],
      shiftVersion: 1,
    });
    expect((await fact('visitor', {}, { actor: person('V', 'v9') })).fact).toMatchObject({ visitorId: 'v9', onShift: false });
  });

  test('the dispatch rule sees whoever is on shift in the area', async () => {
    expect((await world.facts.visitorsOnShift('sea')).map(({ visitorId }) => visitorId)).toEqual(['v1']);
    expect(await world.facts.visitorsOnShift('pdx')).toEqual([]);
    await world.give('visitor', 'v1', 'CloseVisitorShift', { visitorId: 'v1', at: noon }, { actor: person('D') });
    expect(await world.facts.visitorsOnShift('sea')).toEqual([]);
  });

  test('a pharmacy is known by its contract', async () => {
    expect((await fact('pharmacy', { pharmacyId: 'ph1' })).fact).toEqual({ known: true, capabilities: ['courier'] });
    expect((await fact('pharmacy', { pharmacyId: 'site-home-visits' })).fact).toEqual({ known: false, capabilities: [] });
  });

  test('a test at home runs under the waiver of the home visits', async () => {
    expect((await fact('device')).fact).toEqual({ waiverRef: 'clia-1' });
    expect((await fact('device', { siteId: 'ph1' })).fact).toEqual({});
  });

  test('a laboratory is open while it is under contract', async () => {
    expect((await fact('lab', { labId: 'site-home-visits' })).fact).toEqual({ open: true });
    expect((await fact('lab', { labId: 'ph1' })).fact).toEqual({ open: false });
  });
});

describe('the conversation of the follow-up', () => {
  test('tells of a question that nobody has answered', async () => {
    const on = { ...journey, followUp: { ...journey.followUp, conversationId: 'c1' } };
    expect((await fact('conversation')).fact).toEqual({});
    expect((await fact('conversation', {}, { on })).fact).toEqual({});
    const message = {
      messageId: 'm1',
      journeyId: 'j1',
      bodyRef: 'b1',
      commitment: 'a'.repeat(64),
      receivedAt: noon,
      revision: 1,
      turn: 'patient',
    };
    await world.write('conversation-c1', 'PatientMessagePosted', message);
    expect((await fact('conversation', {}, { on })).fact).toEqual({ openTurn: 1 });
  });
});
