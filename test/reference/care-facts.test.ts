import type * as journeys from '../../domain/journey/index.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import { factsOf, journey, location, officer, populatedWorld, slotId } from './population.ts';
import { noon, person } from './scenario.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await populatedWorld();
});
const fact = factsOf(() => world);

const visits = (place: string, siteId?: string): journeys.Journey =>
  ({ ...journey, visit: { ...journey.visit, byId: { 'visit-1': { place, ...(siteId && { siteId }) } } } }) as unknown as journeys.Journey;

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

test('the clinicians who hold an open consult are looked up, each once, whoever gives the command', async () => {
  const consult = (clinicianId: string, status = 'InProgress') => ({ clinicianId, status });
  const byId = { c1: consult('d1'), c2: consult('d1'), c3: consult('d9'), c4: consult('d8', 'Completed'), c5: { status: 'Queued' } };
  const on = { ...journey, consult: { ...journey.consult, byId } } as unknown as journeys.Journey;
  const { fact: found, basis } = await fact('holders', {}, { on, actor: person('P') });
  expect(found).toMatchObject([
    { clinicianId: 'd1', licences: [{ state: 'WA' }], groupStates: ['WA'] },
    { clinicianId: 'd9', licences: [], groupStates: [] },
  ]);
  expect(basis).toEqual({ 'clinician-d1': 1, 'group-g1': 1 });
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

  test('what is said of a prescription without naming a pharmacy is about the one that has it', async () => {
    const byId = { p1: { pharmacyId: 'ph1' } } as never;
    const on = { ...journey, prescription: { ...journey.prescription, byId } };
    expect((await fact('pharmacy', { rxId: 'p1' }, { on })).fact).toMatchObject({ known: true });
    expect((await fact('pharmacy', { rxId: 'p2' }, { on })).fact).toMatchObject({ known: false });
  });

  test('a test at home runs under the waiver of the home visits', async () => {
    expect((await fact('device')).fact).toEqual({ waiverRef: 'clia-1' });
  });

  test('a test at a site runs under the waiver of that site', async () => {
    const swab = { taskRef: 'swab', kind: 'pointOfCareTest', orderId: 'o1' };
    const at = (siteId: string) => {
      const visit = { status: 'InProgress', place: 'clinicSite', siteId, tasks: [swab], openTasks: ['swab'] };
      return { ...journey, visit: { byId: { 'visit-1': visit } } } as unknown as journeys.Journey;
    };
    expect((await fact('device', { orderId: 'o1' }, { on: at('site-home-visits') })).fact).toEqual({ waiverRef: 'clia-1' });
    expect((await fact('device', { orderId: 'o1' }, { on: at('ph1') })).fact).toEqual({});
  });

  test('R-9: the flags on the patient’s home are known as long as they are in force', async () => {
    expect((await fact('homeSafety')).fact).toEqual({ scopes: [] });
    const flag = { patientId: 'p1', scope: 'pairVisit', reviewAt: noon + day, reasonRef: 'r1' };
    expect(await world.give('patient', 'p1', 'PlaceHomeSafetyFlag', flag, { actor: person('S') })).toMatchObject({ accepted: true });
    const { fact: found, basis } = await fact('homeSafety');
    expect([found, basis]).toEqual([{ scopes: ['pairVisit'] }, { 'patient-p1': 2 }]);
    expect((await fact('homeSafety', {}, { at: noon + 91 * day })).fact).toEqual({ scopes: [] });
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
