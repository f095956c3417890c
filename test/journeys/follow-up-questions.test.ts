import { obligations } from '../../domain/journey/follow-up/plan.ts';
import { superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { closed, consulted, standing, turn, windowEnd } from './follow-up-setting.ts';
import type { Story } from './story.ts';
import { at, dataOf } from './visit-setting.ts';

const asked = (): Story => {
  const story = consulted();
  story.now = at('10:00', 3);
  expect(turn(story, 'patient', 5).events).toEqual(['FollowUpQuestionOpened']);
  return story;
};

describe('A question', () => {
  test('is opened by the turn of the patient, answered by that of a clinician, and a repeat of either adds nothing', () => {
    const story = asked();
    const questionId = story.entityOf('FollowUpQuestionOpened');
    expect(turn(story, 'patient', 5)).toMatchObject({ events: [], refusal: undefined });
    expect(turn(story, 'patient', 6)).toMatchObject({ events: [], refusal: undefined });
    const told = turn(story, 'clinician', 7);
    expect(told.events).toEqual(['FollowUpQuestionAnswered']);
    expect(dataOf(told, 'FollowUpQuestionAnswered')).toEqual({
      questionId,
      conversationId: 'consult-1',
      conversationRevision: 7,
      clinicianId: 'clinician-1',
    });
    expect(turn(story, 'clinician', 7)).toMatchObject({ events: [], refusal: undefined });
    expect(turn(story, 'patient', 6)).toMatchObject({ events: [], refusal: undefined });
    expect(story.deadlines()).toEqual([standing('followup.end', windowEnd)]);
    expect(turn(story, 'patient', 8).events).toEqual(['FollowUpQuestionOpened']);
    expect(turn(story, 'clinicianAsks', 9).events).toEqual(['FollowUpQuestionAnswered']);
  });

  test('is answered by no turn that is older than it', () => {
    const story = asked();
    expect(turn(story, 'clinician', 4)).toMatchObject({ events: [], refusal: undefined });
    expect(turn(story, 'clinician', 6).events).toEqual(['FollowUpQuestionAnswered']);
  });

  test('without a turn of the patient there is none to answer', () => {
    expect(turn(consulted(), 'clinician', 5)).toMatchObject({ events: [], refusal: undefined });
  });

  test('in a conversation of another journey is unknown', () => {
    expect(consulted().give('T', 'NoteConversationTurn', { conversationId: 'other', turn: 'patient', revision: 1 }).refusal).toBe(
      'entity-unknown',
    );
  });

  test('goes to the group after 4 hours and is a breach after 24, each once', () => {
    const story = asked();
    const opened = story.now;
    const questionId = story.entityOf('FollowUpQuestionOpened');
    expect(story.deadlines()).toEqual([
      standing('followup.end', windowEnd),
      standing('followup.group', opened + 4 * hour),
      standing('followup.reply', opened + 24 * hour),
    ]);
    const routed = story.elapse('followup.group');
    expect(routed.events).toEqual(['FollowUpQuestionRouted']);
    expect(dataOf(routed, 'FollowUpQuestionRouted')).toEqual({
      questionId,
      conversationId: 'consult-1',
      conversationRevision: 5,
      toRole: 'group',
    });
    const late = story.elapse('followup.reply');
    expect(late.events).toEqual(['SlaBreached']);
    expect(dataOf(late, 'SlaBreached')).toEqual({ clock: 'followup.reply', entityId: questionId, dueAt: opened + 24 * hour });
    expect(story.deadlines()).toEqual([standing('followup.end', windowEnd)]);
    expect(turn(story, 'clinician', 6).events).toEqual(['FollowUpQuestionAnswered']);
  });

  test('that is open forbids closure: the window closes on time and the journey waits for the answer', () => {
    const story = asked();
    expect(story.elapse('followup.end').events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered']);
    expect(superState(story.journey)).toBe('Closing');
    expect(turn(story, 'clinician', 6).events).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
  });
});

describe('A message that the journey has not heard of when the window ends', () => {
  const ending = (story: Story, openTurn: number) => story.know({ conversation: { openTurn } }).elapse('followup.end');

  test('opens its question first, and its own turn adds nothing', () => {
    const story = consulted();
    const told = ending(story, 7);
    expect(told.events).toEqual(['FollowUpQuestionOpened', 'FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered']);
    expect(dataOf(told, 'FollowUpQuestionOpened')).toMatchObject({ conversationId: 'consult-1', conversationRevision: 7 });
    expect(turn(story, 'patient', 7)).toMatchObject({ events: [], refusal: undefined });
    expect(turn(story, 'clinician', 8).events).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
    expect(turn(story, 'patient', 7)).toMatchObject({ events: [], refusal: undefined });
  });

  test('whose question is open already opens no other', () => {
    const story = consulted();
    turn(story, 'patient', 7);
    expect(ending(story, 7).events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered']);
  });

  test('is not answered by a reply to an earlier message that arrives after it', () => {
    const story = consulted();
    expect(ending(story, 7).events[0]).toBe('FollowUpQuestionOpened');
    expect(turn(story, 'patient', 5).events).toEqual([]);
    expect(turn(story, 'clinician', 6).events).toEqual([]);
    expect(superState(story.journey)).toBe('Closing');
    expect(turn(story, 'clinician', 8).events).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
  });

  test('is a question of its own beside an earlier one whose answer is still on its way', () => {
    const story = consulted();
    turn(story, 'patient', 5);
    expect(ending(story, 7).events).toEqual(['FollowUpQuestionOpened', 'FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered']);
    expect(obligations(story.journey)).toHaveLength(2);
    turn(story, 'clinician', 6);
    expect(superState(story.journey)).toBe('Closing');
    expect(turn(story, 'clinician', 8).events.at(-1)).toBe('JourneyClosed');
    expect(obligations(story.journey)).toEqual([]);
  });

  test('is answered together with an earlier one by a reply to both', () => {
    const story = consulted();
    turn(story, 'patient', 5);
    ending(story, 7);
    expect(turn(story, 'clinician', 8).events).toEqual(['FollowUpQuestionAnswered', 'FollowUpQuestionAnswered', 'JourneyClosed']);
  });

  test('nor when the journey closed re-opens it until it is answered', () => {
    const story = closed();
    const told = turn(story, 'patient', 5);
    expect(told.events).toEqual(['JourneyReopened', 'FollowUpQuestionOpened', 'ClosureRequested']);
    expect(dataOf(told, 'JourneyReopened')).toEqual({ cause: 'message', causedBy: 'consult-1' });
    expect(superState(story.journey)).toBe('Closing');
    expect(story.deadlines()).toContain(standing('followup.group', story.now + 4 * hour));
    expect(turn(story, 'clinician', 6).events).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
    expect(story.journey.closing.closed?.outcome).toBe('Resolved');
    expect(turn(story, 'clinician', 7)).toMatchObject({ events: [], refusal: undefined });
  });
});

test('J-9: a message of the last millisecond keeps the journey open until it is answered', () => {
  const until = Date.UTC(2026, 10, 2, 14);
  const story = consulted({
    completedAt: Date.UTC(2026, 9, 19, 14),
    zone: 'America/New_York',
    slaSet: { checkInDays: [] },
    facts: { conversation: { openTurn: 3 } },
  });
  expect(story.deadlines()).toEqual([standing('followup.end', until)]);
  story.now = until - 1;
  expect(story.give('T', 'ElapseDeadline', { name: 'followup.end', entityId: 'window', dueAt: until }).events).toEqual([]);
  expect(story.elapse('followup.end').events).toEqual([
    'FollowUpQuestionOpened',
    'FollowUpWindowClosed',
    'ClosureRequested',
    'SurveyOffered',
  ]);
  story.now = until + 1_000;
  const flag = story.give('T', 'RaiseRedFlag', { ruleId: 'msg-chest', source: 'message', sourceRef: 'm2' });
  expect(flag.events).toEqual(['RedFlagRaised', 'EmergencyTextShown', 'TaskOpened']);
  expect(dataOf(flag, 'TaskOpened')).toMatchObject({ kind: 'urgentCall', dueAt: until + 1_000 + 5 * minute });
  expect(turn(story, 'patient', 3)).toMatchObject({ events: [], refusal: undefined });
  story.now = until + 4 * minute;
  const call = { purpose: 'urgentCall', to: 'patient', channel: 'phone', outcome: 'reached' };
  expect(story.give('C', 'RecordContactAttempt', call).events).toEqual(['ContactAttempted']);
  const done = { taskId: story.entityOf('TaskOpened'), resultCode: 'clear' };
  expect(story.give('C', 'CompleteTask', done).events).toEqual(['TaskCompleted']);
  story.now = until + 70 * minute;
  expect(turn(story, 'clinician', 5).events).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
  expect(story.journey.closing.closed?.outcome).toBe('Resolved');
});
