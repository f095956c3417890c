import { hour, minute } from '../../domain/kernel/time.ts';
import { as, claimed, clinician, completed, consultOf, decided, known, must, queued, started } from './consult-setting.ts';
import { place } from './intake-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { at, dataOf, dueOf } from './visit-setting.ts';

const video = (story: Story, state: string, participant = 'patient') =>
  story.give('A', 'RecordVideoState', { ...consultOf(story), state, participant }, { who: 'video' });

describe('The picture', () => {
  test('that is lost interrupts the consult for five minutes, and its return goes on with the same clinician', () => {
    const story = started({ modality: 'video' });
    expect(video(story, 'connected').events).toEqual(['VideoConnected']);
    expect(video(story, 'dropped').events).toEqual(['VideoDropped']);
    expect(known(story)).toMatchObject({ status: 'Dropped', clinicianId: 'clinician-1' });
    expect(dueOf(story, 'video.reconnect')).toEqual([story.now + 5 * minute]);
    expect(video(story, 'resumed').events).toEqual(['VideoResumed']);
    expect(known(story)).toMatchObject({ status: 'InProgress', clinicianId: 'clinician-1' });
    expect(dueOf(story, 'video.reconnect')).toEqual([]);
  });

  test('that does not return puts the same consult at the head of the queue, for anybody', () => {
    const story = started({ modality: 'video' });
    const { consultId } = consultOf(story);
    video(story, 'dropped');
    const told = story.elapse('video.reconnect');
    expect(told.events).toEqual(['ConsultQueued']);
    expect(dataOf(told, 'ConsultQueued')).toEqual({ consultId, modality: 'video', priority: 'head', reasonCode: 'sore-throat' });
    expect(known(story)).toMatchObject({ status: 'Queued', queuedAt: story.now, drops: 1 });
    expect(known(story)?.clinicianId).toBeUndefined();
    expect(as(story, 'clinician-2', 'ClaimConsult', { consultId }).events).toEqual(['LicenceVerified', 'ConsultClaimed']);
    expect(story.give('C', 'RecordAssessment', { consultId, noteRef: 'r', codedFindings: [] }, { who: 'clinician-2' }).refusal).toBe(
      'not-allowed-in-state',
    );
    must(story, 'X', 'AttestLocation', place);
    expect(as(story, 'clinician-2', 'StartConsult', { consultId }).events).toEqual(['ConsultStarted']);
  });

  test('that is lost a second time is given up for the telephone; both ends of one loss are one', () => {
    const story = started({ modality: 'video' });
    expect(video(story, 'dropped').events).toEqual(['VideoDropped']);
    const due = dueOf(story, 'video.reconnect');
    story.now += minute;
    expect(video(story, 'dropped', 'clinician').events).toEqual(['VideoDropped']);
    expect([dueOf(story, 'video.reconnect'), known(story)?.drops]).toEqual([due, 1]);
    video(story, 'resumed');
    const told = video(story, 'dropped');
    expect(told.events).toEqual(['VideoDropped', 'ModalityChanged']);
    expect(dataOf(told, 'ModalityChanged')).toMatchObject({ from: 'video', to: 'phone' });
    expect(known(story)).toMatchObject({ status: 'InProgress', modality: 'phone' });
    expect(dueOf(story, 'video.reconnect')).toEqual([]);
    expect(video(story, 'dropped').events).toEqual(['VideoDropped']);
  });

  test('comes back to a question that still waits for the patient', () => {
    const story = started({ modality: 'video' });
    must(story, 'T', 'NoteConversationTurn', { conversationId: consultOf(story).consultId, turn: 'clinicianAsks', revision: 2 });
    video(story, 'dropped');
    video(story, 'resumed');
    expect(known(story)).toMatchObject({ status: 'AwaitingPatient' });
  });

  test('is no reason to refuse a fact, however late; only an unknown consult is', () => {
    const over = completed(6, { modality: 'video' });
    expect(video(over, 'dropped')).toMatchObject({ events: ['VideoDropped'], refusal: undefined });
    expect(known(over)).toMatchObject({ status: 'Completed', drops: 0 });
    expect(video(started(), 'dropped').events).toEqual(['VideoDropped']);
    const data = { consultId: 'other', state: 'dropped', participant: 'patient' };
    expect(started().give('A', 'RecordVideoState', data, { who: 'video' }).refusal).toBe('entity-unknown');
  });

  test('does not undo what was decided, nor is it mended by a decision', () => {
    const story = decided(6, { modality: 'video' });
    video(story, 'dropped');
    must(story, 'C', 'DecideDisposition', { ...consultOf(story), level: 5, rationaleRef: 'ref' });
    expect(known(story)).toMatchObject({ status: 'Dropped' });
    expect(
      story.give('C', 'CompleteConsult', { ...consultOf(story), plannedOutcome: 'Resolved', summaryRef: 'ref' }).refusal,
    ).toBeUndefined();
  });
});

