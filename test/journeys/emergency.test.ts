import * as journeys from '../../domain/journey/index.ts';
import { overlays, superState } from '../../domain/journey/super-state.ts';
import { minute } from '../../domain/kernel/time.ts';
import { as, completion, decided, decision, must, queued, started } from './consult-setting.ts';
import { calm, priced, questionnaire } from './intake-setting.ts';
import type { Story } from './story.ts';
import { dataOf, dueOf } from './visit-setting.ts';

const called = (story: Story) =>
  story.give('C', 'RecordContactAttempt', { purpose: 'emergency', to: 'patient', channel: 'phone', outcome: 'reached' });

/** A questionnaire whose answers are an emergency. */
const alarmed = (): Story => {
  const story = priced();
  must(story, 'X', 'SubmitQuestionnaire', questionnaire({ ...calm, troubleBreathing: true }));
  return story;
};

describe('An emergency', () => {
  test.each([
    ['an answer of the questionnaire', alarmed, 'Screening', 'rf-trouble-breathing'],
    ['a disposition of level 1', () => decided(1), 'Planned', 'disposition-1'],
  ] as const)('declared by %s calls for a clinician within 5 minutes and hides nothing', (_what, given, state, trigger) => {
    const story = given();
    const declared = story.happened.find(({ type }) => type === 'EmergencyDeclared');
    expect(declared?.data).toMatchObject({ trigger, ownerRole: 'C', callDueAt: story.now + 5 * minute });
    expect(dueOf(story, 'emergency.call')).toEqual([story.now + 5 * minute]);
    expect(overlays(story.journey)).toEqual(['Emergency']);
    expect(superState(story.journey)).toBe(state);
    expect(journeys.plan(story.journey).owner).toEqual({ role: 'C' });
  });

  test('without a call in time is a breach, once, and stays open', () => {
    const story = decided(1);
    const told = story.elapse('emergency.call');
    expect(told.events).toEqual(['SlaBreached']);
    expect(dataOf(told, 'SlaBreached')).toMatchObject({ clock: 'emergency.call', entityId: story.entityOf('EmergencyDeclared') });
    expect(dueOf(story, 'emergency.call')).toEqual([]);
    expect(overlays(story.journey)).toEqual(['Emergency']);
  });

  test('is called for until the first attempt to reach the patient', () => {
    const story = decided(1);
    expect(called(story).events).toEqual(['ContactAttempted']);
    expect(dueOf(story, 'emergency.call')).toEqual([]);
    expect(overlays(story.journey)).toEqual(['Emergency']);
  });

  test('is not answered by a call that was made before it', () => {
    const story = started();
    called(story);
    must(story, 'C', 'DecideDisposition', decision(story, 1));
    expect(dueOf(story, 'emergency.call')).toHaveLength(1);
  });

  test('goes on when the level is lowered, and keeps the journey from closing', () => {
    const story = decided(1);
    must(story, 'C', 'DecideDisposition', decision(story, 9));
    const dispositionId = story.entityOf('DispositionLoweringRequested');
    expect(as(story, 'clinician-2', 'ApproveDispositionLowering', { dispositionId }).refusal).toBeUndefined();
    expect(as(story, 'clinician-1', 'CompleteConsult', completion(story)).refusal).toBeUndefined();
    expect(story.elapse('followup.end').events).toEqual(['FollowUpWindowClosed']);
    expect(overlays(story.journey)).toEqual(['Emergency']);
    expect(superState(story.journey)).toBe('Planned');
  });

  test('is none without a trigger', () => {
    expect(overlays(queued().journey)).toEqual([]);
    expect(overlays(decided(2).journey)).toEqual([]);
  });
});
