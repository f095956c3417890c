import * as journeys from '../../domain/journey/index.ts';
import { day } from '../../domain/kernel/time.ts';
import { factsOf, populatedWorld } from './population.ts';
import { noon } from './scenario.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await populatedWorld();
});
const fact = factsOf(() => world);

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
