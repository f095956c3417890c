import * as journeys from '../../domain/journey/index.ts';
import { overlays, superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { as, atBedside, clinician, completed, completion, decided, decision, must, queued, started } from './consult-setting.ts';
import { act, alarmed, answered, anxious, call, caseIn, record, refuseHelp, stands } from './emergency-setting.ts';
import { closed } from './follow-up-setting.ts';
import type { Story } from './story.ts';
import { dataOf, dueOf } from './visit-setting.ts';

const tried = (story: Story) =>
  story.give('C', 'RecordContactAttempt', { purpose: 'emergency', to: 'patient', channel: 'phone', outcome: 'reached' });
const declared = (story: Story, trigger = 'danger-zone-vitals', role: 'C' | 'K' | 'V' = 'V') =>
  must(story, role, 'DeclareEmergency', { trigger, sourceRef: 'ref-vitals' });

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

  test.each(['C', 'K', 'V'] as const)('is declared by the %s who is present, and the text is shown in the same decision', (role) => {
    const story = atBedside();
    const told = declared(story, 'blood-pressure', role);
    expect(told.events).toEqual(['EmergencyDeclared', 'EmergencyTextShown']);
    const { caseId } = caseIn(story);
    const callDueAt = story.now + 5 * minute;
    expect(dataOf(told, 'EmergencyDeclared')).toMatchObject({ trigger: 'blood-pressure', sourceRef: 'ref-vitals', callDueAt });
    expect(dataOf(told, 'EmergencyTextShown')).toMatchObject({ textId: 'emergency-general', version: 1, caseId });
    expect([stands(story), superState(story.journey), overlays(story.journey)]).toEqual(['Declared', 'InCare', ['Emergency']]);
    expect(journeys.plan(story.journey).owner).toEqual({ role: 'C' });
  });

  test('of somebody who may take their life shows the crisis line', () => {
    expect(dataOf(declared(started(), 'suicide-risk', 'C'), 'EmergencyTextShown')).toMatchObject({ textId: 'crisis-line', version: 1 });
  });

  test('that is open is not declared twice', () => {
    const story = decided(1);
    expect(declared(story)).toMatchObject({ events: [], refusal: undefined });
    expect(dueOf(story, 'emergency.call')).toHaveLength(1);
  });

  test('is declared by no patient, and not on a closed journey, where a red flag calls', () => {
    expect(started().give('P', 'DeclareEmergency', { trigger: 'suicide-risk' }).refusal).toBe('not-your-role');
    expect(closed().give('C', 'DeclareEmergency', { trigger: 'suicide-risk' }).refusal).toBe('journey-closed');
  });

  test('without a call in time is a breach, once, and stays open', () => {
    const story = decided(1);
    const told = story.elapse('emergency.call');
    expect(told.events).toEqual(['SlaBreached', 'EscalationRaised']);
    expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ladder: 'onCall', recipientRole: 'C', about: caseIn(story).caseId });
    expect(dataOf(told, 'SlaBreached')).toMatchObject({ clock: 'emergency.call', entityId: caseIn(story).caseId });
    expect(dueOf(story, 'emergency.call')).toEqual([]);
    expect(overlays(story.journey)).toEqual(['Emergency']);
  });

  test.each([
    ['any contact', tried, 'ContactAttempted'],
    ['a first call', (story: Story) => call(story, true), 'EmergencyCallMade'],
  ] as const)('is called for until %s, which leaves its state', (_what, calls, type) => {
    const story = decided(1);
    expect(calls(story).events).toEqual([type]);
    expect(dueOf(story, 'emergency.call')).toEqual([]);
    expect([stands(story), overlays(story.journey)]).toEqual(['Declared', ['Emergency']]);
  });

  test('is not answered by a call that was made before it', () => {
    const story = started();
    tried(story);
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

  test('stops the wait for care once the patient is handed over', () => {
    const story = decided(4);
    declared(story);
    expect(dueOf(story, 'disposition.limit')).toHaveLength(1);
    act(story, 'C', 'GiveWarmHandoff', { to: 'ems' });
    expect(dueOf(story, 'disposition.limit')).toEqual([]);
  });

  test('does not let the intake be abandoned, and gives it back the time that it took', () => {
    const story = anxious();
    must(story, 'P', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'ref-address' });
    const [until = 0] = dueOf(story, 'intake.abandon');
    answered(story, { chestPain: true });
    expect(dueOf(story, 'intake.abandon')).toEqual([]);
    act(story, 'C', 'StandDownEmergency', { reason: 'misread' }, 180);
    expect(dueOf(story, 'intake.abandon')).toEqual([until + 3 * hour]);
  });
});

