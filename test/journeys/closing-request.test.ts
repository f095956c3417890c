import { unmet } from '../../domain/journey/closure-guard.ts';
import * as journeys from '../../domain/journey/index.ts';
import { adrift, ask, outcome, state } from './closing-setting.ts';
import { completed, must, started, tested, visitEnded, vitalsOnly } from './consult-setting.ts';
import { closed, consulted, standing, turn, windowEnd } from './follow-up-setting.ts';
import { identified } from './intake-setting.ts';
import type { Story } from './story.ts';
import { at, dataOf, happens } from './visit-setting.ts';

describe('Closure that somebody asks for', () => {
  test('is granted to a clinician once nothing is left to do, with a survey', () => {
    const story = adrift();
    const told = ask(story, 'Resolved');
    expect(told.events).toEqual(['ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
    expect(dataOf(told, 'ClosureRequested')).toEqual({ proposedOutcome: 'Resolved', by: 'clinician-1', resolvedBy: 'clinician-1' });
    expect(outcome(story)).toBe('Resolved');
  });

  test('is refused with all that is still owed, the survey aside, and the refusal is kept', () => {
    const story = completed();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    const told = ask(story, 'Resolved');
    expect([told.events, told.refusal]).toEqual([['ClosureRefused'], undefined]);
    expect(dataOf(told, 'ClosureRefused')).toEqual({
      proposedOutcome: 'Resolved',
      by: 'clinician-1',
      obligations: [
        { item: 13, entityId: 't1' },
        { item: 11, entityId: 'window' },
      ],
    });
    expect(state(story)).toBe('FollowUp');
  });

  test('names every kind of obligation that a stage may have', () => {
    const items = (story: Story) => unmet(story.journey, 'Resolved').map(({ item }) => item);
    expect(items(tested())).toEqual(expect.arrayContaining([1, 2, 5, 9, 11]));
    const danger = happens(completed(), {
      type: 'EmergencyDeclared',
      data: { caseId: 'case-1', trigger: 'chestPain', ownerRole: 'C', callDueAt: at('10:00') },
    });
    expect(items(danger)).toContain(6);
    const asked = consulted();
    turn(asked, 'patient', 3);
    expect(items(asked)).toContain(7);
    // Charges are captured by the decision that earns them, so that none is ever outstanding.
    expect(items(visitEnded())).not.toContain(10);
  });

  test('waits for the end of a consult', () => {
    expect(ask(started(), 'Resolved').refusal).toBe('not-allowed-in-state');
  });

  test('falls when something new is begun, and the ending rule asks again', () => {
    const story = completed();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    story.elapse('followup.end');
    expect(state(story)).toBe('Closing');
    must(story, 'C', 'PlaceOrders', { orders: [vitalsOnly] });
    expect(state(story)).toBe('InCare');
    const visit = { visitId: story.entityOf('VisitRequested') };
    const unsafe = { dogAtHome: false, weaponAtHome: true, safeEntrance: true };
    expect(must(story, 'X', 'ScreenHomeSafety', { ...visit, answers: unsafe }).events).toEqual(['VisitDeclinedUnsafe', 'ClosureRequested']);
    expect(state(story)).toBe('Closing');
  });

  test('is asked for once: the same wish adds nothing, another one is heard', () => {
    const story = completed();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    story.elapse('followup.end');
    expect(ask(story, 'Resolved')).toMatchObject({ events: [], refusal: undefined });
    must(story, 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' });
    expect(outcome(story)).toBe('Resolved');
    expect(ask(story, 'Resolved').refusal).toBe('journey-closed');
  });

  test('without a proposal takes what the consult has planned, and nothing where there is no plan', () => {
    const story = completed();
    expect(dataOf(ask(story), 'ClosureRefused')).toMatchObject({ proposedOutcome: 'Resolved' });
    expect(ask(adrift()).refusal).toBe('not-allowed-in-state');
  });
});

describe('A journey that is opened again', () => {
  test('by hand is in care until closure is asked for, and needs no second survey', () => {
    const story = closed();
    const told = story.give('K', 'ReopenJourney', { cause: 'complaint' });
    expect(told.events).toEqual(['JourneyReopened']);
    expect(dataOf(told, 'JourneyReopened')).toEqual({ cause: 'complaint', causedBy: 'coordinator-1' });
    expect(state(story)).toBe('InCare');
    expect(must(story, 'K', 'AddNote', { noteRef: 'ref-note', visibility: 'team' }).events).toEqual(['NoteAdded']);
    expect(state(story)).toBe('InCare');
    expect(ask(story, 'Resolved').events).toEqual(['ClosureRequested', 'JourneyClosed']);
    expect(state(story)).toBe('Closed');
  });

  test('was closed before', () => {
    expect(consulted().give('K', 'ReopenJourney', { cause: 'error' }).refusal).toBe('not-allowed-in-state');
  });

  test('in its intake is nobody’s to abandon, and closes as it did when asked to', () => {
    const story = identified();
    must(story, 'X', 'CancelJourney', { reason: 'changed-mind' });
    must(story, 'K', 'ReopenJourney', { cause: 'error' });
    expect(story.deadlines().filter((text) => text.startsWith('intake'))).toEqual([]);
    expect(state(story)).toBe('InCare');
    expect(ask(story, 'Cancelled', 'K').events).toEqual(['ClosureRequested', 'JourneyClosed']);
  });

  test('may be cancelled again', () => {
    const story = completed();
    must(story, 'X', 'CancelJourney', { reason: 'changed-mind' });
    must(story, 'K', 'ReopenJourney', { cause: 'error' });
    expect(story.give('X', 'CancelJourney', { reason: 'changed-mind' }).events).toEqual(['JourneyCancelled', 'JourneyClosed']);
  });

  test('by a late message closes by itself with the answer, as it was', () => {
    const story = completed();
    must(story, 'X', 'CancelJourney', { reason: 'changed-mind' });
    const conversationId = story.entityOf('ConsultQueued');
    const note = (whose: string, revision: number) =>
      must(story, 'T', 'NoteConversationTurn', { conversationId, turn: whose, revision }).events;
    expect(note('patient', 5)).toEqual(['JourneyReopened', 'FollowUpQuestionOpened', 'ClosureRequested']);
    expect(note('clinician', 6)).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
    expect(outcome(story)).toBe('Cancelled');
  });
});

describe('A service recovery', () => {
  const opened = (): Story => {
    const story = closed();
    must(story, 'X', 'RecordSurvey', { scores: { overall: 1 } });
    return story;
  };
  const finding = (story: Story) => ({ recoveryId: story.entityOf('ServiceRecoveryOpened'), findingRef: 'ref-finding' });

  test('is closed with its finding, once somebody has spoken to the patient', () => {
    const story = opened();
    expect(journeys.plan(story.journey).owner).toEqual({ role: 'K' });
    expect(story.give('K', 'CloseServiceRecovery', finding(story)).refusal).toBe('not-allowed-in-state');
    must(story, 'K', 'RecordContactAttempt', { purpose: 'serviceRecovery', to: 'patient', channel: 'phone', outcome: 'reached' });
    const told = story.give('O', 'CloseServiceRecovery', finding(story));
    expect(told.events).toEqual(['ServiceRecoveryClosed']);
    expect(dataOf(told, 'ServiceRecoveryClosed')).toEqual(finding(story));
    expect(journeys.plan(story.journey).owner).toBeNull();
  });

  test('that nobody opened is unknown', () => {
    expect(closed().give('K', 'CloseServiceRecovery', { recoveryId: 'r1', findingRef: 'f1' }).refusal).toBe('entity-unknown');
    const story = opened();
    expect(story.deadlines()).toEqual([
      standing('recovery.start', story.journey.closing.recoveries[finding(story).recoveryId]?.dueAt ?? 0),
    ]);
    expect(windowEnd).toBeLessThan(story.journey.closing.recoveries[finding(story).recoveryId]?.dueAt ?? 0);
  });
});
