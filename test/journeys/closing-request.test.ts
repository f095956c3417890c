import { unmet } from '../../domain/journey/closure-guard.ts';
import * as journeys from '../../domain/journey/index.ts';
import { superState } from '../../domain/journey/super-state.ts';
import { minute } from '../../domain/kernel/time.ts';
import { completed, completion, decided, decision, must, ordered, queued, started, swab, tested, vitalsOnly } from './consult-setting.ts';
import { closed, consulted, standing, turn, windowEnd } from './follow-up-setting.ts';
import { covered, identified, requested } from './intake-setting.ts';
import type { Story } from './story.ts';
import { at, dataOf, happens } from './visit-setting.ts';

const state = ({ journey }: Story) => superState(journey);
const outcome = ({ journey }: Story) => journey.closing.closed?.outcome;
const ask = (story: Story, proposedOutcome?: string, role: 'C' | 'K' | 'M' = 'C') =>
  story.give(role, 'RequestClosure', proposedOutcome ? { proposedOutcome } : {});

/** A journey whose consult expired, so that nobody has it in hand. */
const adrift = (): Story => {
  const story = started();
  must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'safetyReview', cites: [story.entityOf('ConsultQueued')] });
  must(story, 'C', 'CompleteTask', { taskId: 't1', resultCode: 'expire' });
  return story;
};

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