describe('The end of an emergency', () => {
  test('is what became of the patient: with nothing else open the journey closes as handed off', () => {
    const story = alarmed();
    call(story, true);
    const told = record(story, 'treatedOnScene');
    expect(told.events).toEqual(['EmergencyOutcomeRecorded', 'ClosureRequested', 'JourneyClosed']);
    expect(dataOf(told, 'ClosureRequested')).toEqual({ proposedOutcome: 'EmergencyHandedOff', by: 'clinician-1' });
    expect([stands(story), superState(story.journey), overlays(story.journey)]).toEqual(['OutcomeRecorded', 'Closed', []]);
    expect(story.journey.closing.closed?.outcome).toBe('EmergencyHandedOff');
    expect(journeys.plan(story.journey)).toMatchObject({ deadlines: [], owner: null });
  });

  test.each(['declined', 'unreachable'])('is also that the patient was %s', (outcome) => {
    expect(record(alarmed(), outcome).events).toEqual(['EmergencyOutcomeRecorded', 'ClosureRequested', 'JourneyClosed']);
  });

  test('at an emergency department asks for a follow-up within 7 days, which outlives the journey and is missed once', () => {
    const story = alarmed();
    const told = record(story, 'arrivedAtEd');
    expect(told.events).toEqual(['EmergencyOutcomeRecorded', 'TaskOpened', 'ClosureRequested', 'JourneyClosed']);
    const dueAt = story.now + 7 * 24 * hour;
    expect(dataOf(told, 'TaskOpened')).toMatchObject({ kind: 'postEdFollowUp', ownerRole: 'C', dueAt, cites: [caseIn(story).caseId] });
    expect(journeys.plan(story.journey).deadlines).toEqual([{ name: 'ed.followup', entityId: story.entityOf('TaskOpened'), dueAt }]);
    expect(dataOf(story.elapse('ed.followup'), 'SlaBreached')).toMatchObject({ clock: 'ed.followup', dueAt });
    expect(journeys.plan(story.journey).deadlines).toEqual([]);
    expect(must(story, 'C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'seen' }).events).toEqual([
      'TaskCompleted',
    ]);
  });

  test('asks for no closure while a consult or other care is open', () => {
    const consulting = decided(1);
    expect(record(consulting, 'arrivedAtEd').events).toEqual(['EmergencyOutcomeRecorded', 'TaskOpened']);
    const visiting = atBedside();
    declared(visiting);
    expect(record(visiting, 'treatedOnScene').events).toEqual(['EmergencyOutcomeRecorded']);
    expect([superState(consulting.journey), superState(visiting.journey)]).toEqual(['Planned', 'InCare']);
  });

  test('by a false alarm leads back: the intake goes on, care that had ended stays ended', () => {
    expect(record(alarmed(), 'falseAlarm').events).toEqual(['EmergencyOutcomeRecorded', 'JourneyAccepted', 'ConsultQueued']);
    const story = completed();
    declared(story);
    expect(record(story, 'falseAlarm').events).toEqual(['EmergencyOutcomeRecorded']);
    expect(superState(story.journey)).toBe('FollowUp');
  });

  test('by a death asks for nothing: neither care nor a survey, until the death is reported', () => {
    const story = alarmed();
    expect(record(story, 'died').events).toEqual(['EmergencyOutcomeRecorded']);
    expect(superState(story.journey)).toBe('Screening');
    expect(must(story, 'X', 'GrantConsent', { scopes: ['sharing'], textVersion: 1 }).events).toEqual(['ConsentGranted']);
    const cared = completed();
    declared(cared);
    cared.elapse('followup.end');
    expect(record(cared, 'died').events).toEqual(['EmergencyOutcomeRecorded']);
    expect(superState(cared.journey)).toBe('Planned');
  });

  test('by a stand-down is a clinician’s word under their licence, and leads back', () => {
    const story = alarmed();
    const stand = { ...caseIn(story), reason: 'misread' };
    expect(story.give('K', 'StandDownEmergency', stand).refusal).toBe('not-your-role');
    story.know({ clinician: clinician('clinician-1', { licences: [] }) });
    expect(story.give('C', 'StandDownEmergency', stand)).toMatchObject({
      refusal: 'licence-not-valid-here',
      events: ['ClinicalActRefused'],
    });
    expect(overlays(story.journey)).toEqual(['Emergency']);
    story.know({ clinician: clinician('clinician-1') });
    const told = must(story, 'C', 'StandDownEmergency', stand);
    expect(told.events).toEqual(['EmergencyStoodDown', 'JourneyAccepted', 'ConsultQueued']);
    expect(dataOf(told, 'EmergencyStoodDown')).toMatchObject({ reason: 'misread', by: 'clinician-1', licenceBasis: { state: 'WA' } });
    expect([stands(story), overlays(story.journey)]).toEqual(['StoodDown', []]);
  });

  test('stops its clocks, and a second emergency is a case of its own', () => {
    const story = decided(1);
    refuseHelp(story);
    expect(record(story, 'falseAlarm').events).toEqual(['EmergencyOutcomeRecorded']);
    expect(dueOf(story, 'emergency.callback')).toEqual([]);
    const before = caseIn(story).caseId;
    declared(story);
    expect(caseIn(story).caseId).not.toBe(before);
    expect(dueOf(story, 'emergency.call')).toHaveLength(1);
  });
});

