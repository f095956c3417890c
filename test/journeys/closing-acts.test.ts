import { outcome, state } from './closing-setting.ts';
import { completed, must, ordered, queued, swab } from './consult-setting.ts';
import { closed, consulted } from './follow-up-setting.ts';
import { covered, identified, requested } from './intake-setting.ts';
import { at, dataOf, happens } from './visit-setting.ts';

describe('A journey that is refused', () => {
  const refusal = { reason: 'not-our-service', alternatives: ['videoConsult'] };

  test('closes at once with alternatives, and its tasks fall but for those that outlive it', () => {
    const story = identified();
    story.give('K', 'OpenTask', { taskId: 'help', kind: 'identityHelp' });
    story.give('K', 'OpenTask', { taskId: 'call', kind: 'urgentCall' });
    const told = story.give('K', 'RefuseJourney', refusal);
    expect(told.events).toEqual(['TaskCancelled', 'JourneyRefused', 'JourneyClosed']);
    expect(dataOf(told, 'JourneyRefused')).toEqual({ employerId: 'employer-1', ...refusal });
    expect(outcome(story)).toBe('Refused');
    expect(story.journey.work.tasks['call']?.status).toBe('open');
  });

  test('was not accepted before', () => {
    expect(queued().give('K', 'RefuseJourney', refusal).refusal).toBe('already-accepted');
  });

  test('is not sent away over an open emergency case', () => {
    const story = happens(identified(), {
      type: 'EmergencyDeclared',
      data: { caseId: 'case-1', trigger: 'chestPain', ownerRole: 'C', callDueAt: at('10:00') },
    });
    expect(story.give('K', 'RefuseJourney', refusal)).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });
});

test('a journey that is cancelled in its intake leaves no task but those that outlive it', () => {
  const story = identified();
  story.give('K', 'OpenTask', { taskId: 'help', kind: 'identityHelp' });
  story.give('K', 'OpenTask', { taskId: 'call', kind: 'urgentCall' });
  expect(story.give('X', 'CancelJourney', { reason: 'changed-mind' }).events).toEqual([
    'TaskCancelled',
    'JourneyCancelled',
    'JourneyClosed',
  ]);
  expect(story.journey.work.tasks['call']?.status).toBe('open');
});

test('a task of a journey that was accepted is somebody’s to end after a cancellation', () => {
  const story = completed();
  must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
  expect(story.give('X', 'CancelJourney', { reason: 'changed-mind' }).events).toEqual(['JourneyCancelled']);
});

