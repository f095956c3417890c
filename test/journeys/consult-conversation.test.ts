import { superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { completed, completion, consultOf, decision, known, must, queued, started } from './consult-setting.ts';
import type { Story } from './story.ts';
import { at, dataOf, dueOf, happens } from './visit-setting.ts';

const turn = (story: Story, kind: string, revision: number, more: object = {}) =>
  story.give('T', 'NoteConversationTurn', { conversationId: consultOf(story).consultId, turn: kind, revision, ...more });

/** A consult whose clinician asked something at 09:20. */
const asked = (): Story => {
  const story = started();
  turn(story, 'clinicianAsks', 2);
  return story;
};

describe('A turn of the conversation in a consult', () => {
  test('the first of the clinician is the first response, with who gave it', () => {
    const story = started();
    const told = turn(story, 'clinician', 2, { clinicianId: 'clinician-1' });
    expect(told.events).toEqual(['FirstResponseGiven']);
    expect(dataOf(told, 'FirstResponseGiven')).toEqual({ ...consultOf(story), conversationRevision: 2, clinicianId: 'clinician-1' });
    expect(turn(story, 'clinician', 4)).toMatchObject({ events: [], refusal: undefined });
  });

  test('a question of the clinician waits for the patient, whose turn ends the wait', () => {
    const story = started();
    expect(turn(story, 'clinicianAsks', 2).events).toEqual(['FirstResponseGiven', 'AwaitingPatientStarted']);
    expect(known(story)).toMatchObject({ status: 'AwaitingPatient', firstResponseAt: story.now });
    expect(turn(story, 'patient', 3).events).toEqual(['AwaitingPatientEnded']);
    expect(known(story)).toMatchObject({ status: 'InProgress' });
    expect(turn(story, 'clinicianAsks', 4).events).toEqual(['AwaitingPatientStarted']);
  });

  test('of the patient changes nothing while nobody waits for it', () => {
    expect(turn(started(), 'patient', 2)).toMatchObject({ events: [], refusal: undefined });
  });

  test('that was noted before, or is older, adds nothing', () => {
    const story = asked();
    expect(turn(story, 'clinicianAsks', 2)).toMatchObject({ events: [], refusal: undefined });
    turn(story, 'patient', 3);
    expect(turn(story, 'clinicianAsks', 2)).toMatchObject({ events: [], refusal: undefined });
    expect(turn(story, 'patient', 3)).toMatchObject({ events: [], refusal: undefined });
    expect(known(story)).toMatchObject({ status: 'InProgress' });
  });

  test('a second question while the patient is awaited adds nothing and moves no clock', () => {
    const story = asked();
    story.now += hour;
    expect(turn(story, 'clinicianAsks', 3).events).toEqual([]);
    expect(dueOf(story, 'patient.reply')).toEqual([at('09:20', 3)]);
  });

  test('of a conversation that belongs to no consult here is unknown', () => {
    const told = started().give('T', 'NoteConversationTurn', { conversationId: 'other', turn: 'patient', revision: 2 });
    expect(told).toMatchObject({ events: [], refusal: 'entity-unknown' });
  });

  test('is told by the system alone', () => {
    const story = started();
    const data = { conversationId: consultOf(story).consultId, turn: 'patient', revision: 2 };
    expect(story.give('C', 'NoteConversationTurn', data).refusal).toBe('not-your-role');
  });

  test('a question asked in the queue keeps no clinician from claiming and starting the consult', () => {
    const story = queued();
    expect(turn(story, 'clinicianAsks', 2).events).toEqual(['FirstResponseGiven', 'AwaitingPatientStarted']);
    expect(superState(story.journey)).toBe('Queued');
    expect(story.give('C', 'ClaimConsult', consultOf(story)).events).toEqual(['LicenceVerified', 'ConsultClaimed']);
    expect(story.give('C', 'StartConsult', consultOf(story)).events).toEqual(['ConsultStarted']);
    expect(turn(story, 'patient', 3).events).toEqual(['AwaitingPatientEnded']);
    expect(superState(story.journey)).toBe('InTriage');
  });

  test('an answer to a question from the queue leaves the consult to be claimed', () => {
    const story = queued();
    turn(story, 'clinicianAsks', 2);
    turn(story, 'patient', 3);
    expect(known(story)).toMatchObject({ status: 'Queued' });
    expect(story.give('C', 'ClaimConsult', consultOf(story)).refusal).toBeUndefined();
  });

  test('after the consult opens and answers a follow-up question, each turn once', () => {
    const story = completed();
    expect(turn(story, 'patient', 5).events).toEqual(['FollowUpQuestionOpened']);
    expect(turn(story, 'clinician', 6).events).toEqual(['FollowUpQuestionAnswered']);
    expect(turn(story, 'patient', 5)).toMatchObject({ events: [], refusal: undefined });
    expect(turn(story, 'patient', 7).events).toEqual(['FollowUpQuestionOpened']);
  });
});

test('The last turn of a consult, told again after its end, opens no question', () => {
  const story = asked();
  turn(story, 'patient', 3);
  must(story, 'C', 'DecideDisposition', decision(story, 9));
  must(story, 'C', 'CompleteConsult', completion(story));
  expect(turn(story, 'patient', 3)).toMatchObject({ events: [], refusal: undefined });
});

test('A consult that was completed stays completed, also in a history that lets it expire later', () => {
  const story = completed();
  happens(story, { type: 'ConsultExpired', data: { ...consultOf(story), reason: 'safetyReview' } });
  expect(known(story)).toMatchObject({ status: 'Completed' });
});

describe('The wait for the patient', () => {
  test('reminds after 4 and after 24 hours, each once', () => {
    const story = asked();
    const reminders = () => story.effects('send-notice').filter(({ id }) => id.includes('.reply.'));
    expect(reminders().map(({ notBefore }) => (notBefore ?? 0) - at('09:20'))).toEqual([4 * hour, 24 * hour]);
    const [first, second] = reminders();
    const notice = { kind: 'replyReminder', recipientRole: 'P', channel: 'push', textVersion: 1 };
    must(story, 'A', 'RecordNotice', { noticeId: first?.entityId, status: 'sent', ...notice }, 'notices');
    expect(reminders()).toEqual([second]);
  });

  test('sends no reminder once the patient has written, and new ones for a new question', () => {
    const story = asked();
    const before = story.effects('send-notice').map(({ id }) => id);
    turn(story, 'patient', 3);
    expect(story.effects('send-notice').some(({ id }) => id.includes('.reply.'))).toBe(false);
    story.now += minute;
    turn(story, 'clinicianAsks', 4);
    const after = story.effects('send-notice').filter(({ id }) => id.includes('.reply.'));
    expect(after).toHaveLength(2);
    expect(after.some(({ id }) => before.includes(id))).toBe(false);
    expect(dueOf(story, 'patient.reply')).toEqual([at('09:21', 3)]);
  });

  test('asks for a safety review after 72 hours, citing the consult, once', () => {
    const story = asked();
    const told = story.elapse('patient.reply');
    expect(story.now).toBe(at('09:20', 3));
    expect(told.events).toEqual(['TaskOpened']);
    expect(dataOf(told, 'TaskOpened')).toMatchObject({
      kind: 'safetyReview',
      ownerRole: 'C',
      dueAt: at('13:20', 3),
      cites: [consultOf(story).consultId],
      outlivesClosure: false,
    });
    expect(dueOf(story, 'patient.reply')).toEqual([]);
    expect(dueOf(story, 'task.due')).toEqual([at('13:20', 3)]);
  });

  test('a review that says expire ends the consult, which a coordinator then answers for', () => {
    const story = asked();
    story.elapse('patient.reply');
    const told = story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'expire' });
    expect(told.events).toEqual(['TaskCompleted', 'ConsultExpired']);
    expect(known(story)).toMatchObject({ status: 'Expired' });
    expect(superState(story.journey)).toBe('Queued');
    expect(story.effects('send-notice').some(({ id }) => id.includes('.reply.'))).toBe(false);
    expect(story.give('C', 'ClaimConsult', consultOf(story)).refusal).toBe('not-allowed-in-state');
  });

  test('a review that says otherwise leaves the consult open, and a later question has a clock of its own', () => {
    const story = asked();
    story.elapse('patient.reply');
    const told = story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'keepWaiting' });
    expect(told.events).toEqual(['TaskCompleted']);
    expect(dueOf(story, 'patient.reply')).toEqual([]);
    turn(story, 'patient', 3);
    turn(story, 'clinicianAsks', 4);
    expect(dueOf(story, 'patient.reply')).toEqual([at('09:20', 6)]);
  });

  test('a review that says expire after the consult was completed takes nothing back', () => {
    const story = asked();
    story.elapse('patient.reply');
    const taskId = story.entityOf('TaskOpened');
    turn(story, 'patient', 3);
    must(story, 'C', 'DecideDisposition', decision(story, 9));
    must(story, 'C', 'CompleteConsult', completion(story));
    story.give('C', 'CompleteTask', { taskId, resultCode: 'expire' });
    expect(known(story)).toMatchObject({ status: 'Completed' });
  });

  test('goes on when the clinician decides before the patient has answered', () => {
    const story = asked();
    must(story, 'C', 'DecideDisposition', decision(story, 6));
    expect(dueOf(story, 'patient.reply')).toEqual([at('09:20', 3)]);
    expect(turn(story, 'patient', 3).events).toEqual(['AwaitingPatientEnded']);
    expect(dueOf(story, 'patient.reply')).toEqual([]);
  });

  test('ends with the consult', () => {
    const story = asked();
    must(story, 'C', 'DecideDisposition', decision(story, 6));
    must(story, 'C', 'CompleteConsult', completion(story));
    expect(dueOf(story, 'patient.reply')).toEqual([]);
    expect(story.effects('send-notice').some(({ id }) => id.includes('.reply.'))).toBe(false);
  });
});
