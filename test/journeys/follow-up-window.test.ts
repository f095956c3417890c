import { superState } from '../../domain/journey/super-state.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { decideOn, type Given, person } from '../reference/scenario.ts';
import { completed, must, ordered, resultOf, swab, tested } from './consult-setting.ts';
import { closed, consulted, inConsult, standing, turn, windowEnd } from './follow-up-setting.ts';
import { at, dataOf } from './visit-setting.ts';

describe('The end of the window', () => {
  const extend = (until: number) => ['ExtendFollowUpWindow', { until, reason: 'slowRecovery' }] as const;

  test('is moved by a clinician, never into the past, and never back', () => {
    const story = consulted();
    const told = story.give('C', ...extend(windowEnd + day));
    expect(told.events).toEqual(['FollowUpWindowExtended']);
    expect(dataOf(told, 'FollowUpWindowExtended')).toEqual({
      anchorEventId: 'c0.0',
      conversationId: 'consult-1',
      openedAt: at('09:28'),
      until: windowEnd + day,
      reason: 'slowRecovery',
    });
    expect(story.deadlines()).toEqual([standing('followup.end', windowEnd + day)]);
    expect(story.give('C', ...extend(story.now)).refusal).toBe('until-in-the-past');
    expect(story.give('C', ...extend(windowEnd)).refusal).toBe('not-allowed-in-state');
  });

  test('is not moved before it is set, nor once it has passed', () => {
    expect(inConsult().give('C', ...extend(windowEnd + day)).refusal).toBe('not-allowed-in-state');
    const waiting = consulted();
    turn(waiting, 'patient', 5);
    waiting.elapse('followup.end');
    expect(waiting.give('C', ...extend(windowEnd + day)).refusal).toBe('not-allowed-in-state');
    expect(closed().give('C', ...extend(windowEnd + day)).refusal).toBe('journey-closed');
  });

  test('comes early when the patient wants it, and the journey closes', () => {
    const story = consulted();
    story.now = at('12:00', 1);
    const told = story.give('X', 'EndFollowUpEarly');
    expect(told.events).toEqual(['FollowUpWindowShortened', 'FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
    expect(dataOf(told, 'FollowUpWindowShortened')).toEqual({ anchorEventId: 'c0.0', conversationId: 'consult-1', until: story.now });
    expect(dataOf(told, 'FollowUpWindowClosed')).toMatchObject({ until: story.now });
  });

  test('that comes early overtakes no message that was accepted', () => {
    const story = consulted().know({ conversation: { openTurn: 7 } });
    const told = story.give('X', 'EndFollowUpEarly');
    expect(told.events).toEqual([
      'FollowUpWindowShortened',
      'FollowUpQuestionOpened',
      'FollowUpWindowClosed',
      'ClosureRequested',
      'SurveyOffered',
    ]);
    expect(story.give('X', 'EndFollowUpEarly')).toMatchObject({ events: [], refusal: undefined });
    expect(turn(story, 'clinician', 8).events).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
  });

  test('cannot come early before the window has opened', () => {
    expect(inConsult().give('X', 'EndFollowUpEarly').refusal).toBe('not-allowed-in-state');
  });
});

describe('A result that is pending when the window ends', () => {
  test('keeps it open without an end, until 72 hours after the review', () => {
    const story = tested();
    const extended = story.elapse('followup.end');
    expect(extended.events).toEqual(['FollowUpWindowExtended']);
    expect(dataOf(extended, 'FollowUpWindowExtended')).not.toHaveProperty('until');
    expect(story.deadlines()).not.toContainEqual(expect.stringMatching(/^followup\.end/));
    const reviewed = must(story, 'C', 'ReviewResult', resultOf(story));
    expect(reviewed.events).toEqual(['ResultReviewed', 'FollowUpWindowExtended']);
    expect(dataOf(reviewed, 'FollowUpWindowExtended')).toMatchObject({ until: story.now + 72 * hour });
    expect(story.deadlines()).toContain(standing('followup.end', story.now + 72 * hour));
    must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' });
    expect(story.elapse('followup.end').events).toEqual(['FollowUpWindowClosed']);
  });

  test('that is reviewed in time changes nothing', () => {
    const story = tested();
    expect(must(story, 'C', 'ReviewResult', resultOf(story)).events).toEqual(['ResultReviewed']);
    must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), channel: 'app' });
    expect(story.elapse('followup.end').events).toEqual(['FollowUpWindowClosed']);
  });

  test('and never comes, because its order is cancelled, ends the wait as well', () => {
    const story = ordered([swab]);
    must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
    must(story, 'C', 'CompleteConsult', { consultId: story.entityOf('ConsultQueued'), plannedOutcome: 'Resolved', summaryRef: 's1' });
    story.elapse('followup.end');
    const told = must(story, 'K', 'CancelLabOrder', { orderId: 'o1', reason: 'patientMoved' });
    expect(told.events).toEqual(['LabOrderCancelled', 'FollowUpWindowExtended']);
    expect(story.elapse('followup.end').events).toContain('JourneyClosed');
    expect(story.journey.closing.closed?.outcome).toBe('Cancelled');
  });

  test('waits for the last of several', () => {
    const story = ordered([swab, { ...swab, orderId: 'o2' }]);
    for (const orderId of ['o1', 'o2']) must(story, 'C', 'SignLabOrder', { orderId });
    must(story, 'C', 'CompleteConsult', { consultId: story.entityOf('ConsultQueued'), plannedOutcome: 'Resolved', summaryRef: 's1' });
    story.elapse('followup.end');
    expect(must(story, 'K', 'CancelLabOrder', { orderId: 'o1', reason: 'double' }).events).toEqual(['LabOrderCancelled']);
    expect(must(story, 'K', 'CancelLabOrder', { orderId: 'o2', reason: 'double' }).events).toHaveLength(2);
  });
});

