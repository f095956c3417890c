import { openChildren } from '../../domain/journey/super-state.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story } from './story.ts';
import {
  at,
  dataOf,
  dueOf,
  effectsOf,
  happens,
  of,
  order,
  safe,
  slotId,
  visitAfter,
  visitId,
  visitOf,
  visitOrdered,
} from './visit-setting.ts';

const swab = { taskRef: 'swab', kind: 'pointOfCareTest' as const, orderId: 'o1' };
const again = { ...order, tasks: [{ taskRef: 'vitals', kind: 'vitals' as const }] };
const clinicOnly = { homeSafety: { scopes: ['clinicOnly' as const] } };
const closedArea = { area: { ...sampleFacts.area, open: false } };
const clinicArea = { area: { ...sampleFacts.area, places: ['clinicSite'] } };

/** The same journey with an order for the swab. */
const withOrder = (story: Story): Story =>
  happens(story, {
    type: 'LabOrderDrafted',
    data: { orderId: 'o1', loinc: ['78012-2'], priority: 'routine', labId: 'site', pointOfCare: true, requisitionId: 'r1' },
  });

describe('A wish for a visit', () => {
  test('at home has its area checked in the same decision; at a site it has not', () => {
    const story = visitOrdered();
    const told = story.give('K', 'RequestVisit', again);
    expect(told.events).toEqual(['VisitRequested', 'ServiceAreaConfirmed']);
    expect(dataOf(told, 'VisitRequested')).toMatchObject({ place: 'home', notAfter: at('09:24', 1), reasonCode: 'sore-throat' });
    expect(story.give('X', 'RequestVisit', { ...again, place: 'driveUpSite' }).events).toEqual(['VisitRequested']);
    expect(openChildren(story.journey)).toHaveLength(3);
    expect(visitOrdered({}, closedArea).give('P', 'RequestVisit', again).events).toEqual(['VisitRequested', 'ServiceAreaRejected']);
  });

  test('before a clinician has decided anything is refused', () => {
    const story = new Story(at('09:00'));
    happens(story, ...visitOrdered().happened.filter(({ type }) => type !== 'DispositionDecided' && type !== 'VisitRequested'));
    expect(story.give('K', 'RequestVisit', again)).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('R-9: for a home that a flag forbids leaves no event, whoever asks; a clinic is taken', () => {
    const story = visitOrdered({}, clinicOnly);
    for (const role of ['K', 'X', 'C'] as const)
      expect(story.give(role, 'RequestVisit', again)).toMatchObject({ events: [], refusal: 'safety-flag' });
    expect(story.give('K', 'RequestVisit', { ...again, place: 'clinicSite' }).events).toEqual(['VisitRequested']);
  });

  test('R-9: in a consult meets the same flag', () => {
    const story = visitOrdered({}, clinicOnly);
    const told = story.give('C', 'PlaceOrders', { orders: [{ kind: 'visit', ...again }] });
    expect(told).toMatchObject({ events: [], refusal: 'safety-flag' });
  });

  test('may name only tests that were ordered', () => {
    const story = visitOrdered();
    expect(story.give('K', 'RequestVisit', { ...again, tasks: [swab] }).refusal).toBe('entity-unknown');
    expect(withOrder(story).give('K', 'RequestVisit', { ...again, tasks: [swab] }).refusal).toBeUndefined();
  });

  test('replaces a visit that has ended, and no other', () => {
    const story = visitOrdered();
    expect(story.give('K', 'RequestVisit', { ...again, replaces: 'other' }).refusal).toBe('entity-unknown');
    expect(story.give('K', 'RequestVisit', { ...again, replaces: visitId }).refusal).toBe('not-allowed-in-state');
    story.give('K', 'CancelVisit', { ...of, reason: 'rebooked' });
    expect(dataOf(story.give('K', 'RequestVisit', { ...again, replaces: visitId }), 'VisitRequested')).toMatchObject({ replaces: visitId });
  });

  test('R-6: waits for the review of the risk after a second no-show; only a clinician goes on', () => {
    const story = visitOrdered();
    story.give('K', 'OpenTask', { taskId: 'risk', kind: 'riskReview' });
    expect(story.give('X', 'RequestVisit', again).refusal).toBe('not-allowed-in-state');
    expect(story.give('C', 'RequestVisit', again).refusal).toBeUndefined();
    story.give('C', 'CompleteTask', { taskId: 'risk', resultCode: 'low' });
    expect(story.give('X', 'RequestVisit', again).refusal).toBeUndefined();
  });
});

describe('A place that is not served', () => {
  const choose = (story: Story, alternative: string, role: 'P' | 'X' | 'K' = 'K') =>
    story.give(role, 'ChooseAlternative', { ...of, alternative });

  test('is exchanged for our clinic, with the same tasks and limits', () => {
    const story = visitOrdered({}, clinicArea);
    const told = choose(story, 'clinicSite');
    expect(told.events).toEqual(['AlternativeChosen', 'VisitRequested']);
    expect(dataOf(told, 'AlternativeChosen')).toEqual({ visitId, alternative: 'clinicSite', chosenBy: 'patient' });
    expect(dataOf(told, 'VisitRequested')).toMatchObject({
      place: 'clinicSite',
      replaces: visitId,
      tasks: order.tasks,
      skills: order.skills,
      notAfter: at('09:24', 1),
    });
    expect(visitOf(story).status).toBe('Cancelled');
    expect(openChildren(story.journey)).toEqual([story.entityOf('VisitRequested')]);
    expect(choose(story, 'clinicSite').refusal).toBe('not-allowed-in-state');
  });

  test('is exchanged for a plan without a visit', () => {
    const story = visitOrdered({}, closedArea);
    expect(dataOf(choose(story, 'virtualOnly', 'X'), 'AlternativeChosen')).toMatchObject({ chosenBy: 'proxy' });
    expect(openChildren(story.journey)).toEqual([]);
  });

  test('is not exchanged for what was not offered, nor for a partner to whom nobody can be referred yet', () => {
    const story = visitOrdered({}, closedArea);
    expect(visitOf(story).alternatives).toEqual(['partnerClinic', 'urgentCare', 'virtualOnly']);
    for (const alternative of ['clinicSite', 'partnerClinic', 'urgentCare', 'home'])
      expect(choose(story, alternative)).toMatchObject({ events: [], refusal: 'alternative-not-offered' });
    expect(choose(visitOrdered(), 'clinicSite').refusal).toBe('alternative-not-offered');
  });

  test('R-1: a visit that comes too late may become one at the clinic', () => {
    const late = { from: at('13:00', 2), to: at('15:00', 2) };
    const story = visitOrdered({}, { slot: { ...sampleFacts.slot, window: late, earliest: late.from } });
    expect(story.give('X', 'HoldSlot', { ...of, slotId }).events).toEqual(['VisitRefusedTooLate']);
    expect(choose(story, 'clinicSite', 'X').events).toEqual(['AlternativeChosen', 'VisitRequested']);
  });
});

describe('Care that was ordered', () => {
  test('is to begin within the lead time: a breach once, unless a window inside it is booked', () => {
    const story = visitOrdered();
    expect(dueOf(story, 'visit.lead')).toEqual([at('09:25', 2)]);
    expect(dueOf(visitAfter('BookVisit'), 'visit.lead')).toEqual([]);
    expect(dueOf(visitAfter('HoldSlot'), 'visit.lead')).toEqual([at('09:25', 2)]);
    expect(story.elapse('visit.lead').events).toEqual(['SlaBreached']);
    expect(dueOf(story, 'visit.lead')).toEqual([]);
  });

  test('is counted from the instant before which it may not begin', () => {
    expect(dueOf(visitOrdered({ notBefore: at('09:00', 3), notAfter: at('09:00', 9) }), 'visit.lead')).toEqual([at('09:00', 5)]);
  });
});

describe('Two visits at once', () => {
  test('go their own ways: one is under way while the other is booked, and each ends alone', () => {
    const story = visitAfter('StartVisit');
    story.give('K', 'RequestVisit', { ...again, notBefore: at('14:00'), notAfter: at('09:24', 5) });
    const second = { visitId: story.entityOf('VisitRequested') };
    story.give('X', 'ScreenHomeSafety', { ...second, answers: safe });
    const window = { from: at('16:00'), to: at('18:00') };
    story.know({ slot: { ...sampleFacts.slot, window } });
    story.give('X', 'HoldSlot', { ...second, slotId: 'sea-north_2026-10-06_1600' });
    story.give('X', 'BookVisit', second);
    expect(effectsOf(story, 'assign-visitor').map(({ entityId }) => entityId)).toEqual([second.visitId]);
    expect(dueOf(story, 'loneworker')).toEqual([at('14:40')]);
    expect(story.give('V', 'RecordVitals', { ...second, codedValues: { heartRate: 80 } }).refusal).toBe('not-your-role');
    story.give('V', 'EndVisit', of);
    story.give('V', 'LeaveHome', of);
    expect(openChildren(story.journey)).toEqual([second.visitId]);
    expect(story.journey.visit.byId[second.visitId]).toMatchObject({ status: 'Scheduled' });
  });
});
