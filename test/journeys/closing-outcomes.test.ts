import { unmet } from '../../domain/journey/closure-guard.ts';
import * as journeys from '../../domain/journey/index.ts';
import { minute } from '../../domain/kernel/time.ts';
import { adrift, ask, outcome, state } from './closing-setting.ts';
import { completed, completion, decided, decision, must, ordered, started, swab } from './consult-setting.ts';
import { closed } from './follow-up-setting.ts';
import { dataOf, happens } from './visit-setting.ts';

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
    happens(story, { type: 'PrescriptionSigned', data: { rxId: 'p1', clinicianId: 'clinician-1' } });
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
