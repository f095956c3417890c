import * as journeys from '../../domain/journey/index.ts';
import { superState } from '../../domain/journey/super-state.ts';
import { hour } from '../../domain/kernel/time.ts';
import { closed, consulted, consultId, standing, turn } from './follow-up-setting.ts';
import { requested } from './intake-setting.ts';
import type { Story } from './story.ts';
import { at, happens } from './visit-setting.ts';

const planned = ({ journey }: Story) => {
  const { deadlines, effects } = journeys.plan(journey);
  return { clocks: deadlines.map(({ name }) => name).sort(), effects: effects.map(({ kind }) => kind).sort() };
};

describe('After a journey closed', () => {
  test('only its survey, its recovery, its tasks, its unsent notices and its copay are planned', () => {
    const story = consulted();
    happens(
      story,
      { type: 'ProxyAuthorityVerified', data: { proxyId: 'parent-1', kind: 'parent', until: at('00:00', 400) } },
      { type: 'EligibilityCheckRequested', data: { checkId: 'check-1', purpose: 'monthly' } },
      { type: 'CopayRequested', data: { chargeId: 'charge-1', cents: 2_500 } },
    );
    story.give('K', 'OpenTask', { taskId: 'visit-after-emergency', kind: 'postEdFollowUp' });
    story.give('K', 'OpenTask', { taskId: 'rule-expired', kind: 'ruleReview' });
    story.give('T', 'SendCheckIn', { n: 1 });
    expect(planned(story).clocks).toContain('proxy.majority');
    expect(planned(story).clocks).toContain('followup.checkin');
    expect(planned(story).effects).toContain('check-eligibility');
    expect(story.elapse('followup.end').events).toContain('JourneyClosed');
    expect(planned(story)).toEqual({
      clocks: ['ed.followup', 'survey.end', 'survey.remind', 'task.due'],
      effects: ['request-payment', 'send-notice', 'send-notice', 'send-notice'],
    });
    story.give('X', 'RecordSurvey', { scores: { overall: 1 } });
    expect(planned(story).clocks).toEqual(['ed.followup', 'recovery.start', 'task.due']);
  });

  test('a message that is a danger is still called for, and the call has its clock', () => {
    const story = closed();
    story.give('X', 'RecordSurvey', { declined: true });
    const told = story.give('T', 'RaiseRedFlag', { ruleId: 'msg-chest', source: 'message', sourceRef: 'm2' });
    expect(told.events).toEqual(['RedFlagRaised', 'EmergencyTextShown', 'TaskOpened']);
    expect(superState(story.journey)).toBe('Closed');
    expect(planned(story).clocks).toHaveLength(1);
    expect(story.elapse(planned(story).clocks[0] ?? '').events).toEqual(['SlaBreached', 'EscalationRaised']);
    expect(planned(story).clocks).toEqual(['escalation.ack']);
  });

  test('a task that somebody opens on it is due like any other', () => {
    const story = closed();
    story.give('X', 'RecordSurvey', { declined: true });
    story.give('K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    expect(story.deadlines()).toEqual([standing('task.due', story.now + hour)]);
  });

  test.each([
    ['X', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'address-1' }],
    ['X', 'GrantConsent', { scopes: ['treatment'], textVersion: 1 }],
    ['C', 'ClaimConsult', { consultId }],
    ['C', 'CompleteConsult', { consultId, plannedOutcome: 'Resolved', summaryRef: 's1' }],
    ['C', 'DraftPrescription', { rxId: 'p1', rxnorm: '723', sig: 'one', quantity: 1, days: 1, citesResults: [] }],
    ['X', 'ConfirmVisit', { visitId: 'v1' }],
    ['T', 'SendCheckIn', { n: 1 }],
    ['X', 'AnswerCheckIn', { n: 1 }],
  ] as const)('%s is told at %s that it is closed', (role, command, data) => {
    expect(closed().give(role, command, data)).toMatchObject({ events: [], refusal: 'journey-closed' });
  });

  test('what is refused for the role is refused for the role', () => {
    expect(closed().give('V', 'AnswerCheckIn', { n: 1 }).refusal).toBe('not-your-role');
  });

  const late: readonly (readonly ['A' | 'K' | 'T' | 'X', string, object, readonly string[]])[] = [
    ['X', 'RecordSurvey', { scores: { overall: 5 } }, ['SurveyAnswered']],
    ['K', 'OpenTask', { taskId: 't1', kind: 'patientCall' }, ['TaskOpened']],
    ['K', 'RecordContactAttempt', { purpose: 'complaint', to: 'patient', channel: 'phone', outcome: 'reached' }, ['ContactAttempted']],
    ['T', 'RaiseRedFlag', { ruleId: 'msg-chest', source: 'message' }, ['RedFlagRaised', 'EmergencyTextShown', 'TaskOpened']],
  ];
  test.each(late)('%s may still give %s', (role, command, data, events) => {
    const told = closed().give(role, command, data);
    expect({ refusal: told.refusal, events: told.events }).toEqual({ refusal: undefined, events });
  });

  test('a payment that comes late is recorded', () => {
    const story = consulted();
    happens(story, { type: 'CopayRequested', data: { chargeId: 'charge-1', cents: 2_500 } });
    story.elapse('followup.end');
    const paid = { chargeId: 'charge-1', outcome: 'charged', cents: 2_500, paymentRef: 'pay-1' };
    expect(story.give('A', 'RecordPayment', paid, { who: 'payment' }).events).toEqual(['CopayCharged']);
    expect(planned(story).effects).not.toContain('request-payment');
  });

  test('a deadline that has ended with it leaves nothing', () => {
    const story = consulted();
    story.now = at('09:28', 2);
    story.give('T', 'SendCheckIn', { n: 1 });
    const { journey } = story;
    const missed = journeys.plan(journey).deadlines.find(({ name }) => name === 'followup.checkin') ?? {};
    story.elapse('followup.end');
    expect(story.give('T', 'ElapseDeadline', missed)).toMatchObject({ events: [], refusal: undefined });
  });

  test('a turn of a clinician changes nothing', () => {
    expect(turn(closed(), 'clinician', 9)).toMatchObject({ events: [], refusal: undefined });
  });
});

describe('A journey that is abandoned', () => {
  test('cancels its open tasks but for those that outlive it, and closes without a survey', () => {
    const story = requested();
    story.give('K', 'OpenTask', { taskId: 'help', kind: 'identityHelp' });
    story.give('K', 'OpenTask', { taskId: 'call', kind: 'urgentCall' });
    story.give('K', 'OpenTask', { taskId: 'done', kind: 'patientCall' });
    story.give('K', 'CompleteTask', { taskId: 'done', resultCode: 'reached' });
    const told = story.elapse('intake.abandon');
    expect(told.events).toEqual(['TaskCancelled', 'JourneyAbandoned', 'JourneyClosed']);
    expect(told.decided.events[0]?.data).toEqual({ taskId: 'help', resultCode: 'journeyClosed' });
    expect(story.journey.closing.closed?.outcome).toBe('Abandoned');
    expect(story.journey.work.tasks.call?.status).toBe('open');
    expect(story.give('X', 'RecordSurvey', { scores: { overall: 5 } }).refusal).toBe('not-allowed-in-state');
  });
});