describe('A consent', () => {
  const scopes = (...names: string[]) => ({ scopes: names, textVersion: 1 });

  test('to treatment that is refused cancels the journey; another one does not', () => {
    const story = covered();
    expect(story.give('X', 'RefuseConsent', scopes('sharing')).events).toEqual(['ConsentRefused']);
    const told = story.give('X', 'RefuseConsent', scopes('treatment', 'telehealth'));
    expect(told.events).toEqual(['ConsentRefused', 'JourneyCancelled', 'JourneyClosed']);
    expect(dataOf(told, 'ConsentRefused')).toEqual({ ...scopes('treatment', 'telehealth'), proxyId: 'parent-1' });
    expect(dataOf(told, 'JourneyCancelled')).toEqual({ by: 'parent-1', stage: 'Screening', reason: 'consent-refused' });
  });

  test('of a minor is refused by a proxy whose authority is verified', () => {
    expect(requested().give('X', 'RefuseConsent', scopes('sharing')).refusal).toBe('proxy-missing');
  });

  test('to sharing that is withdrawn ends nothing and does not count any more', () => {
    const story = completed();
    expect(story.give('X', 'WithdrawConsent', scopes('sharing')).events).toEqual(['ConsentWithdrawn']);
    expect(state(story)).toBe('FollowUp');
    must(story, 'X', 'GrantConsent', scopes('sharing'));
    expect(story.journey.intake.consents).toContain('sharing');
    must(story, 'X', 'WithdrawConsent', scopes('sharing'));
    expect(story.journey.intake.consents).not.toContain('sharing');
  });

  test('to surveys that is refused waives the survey', () => {
    const story = consulted();
    must(story, 'P', 'RefuseConsent', scopes('survey'));
    const told = story.elapse('followup.end');
    expect(told.events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyWaived', 'JourneyClosed']);
    expect(dataOf(told, 'SurveyWaived')).toEqual({ instrument: 'experience-5', version: 1, reason: 'opted-out' });
    expect(story.deadlines()).toEqual([]);
    expect(story.give('P', 'RecordSurvey', { scores: { overall: 5 } }).refusal).toBe('not-allowed-in-state');
  });

  test('to surveys that is given again brings the survey back', () => {
    const story = consulted();
    must(story, 'P', 'RefuseConsent', scopes('survey'));
    must(story, 'P', 'GrantConsent', scopes('survey'));
    expect(story.elapse('followup.end').events).toContain('SurveyOffered');
  });
});

describe('The payer’s loss', () => {
  const loss = { effectiveOn: at('00:00', 1), graceUntil: at('00:00', 31) };

  test('before the acceptance is a denial, so that other ways are offered', () => {
    const story = covered();
    const told = story.give('T', 'RecordEligibilityLoss', loss);
    expect(told.events).toEqual(['EligibilityLost', 'EligibilityDenied']);
    expect(dataOf(told, 'EligibilityLost')).toEqual(loss);
    expect(story.journey.intake.eligibility?.answer).toBe('denied');
  });

  test('is told once, ends nothing, and has the patient called about the price', () => {
    const story = queued();
    const told = story.give('A', 'RecordEligibilityLoss', loss, { who: 'eligibility' });
    expect(dataOf(told, 'TaskOpened')).toMatchObject({ kind: 'patientCall' });
    expect(story.give('A', 'RecordEligibilityLoss', loss, { who: 'eligibility' }).events).toEqual([]);
    expect(story.journey.intake.lost).toEqual(loss);
    expect(state(story)).toBe('Queued');
  });

  test('is a fact, also after the journey closed', () => {
    expect(closed().give('T', 'RecordEligibilityLoss', loss).events).toEqual(['EligibilityLost']);
  });
});

describe('A death', () => {
  const death = { sourceRef: 'ref-source', on: '2026-10-20' };

  test('is a fact: it is taken in every state, told once, and nobody changes the outcome after it', () => {
    const story = ordered([swab]);
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    must(story, 'X', 'CancelJourney', { reason: 'changed-mind' });
    const told = story.give('K', 'RecordDeath', death);
    expect(told.events).toEqual(['PatientDeathReported']);
    expect(dataOf(told, 'PatientDeathReported')).toEqual({ by: 'coordinator-1', stage: 'Closing', ...death });
    expect(story.give('K', 'RecordDeath', death)).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('X', 'CancelJourney', { reason: 'changed-mind' }).refusal).toBe('not-allowed-in-state');
    expect(story.give('C', 'LeaveAgainstAdvice', { capacityStated: true, statementRef: 'ref-1' }).refusal).toBe('not-allowed-in-state');
    expect(story.give('X', 'WithdrawConsent', { scopes: ['treatment'], textVersion: 1 }).events).toEqual(['ConsentWithdrawn']);
    must(story, 'K', 'CancelTask', { taskId: 't1', reason: 'patient-died' });
    expect(outcome(story)).toBe('Deceased');
  });

  test('after the close stops the survey and changes nothing else', () => {
    const story = closed();
    expect(story.deadlines()).toHaveLength(2);
    expect(story.give('A', 'RecordDeath', death).events).toEqual(['PatientDeathReported']);
    expect(story.deadlines()).toEqual([]);
    expect(outcome(story)).toBe('Resolved');
    expect(story.give('X', 'RecordSurvey', { scores: { overall: 5 } }).refusal).toBe('not-allowed-in-state');
  });

  test('stops every notice and check-in to the patient at once, and no survey is offered', () => {
    const story = consulted();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    must(story, 'T', 'SendCheckIn', { n: 1 });
    expect(story.effects('send-notice').length).toBeGreaterThan(0);
    expect(story.deadlines().some((text) => text.startsWith('followup.checkin'))).toBe(true);
    must(story, 'K', 'RecordDeath', death);
    expect(state(story)).toBe('Closing');
    expect([story.effects('send-notice'), story.effects('send-check-in')]).toEqual([[], []]);
    expect(story.deadlines().some((text) => text.startsWith('followup.checkin'))).toBe(false);
    happens(story, { type: 'SurveyReminded', data: { instrument: 'experience-5', version: 1 } });
    expect(story.effects('send-notice')).toEqual([]);
    must(story, 'K', 'CancelTask', { taskId: 't1', reason: 'patient-died' });
    expect(story.happened.some(({ type }) => type === 'SurveyOffered')).toBe(false);
  });
});
