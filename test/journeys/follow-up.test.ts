import { superState } from '../../domain/journey/super-state.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { closed, consulted, inConsult, standing, turn, windowEnd } from './follow-up-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import { at, dataOf } from './visit-setting.ts';

describe('The window', () => {
  test('R-24: opens with the first completed consult and ends 14 times 24 hours later', () => {
    const story = consulted();
    expect(superState(story.journey)).toBe('FollowUp');
    expect(story.deadlines()).toEqual([standing('followup.end', windowEnd)]);
    expect(story.happened.find(({ type }) => type === 'FollowUpWindowOpened')).toMatchObject({
      data: { until: at('09:28') + 14 * day, conversationId: 'consult-1', anchorEventId: 'c0.0' },
    });
  });

  test('given a template without a window, when the consult is completed, then none opens and the journey closes', () => {
    const story = inConsult();
    const { pathway } = sampleFacts;
    story.know({ pathway: { ...pathway, template: { ...pathway.template, followUp: { days: 14, anchor: 'none' } } } });
    const told = story.give('C', 'CompleteConsult', { consultId: 'consult-1', plannedOutcome: 'Resolved', summaryRef: 's1' });
    expect(told.events).toEqual(['ConsultCompleted', 'ChargeCaptured', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
  });

  test('one millisecond before its end nothing happens; at its end it closes, and the journey with it', () => {
    const story = consulted();
    story.now = windowEnd - 1;
    expect(story.give('T', 'ElapseDeadline', { name: 'followup.end', entityId: 'window', dueAt: windowEnd }).events).toEqual([]);
    const told = story.elapse('followup.end');
    expect(told.events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
    expect(dataOf(told, 'FollowUpWindowClosed')).toEqual({ anchorEventId: 'c0.0', until: windowEnd, conversationId: 'consult-1' });
    expect(story.journey.closing.closed).toEqual({ at: windowEnd, outcome: 'Resolved', resolvedBy: 'clinician-1' });
    expect(story.give('T', 'ElapseDeadline', { name: 'followup.end', entityId: 'window', dueAt: windowEnd }).events).toEqual([]);
  });
});

describe('A check-in', () => {
  test('is to be sent on day 2 and on day 7, each until it was sent', () => {
    const story = consulted();
    const effect = (n: number, days: number) => ({
      id: `check-in.${n}`,
      attempt: 1,
      kind: 'send-check-in',
      entityId: String(n),
      notBefore: at('09:28', days),
    });
    expect(story.effects('send-check-in')).toEqual([effect(1, 2), effect(2, 7)]);
    story.now = at('09:28', 2);
    expect(story.give('T', 'SendCheckIn', { n: 1 }).events).toEqual(['CheckInSent']);
    expect(story.effects('send-check-in')).toEqual([effect(2, 7)]);
    expect(story.give('T', 'SendCheckIn', { n: 1 })).toMatchObject({ events: [], refusal: undefined });
  });

  test('is not sent before the window opens nor after it has closed', () => {
    expect(inConsult().effects('send-check-in')).toEqual([]);
    expect(inConsult().give('T', 'SendCheckIn', { n: 1 })).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
    const waiting = consulted();
    turn(waiting, 'patient', 5);
    waiting.elapse('followup.end');
    expect(waiting.effects('send-check-in')).toEqual([]);
    expect(waiting.give('K', 'SendCheckIn', { n: 1 })).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('is answered within a day: nothing is due any more, and a second answer adds nothing', () => {
    const story = consulted();
    story.now = at('09:28', 2);
    story.give('T', 'SendCheckIn', { n: 1 });
    expect(story.deadlines()).toContain(standing('followup.checkin', at('09:28', 3)));
    story.now = at('12:00', 2);
    const told = story.give('X', 'AnswerCheckIn', { n: 1, codedAnswers: { better: true } });
    expect(told.events).toEqual(['CheckInAnswered']);
    expect(dataOf(told, 'CheckInAnswered')).toEqual({ n: 1, formVersion: 1, codedAnswers: { better: true } });
    expect(story.deadlines()).toEqual([standing('followup.end', windowEnd)]);
    expect(story.give('X', 'AnswerCheckIn', { n: 1, codedAnswers: { better: false } })).toMatchObject({ events: [], refusal: undefined });
  });

  test('that was never sent cannot be answered, and a role that may not answer it is told so', () => {
    expect(consulted().give('X', 'AnswerCheckIn', { n: 1 }).refusal).toBe('entity-unknown');
    expect(consulted().give('C', 'AnswerCheckIn', { n: 1 }).refusal).toBe('not-your-role');
  });

  /** Both check-ins are sent on their day and missed; returns what the second led to. */
  const missBoth = (level: number) => {
    const story = consulted({ level });
    story.now = at('09:28', 2);
    story.give('T', 'SendCheckIn', { n: 1 });
    expect(story.elapse('followup.checkin').events).toEqual(['CheckInMissed']);
    expect(story.now).toBe(at('09:28', 2) + 24 * hour);
    expect(story.deadlines()).toEqual([standing('followup.end', windowEnd)]);
    story.now = at('09:28', 7);
    story.give('T', 'SendCheckIn', { n: 2 });
    return { story, told: story.elapse('followup.checkin') };
  };

  test.each([1, 6])('given level %i, when the second one is missed too, then a clinician calls back within the hour', (level) => {
    const { told } = missBoth(level);
    expect(told.events).toEqual(['CheckInMissed', 'TaskOpened']);
    expect(dataOf(told, 'CheckInMissed')).toEqual({ n: 2, formVersion: 1 });
    expect(dataOf(told, 'TaskOpened')).toMatchObject({ kind: 'callback', ownerRole: 'C', dueAt: at('09:28', 8) + hour });
  });

  test('given level 7, when the second one is missed too, then nobody is called', () => {
    expect(missBoth(7).told.events).toEqual(['CheckInMissed']);
  });

  test('that was missed may still be answered', () => {
    const { story } = missBoth(7);
    expect(story.give('X', 'AnswerCheckIn', { n: 1, codedAnswers: { better: true } }).events).toEqual(['CheckInAnswered']);
  });

  test('of a closed journey is neither sent nor answered', () => {
    expect(closed().give('T', 'SendCheckIn', { n: 2 }).refusal).toBe('journey-closed');
    expect(closed().give('X', 'AnswerCheckIn', { n: 1 }).refusal).toBe('journey-closed');
  });
});
