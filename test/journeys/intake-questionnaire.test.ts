import { superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { calm, identified, place, priced, questionnaire, requested } from './intake-setting.ts';
import { firstDay } from './sample-facts.ts';

describe('the questionnaire', () => {
  const consented = () => {
    const story = priced();
    story.give('X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
    return story;
  };

  test('without a red flag opens the last gate: accepted, and the first consult queued', () => {
    const story = consented();
    expect(story.give('X', 'SubmitQuestionnaire', questionnaire(calm)).events).toEqual([
      'IntakeQuestionnaireCompleted',
      'RedFlagScreenCleared',
      'JourneyAccepted',
      'ConsultQueued',
    ]);
    expect(superState(story.journey)).toBe('Queued');
  });

  test('before the other gates hold is taken, and the last gate accepts', () => {
    const story = priced();
    expect(story.give('X', 'SubmitQuestionnaire', questionnaire(calm)).events).toEqual([
      'IntakeQuestionnaireCompleted',
      'RedFlagScreenCleared',
    ]);
    expect(story.give('X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 }).events).toEqual([
      'ConsentGranted',
      'JourneyAccepted',
      'ConsultQueued',
    ]);
  });

  test('in another version is not taken', () => {
    expect(consented().give('X', 'SubmitQuestionnaire', { ...questionnaire(calm), version: 9 }).refusal).toBe('questionnaire-version');
  });

  test('with an emergency flag declares the emergency and shows the text in the same decision; nothing is queued', () => {
    const story = consented();
    const { events } = story.give('X', 'SubmitQuestionnaire', questionnaire({ ...calm, troubleBreathing: true }));
    expect(events).toEqual(['IntakeQuestionnaireCompleted', 'RedFlagRaised', 'EmergencyDeclared', 'EmergencyTextShown']);
    expect(superState(story.journey)).toBe('Screening');
    expect(story.deadlines()).toContain(`emergency.call@${new Date(story.now + 5 * minute).toISOString()}`);
    expect(story.deadlines().some((deadline) => deadline.startsWith('intake.abandon'))).toBe(false);
  });

  test('answered again without a flag does not go past the emergency that the first answers declared', () => {
    const story = consented();
    story.give('X', 'SubmitQuestionnaire', questionnaire({ ...calm, drooling: true }));
    expect(story.give('X', 'SubmitQuestionnaire', questionnaire(calm)).events).toEqual([
      'IntakeQuestionnaireCompleted',
      'RedFlagScreenCleared',
    ]);
    expect(superState(story.journey)).toBe('Screening');
  });

  test('with an unanswered question counts its rule as raised', () => {
    const { drooling: _left, ...rest } = calm;
    expect(consented().give('X', 'SubmitQuestionnaire', questionnaire(rest)).events).toContain('EmergencyDeclared');
  });

  test('with an urgent flag asks a clinician to call, and goes on once the call was clear', () => {
    const story = consented();
    expect(story.give('X', 'SubmitQuestionnaire', questionnaire({ ...calm, cannotSwallow: true })).events).toEqual([
      'IntakeQuestionnaireCompleted',
      'RedFlagRaised',
      'EmergencyTextShown',
      'TaskOpened',
    ]);
    expect(story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'clear' }).events).toEqual([
      'TaskCompleted',
      'JourneyAccepted',
      'ConsultQueued',
    ]);
  });
});

describe('time', () => {
  test('an intake that nobody finishes is abandoned after 24 hours and closed, its tasks first', () => {
    const story = identified();
    story.give('K', 'OpenTask', { taskId: 't1', kind: 'identityHelp' });
    expect(story.elapse('intake.abandon').events).toEqual(['TaskCancelled', 'JourneyAbandoned', 'JourneyClosed']);
    expect(story.now).toBe(firstDay + 24 * hour);
    expect(story.give('X', 'AttestLocation', place).refusal).toBe('journey-closed');
  });

  test('a deadline given before it is due, or after it fell, leaves nothing', () => {
    const story = requested();
    const deadline = { name: 'intake.abandon', entityId: 'intake', dueAt: firstDay + 24 * hour };
    expect(story.give('T', 'ElapseDeadline', deadline)).toMatchObject({ events: [], refusal: undefined });
    story.now += 25 * hour;
    expect(story.give('T', 'ElapseDeadline', { ...deadline, dueAt: firstDay + hour })).toMatchObject({ events: [], refusal: undefined });
  });

  test('coverage is asked for again at six on the first of the month', () => {
    const story = priced();
    story.give('X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
    story.give('X', 'SubmitQuestionnaire', questionnaire(calm));
    expect(story.deadlines()).toContain('eligibility.recheck@2026-11-01T14:00:00.000Z');
    expect(story.elapse('eligibility.recheck').events).toEqual(['EligibilityCheckRequested']);
  });
});