describe('A question', () => {
  test('is given to somebody else by a coordinator, once', () => {
    const story = consulted();
    turn(story, 'patient', 5);
    const questionId = story.entityOf('FollowUpQuestionOpened');
    const route = { questionId, toRole: 'group' };
    expect(dataOf(story.give('K', 'RouteQuestion', route), 'FollowUpQuestionRouted')).toEqual({
      ...route,
      conversationId: 'consult-1',
      conversationRevision: 5,
    });
    expect(story.deadlines()).not.toContainEqual(expect.stringMatching(/^followup\.group/));
    expect(story.give('K', 'RouteQuestion', route)).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('K', 'RouteQuestion', { ...route, questionId: 'other' }).refusal).toBe('entity-unknown');
    turn(story, 'clinician', 6);
    expect(story.give('K', 'RouteQuestion', { ...route, toRole: 'director' }).refusal).toBe('not-allowed-in-state');
  });
});

describe('A new problem', () => {
  test('is a journey of its own, which the event says how to open', () => {
    const story = completed();
    const told = story.give('C', 'IdentifyNewProblem', { reasonCode: 'rash', templateId: 'skin' });
    expect(told.events).toEqual(['NewProblemIdentified', 'ChildJourneyOpened']);
    const childJourneyId = story.entityOf('ChildJourneyOpened');
    expect(dataOf(told, 'ChildJourneyOpened')).toEqual({
      reasonCode: 'rash',
      childJourneyId,
      templateId: 'skin',
      modality: 'async',
      zone: 'America/Los_Angeles',
    });
    expect(dataOf(told, 'NewProblemIdentified')).toMatchObject({ reasonCode: 'rash', childJourneyId });
    expect(superState(story.journey)).toBe('FollowUp');
  });

  test('R-20: is found by a licensed clinician', () => {
    const story = completed();
    story.know({ clinician: { clinicianId: 'c', groupId: 'g', scope: 'nurse', licences: [], groupStates: [] } });
    expect(story.give('C', 'IdentifyNewProblem', { reasonCode: 'rash', templateId: 'skin' })).toMatchObject({
      events: ['ClinicalActRefused'],
      refusal: 'licence-not-valid-here',
    });
  });
});

test('J-9: the conversation takes a message until the last millisecond, and none at the end', () => {
  const until = Date.UTC(2026, 10, 2, 14);
  const party = { belongs: true };
  const opened: readonly Given[] = [
    {
      type: 'ConversationOpened',
      data: { conversationId: 'c1', journeyId: 'j1', employerId: 'e1', patientId: 'p1', postableFrom: until - 15 * day },
    },
  ];
  const window = { conversationId: 'c1', postableFrom: until - 14 * day, postableUntil: until };
  const set = decideOn(aggregates.conversation, opened, 'SetConversationWindow', window, { now: until - 14 * day });
  const post = (messageId: string, now: number, redFlags: readonly object[] = []) =>
    decideOn(
      aggregates.conversation,
      set.history,
      'PostMessage',
      { messageId, bodyRef: `ref-${messageId}` },
      { actor: person('P', 'p1'), now, facts: { party, screening: { commitment: 'a'.repeat(64), redFlags } } },
    );
  expect(post('m1', until - 1).types).toEqual(['PatientMessagePosted']);
  const refused = post('m2', until, [{ ruleId: 'msg-chest', version: 1 }]);
  expect([refused.refusal, ...refused.types]).toEqual(['window-expired', 'PatientMessageRefused', 'MessageRedFlagDetected']);
});
