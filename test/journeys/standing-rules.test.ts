import { unmet } from '../../domain/journey/closure-guard.ts';
import * as journeys from '../../domain/journey/index.ts';
import { obligations } from '../../domain/journey/lab/plan.ts';
import { openChildren, superState } from '../../domain/journey/super-state.ts';
import {
  atBedside,
  claimed,
  completed,
  completion,
  decided,
  known,
  must,
  ordered,
  queued,
  resultOf,
  started,
  swab,
  tested,
  visitEnded,
  visited,
  vitalsOnly,
} from './consult-setting.ts';
import { calm, priced, questionnaire, requested } from './intake-setting.ts';
import type { Story } from './story.ts';
import { happens, safe } from './visit-setting.ts';

const owner = (story: Story) => journeys.plan(story.journey).owner;
const state = (story: Story) => superState(story.journey);
const leave = (story: Story) => must(story, 'V', 'LeaveHome', { visitId: story.entityOf('VisitRequested') });
const declinedUnsafe = (story: Story) =>
  must(story, 'X', 'ScreenHomeSafety', { visitId: story.entityOf('VisitRequested'), answers: { ...safe, weaponAtHome: true } });
const informed = { channel: 'app' };

/** Everything done but for the review of the result. */
const visitOver = (): Story => {
  const story = visitEnded();
  leave(story);
  return story;
};

/** The window is over, and a task that somebody opened is not. */
const closingWithTask = (): Story => {
  const story = completed();
  must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
  story.elapse('followup.end');
  return story;
};

describe('Where a journey stands', () => {
  test.each([
    ['Queued', 'a consult waits', queued],
    ['Queued', 'a clinician holds it', claimed],
    ['InTriage', 'the consult has begun', started],
    ['Planned', 'the disposition is decided', () => decided(6)],
    ['InCare', 'something is ordered', () => ordered([swab])],
    ['FollowUp', 'only the window is open', completed],
    ['InCare', 'a visit goes on after the consult', atBedside],
    ['InCare', 'a result is not communicated', visitOver],
    ['Closing', 'closure waits for a task', closingWithTask],
  ] as const)('is %s while %s', (expected, _while, given) => expect(state(given())).toBe(expected));

  test('is InCare while a consult after the first is open', () => {
    const story = completed();
    happens(story, {
      type: 'ConsultQueued',
      data: { consultId: 'consult-2', modality: 'async', priority: 'routine', reasonCode: 'sore-throat' },
    });
    expect(openChildren(story.journey)).toEqual(['consult-2']);
    expect(state(story)).toBe('InCare');
  });

  test('is Closed at the end, and stays so', () => {
    const story = completed();
    story.elapse('followup.end');
    expect(state(story)).toBe('Closed');
    expect(owner(story)).toBeNull();
  });
});

describe('Who answers for a journey', () => {
  test('is a coordinator until a clinician holds the consult', () => {
    expect(owner(requested())).toEqual({ role: 'K' });
    expect(owner(queued())).toEqual({ role: 'K' });
    expect(owner(claimed())).toEqual({ role: 'C', id: 'clinician-1' });
  });

  test('is the clinician while the consult is open, whatever else is', () => {
    expect(owner(visited(ordered()))).toEqual({ role: 'C', id: 'clinician-1' });
  });

  test('is then the visitor who accepted the visit, until they have left', () => {
    const story = atBedside();
    expect(owner(story)).toEqual({ role: 'V', id: 'visitor-1' });
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    expect(owner(story)).toEqual({ role: 'V', id: 'visitor-1' });
    expect(owner(visitOver())).toEqual({ role: 'K' });
  });

  test('is not yet the visitor who was only asked', () => {
    const story = ordered();
    must(story, 'C', 'CompleteConsult', completion(story));
    expect(owner(visited(story, 'AssignVisitor'))).toEqual({ role: 'K' });
  });

  test('is whoever has a task, by name once it is claimed', () => {
    const story = completed();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'callback' });
    expect(owner(story)).toEqual({ role: 'C' });
    must(story, 'C', 'ClaimTask', { taskId: 't1' });
    expect(owner(story)).toEqual({ role: 'C', id: 'clinician-1' });
    must(story, 'C', 'CompleteTask', { taskId: 't1', resultCode: 'reached' });
    expect(owner(story)).toEqual({ role: 'K' });
  });

  test('is a coordinator when the consult has expired', () => {
    const story = started();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'safetyReview', cites: [story.entityOf('ConsultQueued')] });
    must(story, 'C', 'CompleteTask', { taskId: 't1', resultCode: 'expire' });
    expect(known(story)).toMatchObject({ status: 'Expired' });
    expect(owner(story)).toEqual({ role: 'K' });
  });

  test('is the owner of a task that outlives the closure', () => {
    const story = completed();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'postEdFollowUp' });
    expect(story.elapse('followup.end').events).toContain('JourneyClosed');
    expect(owner(story)).toEqual({ role: 'C' });
  });
});

