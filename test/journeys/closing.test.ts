import { instantOf } from '../../domain/kernel/calendar.ts';
import { day, minute } from '../../domain/kernel/time.ts';
import { closed, consulted, standing, windowEnd } from './follow-up-setting.ts';
import { at, dataOf } from './visit-setting.ts';

const survey = { instrument: 'experience-5', version: 1 };

describe('The survey', () => {
  test('is offered once, when closure is asked for', () => {
    const story = closed();
    expect(story.happened.find(({ type }) => type === 'SurveyOffered')?.data).toEqual(survey);
    expect(story.deadlines()).toEqual([standing('survey.remind', windowEnd + 3 * day), standing('survey.end', windowEnd + 14 * day)]);
  });

  test('is answered after the journey closed, and then nothing is due', () => {
    const story = closed();
    story.now = at('10:00', 15);
    const told = story.give('X', 'RecordSurvey', { scores: { overall: 5, ease: 4 }, commentRef: 'comment-1' });
    expect(told.events).toEqual(['SurveyAnswered']);
    expect(dataOf(told, 'SurveyAnswered')).toEqual({ ...survey, scores: { overall: 5, ease: 4 }, commentRef: 'comment-1' });
    expect(story.deadlines()).toEqual([]);
  });

  test('may be declined, and then nobody is reminded', () => {
    const story = closed();
    const told = story.give('X', 'RecordSurvey', { declined: true });
    expect(told.events).toEqual(['SurveyDeclined']);
    expect(dataOf(told, 'SurveyDeclined')).toEqual(survey);
    expect(story.deadlines()).toEqual([]);
  });

  test('counts as declined when scores come with a refusal, and when nothing comes at all', () => {
    expect(closed().give('X', 'RecordSurvey', { scores: { overall: 5 }, declined: true }).events).toEqual(['SurveyDeclined']);
    expect(closed().give('X', 'RecordSurvey', {}).events).toEqual(['SurveyDeclined']);
  });

  test('keeps a comment that comes without a score', () => {
    const told = closed().give('X', 'RecordSurvey', { commentRef: 'comment-1' });
    expect(told.events).toEqual(['SurveyAnswered']);
    expect(dataOf(told, 'SurveyAnswered')).toEqual({ ...survey, scores: {}, commentRef: 'comment-1' });
  });

  test.each([{ scores: { overall: 1 } }, { declined: true }])('once it was answered or declined, takes nothing more: %j', (again) => {
    const answered = closed();
    answered.give('X', 'RecordSurvey', { scores: { overall: 5 } });
    expect(answered.give('X', 'RecordSurvey', again)).toMatchObject({ events: [], refusal: undefined });
    const declined = closed();
    declined.give('X', 'RecordSurvey', { declined: true });
    expect(declined.give('X', 'RecordSurvey', again)).toMatchObject({ events: [], refusal: undefined });
  });

  test('that was never offered takes no answer', () => {
    expect(consulted().give('X', 'RecordSurvey', { scores: { overall: 5 } })).toMatchObject({
      events: [],
      refusal: 'not-allowed-in-state',
    });
  });

  test('is the patient’s or the proxy’s to answer', () => {
    expect(closed().give('C', 'RecordSurvey', { scores: { overall: 5 } }).refusal).toBe('not-your-role');
  });

  test('is reminded of once after 3 days and expires after 14', () => {
    const story = closed();
    const reminded = story.elapse('survey.remind');
    expect(reminded.events).toEqual(['SurveyReminded']);
    expect(dataOf(reminded, 'SurveyReminded')).toEqual(survey);
    expect(story.now).toBe(windowEnd + 3 * day);
    expect(story.deadlines()).toEqual([standing('survey.end', windowEnd + 14 * day)]);
    const expired = story.elapse('survey.end');
    expect(expired.events).toEqual(['SurveyExpired']);
    expect(dataOf(expired, 'SurveyExpired')).toEqual(survey);
    expect(story.now).toBe(windowEnd + 14 * day);
    expect(story.deadlines()).toEqual([]);
    expect(story.give('X', 'RecordSurvey', { scores: { overall: 4 } }).events).toEqual(['SurveyAnswered']);
  });
});

describe('A service recovery', () => {
  test.each([
    [2, ['SurveyAnswered', 'ServiceRecoveryOpened']],
    [3, ['SurveyAnswered']],
  ])('given a score of %i, then %j', (score, events) => {
    expect(closed().give('X', 'RecordSurvey', { scores: { overall: 5, ease: score } }).events).toEqual(events);
  });

  const local = (date: number, hour: number) => instantOf({ year: 2026, month: 10, day: date, hour }, 'America/Los_Angeles');
  test.each([
    ['Wednesday at ten', local(21, 10), local(22, 10)],
    ['Friday at four', local(23, 16), local(26, 16)],
    ['Saturday', local(24, 12), local(26, 17)],
  ])('answered on %s, is to be started one business day later', (_when, answeredAt, dueAt) => {
    const story = closed();
    story.now = answeredAt;
    const told = story.give('X', 'RecordSurvey', { scores: { overall: 1 } });
    expect(dataOf(told, 'ServiceRecoveryOpened')).toEqual({
      recoveryId: story.entityOf('ServiceRecoveryOpened'),
      dueAt,
      basis: { facts: { 'calendar-operations': 1 }, due: { 'recovery.start': dueAt } },
    });
    expect(story.deadlines()).toEqual([standing('recovery.start', dueAt)]);
  });

  test('that nobody starts in time is a breach, once', () => {
    const story = closed();
    story.give('X', 'RecordSurvey', { scores: { overall: 1 } });
    const told = story.elapse('recovery.start');
    expect(told.events).toEqual(['SlaBreached']);
    expect(dataOf(told, 'SlaBreached')).toMatchObject({ clock: 'recovery.start', entityId: story.entityOf('ServiceRecoveryOpened') });
    expect(story.deadlines()).toEqual([]);
  });

  test('is started by the first contact for its sake and by no other', () => {
    const story = closed();
    story.give('X', 'RecordSurvey', { scores: { overall: 1 } });
    const contact = { to: 'patient', channel: 'phone', outcome: 'not-reached' };
    story.now += minute;
    expect(story.give('K', 'RecordContactAttempt', { purpose: 'callback', ...contact }).events).toEqual(['ContactAttempted']);
    expect(story.deadlines()).toHaveLength(1);
    const told = story.give('K', 'RecordContactAttempt', { purpose: 'serviceRecovery', ...contact });
    expect(told.events).toEqual(['ContactAttempted']);
    expect(dataOf(told, 'ContactAttempted')).toEqual({ purpose: 'serviceRecovery', ...contact, n: 2, by: 'coordinator-1' });
    expect(story.deadlines()).toEqual([]);
  });
});