describe('What comes after the end of an emergency', () => {
  const over = () => {
    const story = decided(1);
    record(story, 'treatedOnScene');
    return story;
  };

  test.each([
    ['RecordEmergencyCall', { reached: false }, 'EmergencyCallMade'],
    ['RecordEmsCall', { agencyRef: 'ref-agency' }, 'EmsCalledByStaff'],
    ['RecordEmsRefusal', { refusalRef: 'ref-refusal', capacityStated: true }, 'EmsDeclinedByPatient'],
    ['RecordWelfareCheck', { outcome: 'well' }, 'WelfareCheckCompleted'],
  ])('is a fact that %s takes, and moves nothing', (command, data, type) => {
    const story = over();
    expect(act(story, 'C', command, data).events).toEqual([type]);
    expect(stands(story)).toBe('OutcomeRecorded');
    expect(journeys.plan(story.journey).deadlines.filter(({ name }) => name.startsWith('emergency.'))).toEqual([]);
  });

  test.each([
    ['ConfirmEmergencyLocation', { addressRef: 'ref-address' }],
    ['AdviseEms', {}],
    ['GiveWarmHandoff', { to: 'ems' }],
    ['TryEmergencyContact', { outcome: 'no-answer' }],
    ['RequestWelfareCheck', {}],
    ['StandDownEmergency', { reason: 'misread' }],
  ])('is no act: %s needs an open case', (command, data) => {
    const story = over();
    expect(story.give('C', command, { ...caseIn(story), ...data })).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('is taken on a closed journey too, and a late visit to an emergency department is followed up once', () => {
    const story = alarmed();
    record(story, 'treatedOnScene');
    expect(record(story, 'treatedOnScene').events).toEqual([]);
    expect(call(story, true).events).toEqual(['EmergencyCallMade']);
    expect(record(story, 'arrivedAtEd').events).toEqual(['EmergencyOutcomeRecorded', 'TaskOpened']);
    expect(record(story, 'declined').events).toEqual(['EmergencyOutcomeRecorded']);
    expect(record(story, 'arrivedAtEd').events).toEqual(['EmergencyOutcomeRecorded']);
    expect(superState(story.journey)).toBe('Closed');
  });

  test('counts its calls on', () => {
    const story = over();
    expect([call(story, true), call(story, true)].map((told) => dataOf(told, 'EmergencyCallMade'))).toMatchObject([{ n: 1 }, { n: 2 }]);
  });

  test.each([
    ['C', 'RecordEmergencyCall', { reached: true }],
    ['C', 'AdviseEms', {}],
    ['M', 'RecordEmergencyOutcome', { outcome: 'declined' }],
  ] as const)('of a case that never was is unknown: %s %s', (role, command, data) => {
    expect(over().give(role, command, { caseId: 'no-case', ...data }).refusal).toBe('entity-unknown');
  });
});

describe('A text about an emergency', () => {
  test('is acknowledged by a tap, once for each showing, and changes nothing else', () => {
    const story = alarmed();
    const tap = () => must(story, 'X', 'AcknowledgeEmergencyText', { textId: 'emergency-general' });
    const before = story.deadlines();
    const told = tap();
    expect(told.events).toEqual(['EmergencyTextAcknowledged']);
    expect(dataOf(told, 'EmergencyTextAcknowledged')).toEqual({ textId: 'emergency-general', version: 1, ...caseIn(story) });
    expect([stands(story), story.deadlines()]).toEqual(['Declared', before]);
    expect(tap().events).toEqual([]);
    must(story, 'T', 'RaiseRedFlag', { ruleId: 'msg-chest', source: 'message' });
    expect(dataOf(tap(), 'EmergencyTextAcknowledged')).toEqual({ textId: 'emergency-general', version: 1 });
  });

  test('that was never shown is unknown', () => {
    expect(alarmed().give('X', 'AcknowledgeEmergencyText', { textId: 'crisis-line' }).refusal).toBe('entity-unknown');
  });
});