describe('The wait before a screen', () => {
  test('does not run while the patient is away', () => {
    const story = queued({ modality: 'video' });
    story.now = at('09:18');
    video(story, 'dropped', 'clinician');
    expect(dueOf(story, 'video.wait')).toEqual([at('09:38')]);
    video(story, 'dropped');
    expect(dueOf(story, 'video.wait')).toEqual([]);
    story.now = at('09:33');
    video(story, 'resumed', 'clinician');
    expect(dueOf(story, 'video.wait')).toEqual([]);
    video(story, 'connected');
    expect(dueOf(story, 'video.wait')).toEqual([at('09:53')]);
  });

  test('that was too long offers other ways, once', () => {
    const story = queued({ modality: 'video' });
    const offers = () => story.effects('send-notice').filter(({ id }) => id.includes('.wait.'));
    expect(offers()).toEqual([]);
    story.elapse('video.wait');
    const [effect] = offers();
    expect(effect?.entityId).toBe(`${consultOf(story).consultId}.wait.${at('09:08')}`);
    const notice = { noticeId: effect?.entityId, kind: 'otherWays', recipientRole: 'P', channel: 'push', textVersion: 1 };
    must(story, 'A', 'RecordNotice', { ...notice, status: 'sent' }, 'notices');
    expect(offers()).toEqual([]);
    const told = story.give('X', 'ChangeModality', { ...consultOf(story), to: 'phone', reason: 'waitedTooLong' });
    expect(dataOf(told, 'ModalityChanged')).toEqual({ ...consultOf(story), from: 'video', to: 'phone', reason: 'waitedTooLong' });
  });
});

describe('Another way to meet', () => {
  const change = (story: Story, to: string, role: 'X' | 'C' = 'X') =>
    story.give(role, 'ChangeModality', { ...consultOf(story), to, reason: 'preferred' });

  test('has the clocks of its own, unless they would have been over before', () => {
    const story = queued({ modality: 'video' });
    story.now = at('09:10');
    change(story, 'chat');
    expect([dueOf(story, 'video.wait'), dueOf(story, 'chat.first')]).toEqual([[], [at('09:13')]]);
    story.now = at('09:20');
    change(story, 'video');
    change(story, 'chat');
    expect(dueOf(story, 'chat.first')).toEqual([]);
  });

  test('is one that the pathway offers', () => {
    const { pathway } = sampleFacts;
    const facts = { pathway: { ...pathway, template: { ...pathway.template, consultModalities: ['async' as const] } } };
    expect(change(queued({ facts }), 'video')).toMatchObject({ events: [], refusal: 'modality-not-offered' });
    expect(change(queued({ facts }), 'async')).toMatchObject({ events: [], refusal: undefined });
  });

  test('is for the patient and the clinician in charge, while the consult is open', () => {
    expect(change(queued(), 'phone', 'C').refusal).toBe('not-your-role');
    expect(change(claimed(), 'phone', 'C').events).toEqual(['ModalityChanged']);
    expect(change(completed(), 'phone').refusal).toBe('not-allowed-in-state');
  });

  test('to a live one before the start asks for the place again', () => {
    const story = claimed();
    change(story, 'phone', 'C');
    expect(story.give('C', 'StartConsult', consultOf(story)).refusal).toBe('location-not-attested');
  });
});

describe('A chat', () => {
  const turn = (story: Story, kind: string, revision: number) =>
    story.give('T', 'NoteConversationTurn', { conversationId: consultOf(story).consultId, turn: kind, revision });

  test('in which the patient wrote last wakes its clinician, operations and the one on call, one after the other', () => {
    const story = started({ modality: 'chat' });
    expect(turn(story, 'clinician', 2).events).toEqual(['FirstResponseGiven', 'AwaitingPatientStarted']);
    expect(dueOf(story, 'chat.idle')).toEqual([]);
    turn(story, 'patient', 3);
    const since = story.now;
    const rungs = [1, 2, 3].map(() => {
      const told = story.elapse('chat.idle');
      expect(told.events).toEqual(['SlaBreached', 'EscalationRaised']);
      const { rung, recipientRole } = dataOf(told, 'EscalationRaised') as { rung: number; recipientRole: string };
      return [rung, recipientRole, (story.now - since) / minute];
    });
    expect(rungs).toEqual([
      [1, 'C', 15],
      [2, 'O', 30],
      [3, 'C', 60],
    ]);
    expect(dueOf(story, 'chat.idle')).toEqual([]);
  });

  test('is no longer silent once the clinician writes, and begins anew with the next words of the patient', () => {
    const story = started({ modality: 'chat' });
    turn(story, 'clinician', 2);
    turn(story, 'patient', 3);
    expect(turn(story, 'clinician', 4).events).toEqual(['AwaitingPatientStarted']);
    expect(dueOf(story, 'chat.idle')).toEqual([]);
    story.now += hour;
    turn(story, 'patient', 5);
    expect(Math.min(...dueOf(story, 'chat.idle'))).toBe(story.now + 15 * minute);
  });

  test('alone is watched so closely', () => {
    const story = started();
    turn(story, 'clinicianAsks', 2);
    turn(story, 'patient', 3);
    expect(dueOf(story, 'chat.idle')).toEqual([]);
  });
});

describe('Advice', () => {
  const advice = { kind: 'selfCare', textRef: 'ref-advice' };

  test('is given under a licence, in any stage', () => {
    const told = queued().give('C', 'GiveAdvice', advice);
    expect(told.events).toEqual(['ClinicalAdviceGiven']);
    expect(dataOf(told, 'ClinicalAdviceGiven')).toMatchObject({ ...advice, citesResults: [], licenceBasis: { licenceId: 'lic-wa' } });
  });

  test('without a licence is refused and kept, unless it is for an emergency', () => {
    const story = queued();
    story.know({ clinician: clinician('clinician-1', { licences: [] }) });
    expect(story.give('C', 'GiveAdvice', advice)).toMatchObject({ events: ['ClinicalActRefused'], refusal: 'licence-not-valid-here' });
    const told = story.give('C', 'GiveAdvice', { ...advice, kind: 'emergency' });
    expect(told.events).toEqual(['ClinicalAdviceGiven']);
    expect(dataOf(told, 'ClinicalAdviceGiven')).not.toHaveProperty('licenceBasis');
  });

  test('cites only results that there are', () =>
    expect(queued().give('C', 'GiveAdvice', { ...advice, citesResults: ['other'] }).refusal).toBe('entity-unknown'));
});