describe('An outcome', () => {
  test('Resolved is a clinician’s act: a coordinator cannot resolve what no clinician completed', () => {
    expect(ask(adrift(), 'Resolved', 'K').refusal).toBe('not-allowed-in-state');
    expect(ask(adrift(), 'Resolved', 'M').events).toContain('JourneyClosed');
    const story = closed();
    must(story, 'K', 'ReopenJourney', { cause: 'error' });
    const told = ask(story, 'Resolved', 'K');
    expect(dataOf(told, 'ClosureRequested')).toMatchObject({ by: 'coordinator-1', resolvedBy: 'clinician-1' });
  });

  test.each([
    'EmergencyHandedOff',
    'ReferredOut',
    'Withdrawn',
    'LeftAgainstAdvice',
    'LostToFollowUp',
    'Refused',
    'Abandoned',
    'Deceased',
    'Cancelled',
    'SelfCare',
  ])('%s is not to be had without what it needs', (proposed) => {
    const story = adrift();
    expect(ask(story, proposed)).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
    expect(state(story)).not.toBe('Closed');
  });

  test('LostToFollowUp needs the contact ladder and then a clinician’s look at the risk', () => {
    const story = adrift();
    const attempt = (channel: string, result = 'not-reached') =>
      must(story, 'K', 'RecordContactAttempt', { purpose: 'callback', to: 'patient', channel, outcome: result });
    const review = (taskId: string, role: 'C' | 'K' = 'C') => {
      must(story, 'K', 'OpenTask', { taskId, kind: 'riskReview' });
      must(story, role, 'CompleteTask', { taskId, resultCode: 'acceptable' });
    };
    const lost = () => ask(story, 'LostToFollowUp', 'K').refusal;
    review('r0');
    story.now += minute;
    for (const channel of ['phone', 'phone', 'phone']) attempt(channel);
    review('r1');
    expect(lost()).toBe('not-allowed-in-state');
    attempt('phone', 'reached');
    attempt('phone');
    attempt('sms');
    review('r2');
    expect(lost()).toBe('not-allowed-in-state');
    story.now += minute;
    attempt('phone');
    expect(lost()).toBe('not-allowed-in-state');
    review('r3', 'K');
    expect(lost()).toBe('not-allowed-in-state');
    review('r4');
    expect(ask(story, 'LostToFollowUp', 'K').events).toEqual(['ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
    expect(outcome(story)).toBe('LostToFollowUp');
  });

  test('SelfCare is planned at level 9 alone', () => {
    const story = decided(6);
    expect(story.give('C', 'CompleteConsult', completion(story, 'SelfCare')).refusal).toBe('not-allowed-in-state');
    expect(story.give('C', 'CompleteConsult', completion(story, 'Resolved')).events).toContain('ConsultCompleted');
  });

  test('SelfCare comes when the window ends and nothing was ordered since', () => {
    const story = decided(9);
    must(story, 'C', 'CompleteConsult', completion(story, 'SelfCare'));
    story.elapse('followup.end');
    expect(outcome(story)).toBe('SelfCare');
  });

  test('SelfCare gives way to Resolved once something was ordered after it', () => {
    const story = decided(9);
    must(story, 'C', 'PlaceOrders', { orders: [swab] });
    must(story, 'C', 'CompleteConsult', completion(story, 'SelfCare'));
    happens(story, { type: 'LabOrderCancelled', data: { orderId: 'o1', reason: 'not-needed', by: 'clinician-1' } });
    must(story, 'C', 'ConfirmAllergyList', { codedList: [] });
    must(story, 'C', 'ConfirmMedicationList', { codedList: [] });
    must(story, 'C', 'DraftPrescription', { rxId: 'p1', rxnorm: '723', sig: 'two-times-a-day', quantity: 20, days: 10 });
    happens(story, { type: 'MedicationPickedUp', data: { rxId: 'p1', pharmacyId: 'pharmacy-1', at: story.now } });
    story.elapse('followup.end');
    expect(outcome(story)).toBe('Resolved');
  });

  test('SelfCare holds again if the clinician decides it anew after the order', () => {
    const story = ordered([swab]);
    must(story, 'C', 'DecideDisposition', decision(story, 9));
    must(story, 'C', 'CompleteConsult', completion(story, 'SelfCare'));
    expect(story.journey.closing.orderedSince).toBe(false);
  });

  test.each(['ReferredOut', 'EmergencyHandedOff', 'Cancelled', 'Withdrawn', 'Deceased', 'LostToFollowUp'])(
    '%s is nothing that a consult may plan',
    (planned) => {
      const { data } = journeys.commands['CompleteConsult'] ?? {};
      expect(data?.safeParse({ consultId: 'c1', plannedOutcome: planned, summaryRef: 's1' }).success).toBe(false);
    },
  );

  test('is not to be changed once the patient’s act has given it', () => {
    const story = ordered([swab]);
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    must(story, 'X', 'CancelJourney', { reason: 'changed-mind' });
    expect(state(story)).toBe('Closing');
    expect(ask(story, 'Resolved').refusal).toBe('not-allowed-in-state');
    expect(story.give('X', 'CancelJourney', { reason: 'changed-mind' })).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('K', 'CancelTask', { taskId: 't1', reason: 'not-needed' }).events).toEqual(['TaskCancelled', 'JourneyClosed']);
    expect(outcome(story)).toBe('Cancelled');
  });

  test('of a patient who has ended the only consult is Cancelled, once a coordinator asks for it', () => {
    const story = started();
    happens(story, { type: 'ConsultEndedByPatient', data: { consultId: story.entityOf('ConsultQueued') } });
    expect(ask(story, 'Cancelled', 'K').events).toEqual(['ClosureRequested', 'JourneyClosed']);
  });

  test('of who left against advice needs the statement that they could decide', () => {
    const { data } = journeys.commands['LeaveAgainstAdvice'] ?? {};
    expect(data?.safeParse({ capacityStated: false, statementRef: 'ref-1' }).success).toBe(false);
    const story = completed();
    must(story, 'C', 'LeaveAgainstAdvice', { capacityStated: true, statementRef: 'ref-1' });
    expect(outcome(story)).toBe('LeftAgainstAdvice');
  });

  test.each([
    ['Deceased', []],
    ['Refused', []],
    ['Abandoned', []],
    ['Cancelled', []],
    ['Withdrawn', []],
    ['EmergencyHandedOff', []],
    ['LeftAgainstAdvice', []],
    ['Resolved', [9, 11]],
    ['SelfCare', [9, 11]],
    ['ReferredOut', [9, 11]],
    ['LostToFollowUp', [9, 11]],
  ] as const)('%s waives survey and window, or leaves both: %j', (proposed, items) => {
    expect(unmet(completed().journey, proposed).map(({ item }) => item)).toEqual(items);
  });
});

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

  test('does not close over an open emergency case', () => {
    const story = happens(identified(), {
      type: 'EmergencyDeclared',
      data: { caseId: 'case-1', trigger: 'chestPain', ownerRole: 'C', callDueAt: at('10:00') },
    });
    expect(story.give('K', 'RefuseJourney', refusal).events).toEqual(['JourneyRefused']);
    expect(story.give('K', 'RefuseJourney', refusal).refusal).toBe('not-allowed-in-state');
    expect(state(story)).toBe('Closing');
  });
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