describe('Closure', () => {
  test('is asked for when the window ends, with the outcome and the clinician of the consult, and then happens', () => {
    const story = completed();
    const told = story.elapse('followup.end');
    expect(told.events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
    expect(story.happened.find(({ type }) => type === 'ClosureRequested')?.data).toMatchObject({
      proposedOutcome: 'Resolved',
      by: 'clinician-1',
      resolvedBy: 'clinician-1',
    });
    expect(story.happened.at(-1)?.data).toMatchObject({
      outcome: 'Resolved',
      resolvedBy: 'clinician-1',
      summaryRef: 'ref-summary',
      guardEvidence: told.decided.events.slice(0, 3).map(({ id }) => id),
      conversationIds: [story.entityOf('ConsultQueued')],
    });
  });

  test('is not asked for while a consult is open, nor without one that was completed', () => {
    const story = decided(9);
    expect(must(story, 'C', 'RecordDiagnosis', { icd10: 'J02.9', certainty: 'provisional' }).events).toEqual(['DiagnosisRecorded']);
    expect(state(story)).toBe('Planned');
  });

  test('waits for a result that is not reviewed or not told, and follows the last of both', () => {
    const story = visitOver();
    const { resultId } = resultOf(story);
    expect(obligations(story.journey)).toEqual([
      { item: 1, entityId: 'o1' },
      { item: 2, entityId: resultId },
    ]);
    must(story, 'X', 'EndFollowUpEarly');
    expect(must(story, 'C', 'ReviewResult', resultOf(story)).events).toEqual(['ResultReviewed']);
    expect(obligations(story.journey)).toHaveLength(2);
    const told = must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), ...informed });
    expect(told.events).toEqual(['PatientInformedOfResult', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
    expect(obligations(story.journey)).toEqual([]);
  });

  test('waits as well for a review after the patient was told', () => {
    const story = visitOver();
    must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), ...informed });
    expect(obligations(story.journey).map(({ item }) => item)).toEqual([1, 2]);
    must(story, 'X', 'EndFollowUpEarly');
    expect(must(story, 'C', 'ReviewResult', resultOf(story)).events).toContain('JourneyClosed');
  });

  test('waits for a test that nobody has done', () => {
    const story = ordered([swab]);
    must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
    must(story, 'C', 'CompleteConsult', completion(story));
    must(story, 'X', 'EndFollowUpEarly');
    expect(obligations(story.journey)).toEqual([{ item: 1, entityId: 'o1' }]);
    expect(state(story)).toBe('InCare');
  });

  test('waits for a visitor who is still in the home', () => {
    const story = visitEnded();
    must(story, 'C', 'ReviewResult', resultOf(story));
    must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), ...informed });
    expect(story.elapse('followup.end').events).toEqual(['FollowUpWindowClosed']);
    expect(leave(story).events).toContain('JourneyClosed');
  });

  test('waits for an open task, and follows its completion', () => {
    const story = closingWithTask();
    expect(story.happened.slice(-3).map(({ type }) => type)).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered']);
    expect(unmet(story.journey, 'Resolved')).toEqual([{ item: 13, entityId: 't1' }]);
    expect(must(story, 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' }).events).toEqual(['TaskCompleted', 'JourneyClosed']);
  });

  test('gives way to care when a new order appears, and comes when that has ended too, with one survey', () => {
    const story = closingWithTask();
    must(story, 'C', 'PlaceOrders', { orders: [vitalsOnly] });
    expect(state(story)).toBe('InCare');
    must(story, 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' });
    expect(state(story)).toBe('InCare');
    expect(declinedUnsafe(story).events).toContain('JourneyClosed');
    expect(story.happened.filter(({ type }) => type === 'SurveyOffered')).toHaveLength(1);
  });

  test('waits for an emergency that is declared while it waits', () => {
    const story = closingWithTask();
    must(story, 'C', 'DecideDisposition', { level: 1, rationaleRef: 'ref-rationale' });
    expect(must(story, 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' }).events).toEqual(['TaskCompleted']);
    expect(unmet(story.journey, 'Resolved')).toEqual([{ item: 6, entityId: story.entityOf('EmergencyDeclared') }]);
  });

  test('of a journey that a late message opened again comes with its answer, and offers no second survey', () => {
    const story = completed();
    story.elapse('followup.end');
    const turn = (kind: string, revision: number) =>
      must(story, 'T', 'NoteConversationTurn', { conversationId: story.entityOf('ConsultQueued'), turn: kind, revision }).events;
    expect(turn('patient', 5)).toEqual(['JourneyReopened', 'FollowUpQuestionOpened', 'ClosureRequested']);
    expect(turn('clinician', 6)).toEqual(['FollowUpQuestionAnswered', 'JourneyClosed']);
  });

  test.each([
    ['Resolved', [9]],
    ['Cancelled', []],
    ['Abandoned', []],
  ] as const)('as %s leaves unmet of a survey never offered: %j', (outcome, items) => {
    const { journey } = queued();
    expect(unmet(journey, outcome).map(({ item }) => item)).toEqual(items);
  });
});

describe('A danger before the acceptance', () => {
  const raise = (story: Story) => {
    must(story, 'K', 'RaiseRedFlag', { ruleId: 'rf-call', source: 'call' });
    return story.entityOf('TaskOpened');
  };
  const clear = (story: Story, taskId: string, resultCode = 'clear') => must(story, 'C', 'CompleteTask', { taskId, resultCode }).events;
  const consent = (story: Story) => must(story, 'X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 }).events;
  const flagged = () => {
    const story = priced();
    must(story, 'X', 'SubmitQuestionnaire', questionnaire({ ...calm, cannotSwallow: true }));
    return story;
  };

  test('holds the journey until its own call was found clear, however many came before', () => {
    const story = flagged();
    clear(story, story.entityOf('TaskOpened'));
    const second = raise(story);
    expect(consent(story)).toEqual(['ConsentGranted']);
    expect(clear(story, second)).toEqual(['TaskCompleted', 'JourneyAccepted', 'ConsultQueued']);
  });

  test('holds the journey while an earlier call is still to be made', () => {
    const story = flagged();
    const first = story.entityOf('TaskOpened');
    consent(story);
    expect(clear(story, raise(story))).toEqual(['TaskCompleted']);
    expect(clear(story, first)).toEqual(['TaskCompleted', 'JourneyAccepted', 'ConsultQueued']);
  });

  test('whose call was only called off holds the journey', () => {
    const story = flagged();
    consent(story);
    expect(must(story, 'K', 'CancelTask', { taskId: story.entityOf('TaskOpened'), reason: 'clear' }).events).toEqual(['TaskCancelled']);
  });

  test('whose call found nobody holds the journey until a later call is clear', () => {
    const story = flagged();
    consent(story);
    expect(clear(story, story.entityOf('TaskOpened'), 'notReached')).toEqual(['TaskCompleted']);
    must(story, 'K', 'OpenTask', { taskId: 't2', kind: 'urgentCall' });
    expect(clear(story, 't2')).toEqual(['TaskCompleted', 'JourneyAccepted', 'ConsultQueued']);
  });
});

test('A result that is told for the first time is the end of the care, not of the journey', () => {
  const story = tested();
  must(story, 'C', 'ReviewResult', resultOf(story));
  expect(must(story, 'C', 'InformPatientOfResult', { ...resultOf(story), ...informed }).events).toEqual(['PatientInformedOfResult']);
  expect(state(story)).toBe('InCare');
});
