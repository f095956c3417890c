import { controlledSubstanceRules } from '../../domain/templates/controlled-substances.ts';
import { drafted, pathwayWith, statusOfRx, withLists } from './prescription-story.ts';
import type { Story } from './story.ts';

const p1 = { rxId: 'p1' };

test('every rule on controlled substances names its source and its owner', () => {
  expect(controlledSubstanceRules.filter(({ source, owner }) => source === '' || owner === '')).toEqual([]);
});

describe('A controlled substance (R-25)', () => {
  const controlled = (ruleIds = ['cs-two-factors']) =>
    pathwayWith({ schedule: 'IV' }, { controlledSubstances: { schedules: ['IV'], ruleIds } });
  const factors = ['knowledge', 'hardToken'];
  const asked = { ...p1, state: 'WA', queryRef: 'pdmp-1' };
  const ready = (pathway = controlled()): Story => {
    const story = drafted(withLists().know(pathway));
    story.give('A', 'RecordRxSafetyCheck', { ...p1, checkId: story.entityOf('RxSafetyCheckRequested'), outcome: 'passed' });
    return story;
  };
  const sign = (story: Story, more: object = { factors }) => {
    const told = story.give('C', 'SignPrescription', { ...p1, ...more });
    return [told.refusal, ...told.events, ...told.decided.events.map(({ data }) => ('ruleId' in data ? data.ruleId : undefined))];
  };

  it('is of the schedule that the pathway knows, whatever the draft says', () => {
    expect(ready().journey.prescription.byId.p1?.schedule).toBe('IV');
  });

  it('is never drafted where the pathway allows none, or not this schedule', () => {
    const order = { ...p1, rxnorm: '723', sig: 'once', quantity: 1, days: 1, schedule: 'II' };
    for (const pathway of [pathwayWith({}), pathwayWith({}, { controlledSubstances: { schedules: ['IV'], ruleIds: ['r1'] } })]) {
      const told = withLists().know(pathway).give('C', 'DraftPrescription', order);
      expect([told.refusal, ...told.events]).toEqual(['scope-exceeded', 'ClinicalActRefused']);
    }
  });

  it('takes the monitoring programme’s answer and two different factors', () => {
    const story = ready();
    expect(sign(story)).toEqual(['check-missing', 'ControlledSubstanceGateRefused', 'cs-monitoring-query']);
    expect(story.give('A', 'RecordPdmpQuery', asked).events).toEqual(['PdmpQueried']);
    for (const given of [{}, { factors: ['knowledge'] }, { factors: ['knowledge', 'knowledge'] }, { factors: ['knowledge', 'shoe-size'] }])
      expect(sign(story, given)).toEqual(['two-factors-missing', 'ControlledSubstanceGateRefused', 'cs-two-factors']);
    expect(statusOfRx(story)).toBe('ReadyToSign');
    expect(sign(story)).toEqual([undefined, 'PrescriptionSigned', undefined]);
    expect(story.give('A', 'RecordPdmpQuery', { ...asked, rxId: 'p9' }).refusal).toBe('entity-unknown');
  });

  it('is not signed where the pathway has come to allow none', () => {
    const story = ready();
    story.give('A', 'RecordPdmpQuery', asked);
    story.know(pathwayWith({}));
    expect(sign(story)).toEqual(['scope-exceeded', 'ControlledSubstanceGateRefused', 'template-controlled-substances']);
  });

  it('from 1 January 2027 takes an evaluation in person by the prescriber', () => {
    const story = ready();
    story.give('A', 'RecordPdmpQuery', asked);
    const expiry = Date.UTC(2027, 0, 1, 5);
    story.now = expiry;
    expect(sign(story)).toEqual(['rule-expired', 'ControlledSubstanceGateRefused', 'cs-in-person-evaluation']);
    const [consult] = Object.values(story.journey.consult.byId);
    const seen = (clinicianId: string) => {
      const byId = { 'consult-1': { ...consult, modality: 'clinicSite', startedAt: 0, clinicianId } } as never;
      story.journey = { ...story.journey, consult: { ...story.journey.consult, byId } };
    };
    seen('nurse-1');
    expect(sign(story)[0]).toBe('rule-expired');
    seen('clinician-1');
    expect(sign(story)[0]).toBeUndefined();
    const before = ready();
    before.give('A', 'RecordPdmpQuery', asked);
    before.now = expiry - 1;
    expect(sign(before)[0]).toBeUndefined();
  });

  it('is handed over to an adult who signs, and refilled five times in six months', () => {
    const story = ready(pathwayWith({ schedule: 'IV', handling: [] }, { controlledSubstances: { schedules: ['IV'], ruleIds: ['r1'] } }));
    story.give('A', 'RecordPdmpQuery', asked);
    sign(story);
    const told = story.give('A', 'RecordDispense', { ...p1, outcome: 'dispensed' });
    expect(told.decided.events[1]?.data).toMatchObject({ handling: ['adultSignature'] });
    const refill = (n: number): string | undefined => {
      story.give('A', 'RecordRefillRequest', { ...p1, refillId: `refill-${n}` });
      return story.give('C', 'AnswerRefill', { ...p1, refillId: `refill-${n}`, decision: 'approved' }).refusal;
    };
    expect([1, 2, 3, 4].map(refill)).toEqual([undefined, undefined, undefined, undefined]);
    const fifth = story.now;
    story.now += 181 * 24 * 3_600_000;
    expect(refill(5)).toBe('scope-exceeded');
    story.now = fifth;
    expect([refill(6), refill(7)]).toEqual([undefined, 'scope-exceeded']);
  });

  it('of Schedule II is never refilled', () => {
    const two = pathwayWith({ schedule: 'II' }, { controlledSubstances: { schedules: ['II'], ruleIds: ['r1'] } });
    const story = ready(two);
    story.give('A', 'RecordPdmpQuery', asked);
    sign(story);
    story.give('A', 'RecordRefillRequest', { ...p1, refillId: 'refill-1' });
    expect(story.give('C', 'AnswerRefill', { ...p1, refillId: 'refill-1', decision: 'approved' }).refusal).toBe('scope-exceeded');
  });
});
