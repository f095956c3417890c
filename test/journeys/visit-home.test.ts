import { obligations } from '../../domain/journey/visit/plan.ts';
import { openIds, openVisitOf } from '../../domain/journey/visit/state.ts';
import { sampleFacts } from './sample-facts.ts';
import { at, clinical, dataOf, dueOf, effectsOf, happens, of, siteVisitBooked, visitAfter, visitId, visitOf } from './visit-setting.ts';

describe('At the door', () => {
  test('given nobody answers, then each attempt is counted and the visitor may still be let in', () => {
    const story = visitAfter('ArriveAtVisit');
    const door = (answered: boolean) => story.give('V', 'RecordDoorOutcome', { ...of, answered, channel: 'bell' });
    expect(dataOf(door(false), 'DoorUnanswered')).toEqual({ visitId, attempt: 1, channel: 'bell' });
    expect(dataOf(door(true), 'DoorAnswered')).toEqual({ visitId, attempt: 2, channel: 'bell' });
    expect(door(true).refusal).toBe('not-allowed-in-state');
  });

  test('given the visitor has not arrived, then there is no door', () => {
    expect(visitAfter('DepartForVisit').give('V', 'RecordDoorOutcome', { ...of, answered: true }).refusal).toBe('not-allowed-in-state');
  });

  const identify = { ...of, identifierKinds: ['name', 'dateOfBirth'], matches: true };

  test('given fewer than two different identifiers, then the patient is not identified', () => {
    const story = visitAfter('RecordDoorOutcome');
    expect(story.give('V', 'IdentifyPatientAtVisit', { ...identify, identifierKinds: ['name', 'name'] }).refusal).toBe(
      'identifiers-missing',
    );
  });

  test('given somebody else opens, then the visit is aborted and stays open until the visitor has left', () => {
    const story = visitAfter('RecordDoorOutcome');
    const told = story.give('V', 'IdentifyPatientAtVisit', { ...identify, matches: false });
    expect(told.events).toEqual(['IdentityMismatchFound', 'VisitAborted']);
    expect(visitOf(story).status).toBe('AbortedOther');
    expect(openIds(story.journey.visit)).toEqual([visitId]);
    expect(obligations(story.journey)).toEqual([{ item: 5, entityId: visitId }]);
    expect(dueOf(story, 'loneworker')).toHaveLength(1);
    story.give('V', 'LeaveHome', of);
    expect(openIds(story.journey.visit)).toEqual([]);
    expect(effectsOf(story, 'share-summary')).toEqual([]);
    expect(story.give('V', 'ShareVisitSummary', { ...of, summaryRef: 's1' }).refusal).toBe('not-allowed-in-state');
  });

  test.each([
    ['unsafe', 'AbortedUnsafe'],
    ['emergency', 'AbortedEmergency'],
    ['patientWithdrew', 'AbortedOther'],
  ] as const)('given a visit aborted as %s, then its state is %s', (reason, status) => {
    expect(visitOf(happens(visitAfter('StartVisit'), { type: 'VisitAborted', data: { visitId, reason } })).status).toBe(status);
  });

  test('given the door is not answered, or the visitor has left, then nobody is identified', () => {
    expect(visitAfter('ArriveAtVisit').give('V', 'IdentifyPatientAtVisit', identify).refusal).toBe('not-allowed-in-state');
    const left = visitAfter('RecordDoorOutcome');
    left.give('V', 'LeaveHome', of);
    expect(left.give('V', 'IdentifyPatientAtVisit', identify).refusal).toBe('not-allowed-in-state');
  });

  test('given the patient is not identified, or the visitor has left, then the visit does not start', () => {
    expect(visitAfter('RecordDoorOutcome').give('V', 'StartVisit', of).refusal).toBe('identity-not-confirmed');
    expect(visitAfter('DepartForVisit').give('V', 'StartVisit', of).refusal).toBe('not-allowed-in-state');
    const left = visitAfter('IdentifyPatientAtVisit');
    left.give('V', 'LeaveHome', of);
    expect(left.give('V', 'StartVisit', of).refusal).toBe('not-allowed-in-state');
  });

  test('given another visitor, then every act at the visit is refused', () => {
    expect(visitAfter('IdentifyPatientAtVisit').give('V', 'StartVisit', of, { who: 'visitor-2' }).refusal).toBe('not-your-role');
  });
});

describe('Vitals', () => {
  const vitals = (codedValues: object = { heartRate: 96 }) => ({ ...of, codedValues });

  test('given values outside the danger zone for nine years, then the task is done and nothing is flagged', () => {
    const story = visitAfter('StartVisit').know({ patientAge: { years: 9 } });
    const told = story.give('V', 'RecordVitals', vitals());
    expect(dataOf(told, 'VitalsRecorded')).toEqual({
      visitId,
      setId: expect.stringMatching(/^vitals-/),
      codedValues: { heartRate: 96 },
      dangerZone: false,
    });
    expect(visitOf(story).openTasks).toEqual(['swab']);
  });

  const limits: readonly [age: number, values: object, dangerZone: boolean][] = [
    [9, { heartRate: 101 }, true],
    [9, { heartRate: 100, respiratoryRate: 20, oxygenSaturation: 92 }, false],
    [8.5, { heartRate: 140, respiratoryRate: 30 }, false],
    [3, { respiratoryRate: 31 }, true],
    [0.25, { heartRate: 160 }, false],
    [0.25, { heartRate: 161 }, true],
    [0.1, { heartRate: 180 }, false],
    [0.1, { respiratoryRate: 51 }, true],
    [40, { oxygenSaturation: 91 }, true],
  ];
  test.each(limits)('given %s years and %j, then the danger zone is %s', (years, values, dangerZone) => {
    const story = visitAfter('StartVisit').know({ patientAge: { years } });
    expect(dataOf(story.give('V', 'RecordVitals', vitals(values)), 'VitalsRecorded')).toMatchObject({ dangerZone });
  });

  test('given an age that is not known, then the lowest limits count', () => {
    const story = visitAfter('StartVisit');
    expect(dataOf(story.give('V', 'RecordVitals', vitals({ heartRate: 101 })), 'VitalsRecorded')).toMatchObject({ dangerZone: true });
  });

  test('given a visitor without the skill or the licence, then the act is refused and that is recorded', () => {
    for (const lacks of [{ skills: [] }, { states: ['OR'] }]) {
      const told = visitAfter('StartVisit')
        .know({ visitor: { ...sampleFacts.visitor, ...lacks } })
        .give('V', 'RecordVitals', vitals());
      expect(told.refusal).toBe('scope-exceeded');
      expect(dataOf(told, 'ClinicalActRefused')).toEqual({
        commandType: 'RecordVitals',
        entityId: visitId,
        clinicianId: 'visitor-1',
        reason: 'scope-exceeded',
      });
    }
  });

  test('R-20: given a clinician, then the licence is recorded with the values, and without one the act is refused', () => {
    const story = visitAfter('StartVisit');
    expect(dataOf(story.give('C', 'RecordVitals', vitals()), 'VitalsRecorded')).toMatchObject({ licenceBasis: { licenceId: 'lic-wa' } });
    story.know({ clinician: { ...sampleFacts.clinician, licences: [] } });
    const told = story.give('C', 'RecordVitals', vitals());
    expect([told.refusal, ...told.events]).toEqual(['licence-not-valid-here', 'ClinicalActRefused']);
  });

  test('given the visit has not started, then nothing is recorded', () => {
    expect(visitAfter('IdentifyPatientAtVisit').give('V', 'RecordVitals', vitals()).refusal).toBe('not-allowed-in-state');
  });
});

describe('The tasks', () => {
  test('given a task is skipped, then it is open no more; a second time and an unknown one are refused', () => {
    const story = visitAfter('RecordVitals');
    const skip = { ...of, taskRef: 'swab', reason: 'patientDeclined' };
    expect(openVisitOf(story.journey.visit, 'o1')).toBeDefined();
    expect(dataOf(story.give('V', 'SkipVisitTask', skip), 'VisitTaskSkipped')).toEqual(skip);
    expect(openVisitOf(story.journey.visit, 'o1')).toBeUndefined();
    expect(story.give('V', 'SkipVisitTask', skip).refusal).toBe('not-allowed-in-state');
    expect(story.give('V', 'SkipVisitTask', { ...skip, taskRef: 'other' }).refusal).toBe('entity-unknown');
    story.give('V', 'EndVisit', of);
    expect(visitOf(story).status).toBe('Completed');
  });

  test('given an open task, when the visit ends, then it is completed in part and names the task', () => {
    const story = visitAfter('RecordVitals');
    const told = story.give('V', 'EndVisit', of);
    expect(dataOf(told, 'VisitEnded')).toMatchObject({ openTasks: ['swab'] });
    expect(visitOf(story).status).toBe('PartiallyCompleted');
    expect(story.give('V', 'EndVisit', of).refusal).toBe('not-allowed-in-state');
  });

  test('given a test for another order, then the task stays open', () => {
    const story = happens(visitAfter('RecordVitals'), {
      type: 'PointOfCareTestPerformed',
      data: { orderId: 'o2', loinc: '78012-2', device: 'd', lot: 'l', expiry: at('00:00', 90), operator: 'visitor-1', waiverRef: 'w' },
    });
    expect(visitOf(story).openTasks).toEqual(['swab']);
  });
});

describe('The end', () => {
  test('given the visitor leaves in the middle, then the timer stops and the visit may still be ended', () => {
    const story = visitAfter('StartVisit');
    expect(obligations(story.journey)).toEqual([
      { item: 1, entityId: visitId },
      { item: 5, entityId: visitId },
    ]);
    story.now = at('14:00');
    const told = story.give('V', 'LeaveHome', of);
    expect(dataOf(told, 'VisitorLeftHome')).toEqual({ visitId, visitorId: 'visitor-1', at: at('14:00') });
    expect(dataOf(told, 'LoneWorkerTimerStopped')).toEqual({ visitId, visitorId: 'visitor-1' });
    expect(dueOf(story, 'loneworker')).toEqual([]);
    expect(story.give('V', 'LeaveHome', of).refusal).toBe('not-allowed-in-state');
    expect(effectsOf(story, 'share-summary')).toEqual([]);
    expect(clinical(story.give('V', 'EndVisit', of))).toEqual(['VisitEnded']);
    expect(effectsOf(story, 'share-summary')).toMatchObject([{ notBefore: at('14:10') }]);
  });

  test('given a summary was shared, then the same again is nothing and another is refused', () => {
    const story = visitAfter('LeaveHome');
    const share = (summaryRef: string) => story.give('C', 'ShareVisitSummary', { ...of, summaryRef });
    expect(share('s1').events).toEqual(['VisitSummaryShared']);
    expect(share('s1')).toMatchObject({ events: [], refusal: undefined });
    expect(share('s2').refusal).toBe('not-allowed-in-state');
  });

  test('given a visit at a site, then it runs without door and timer, and its summary follows the end', () => {
    const story = siteVisitBooked();
    story.give('V', 'CheckInAtSite', of);
    expect(story.give('V', 'RecordDoorOutcome', { ...of, answered: true }).refusal).toBe('not-allowed-in-state');
    expect(story.give('V', 'StartVisit', of).refusal).toBe('identity-not-confirmed');
    story.give('V', 'IdentifyPatientAtVisit', { ...of, identifierKinds: ['name', 'photoId'], matches: true });
    expect(story.give('V', 'StartVisit', of).events).toEqual(['VisitStarted']);
    story.now = at('09:40');
    story.give('V', 'EndVisit', of);
    expect(effectsOf(story, 'share-summary')).toMatchObject([{ notBefore: at('09:50') }]);
    expect(openIds(story.journey.visit)).toEqual([]);
  });
});

describe('The lone-worker timer', () => {
  test('given no sign, then each rung reaches further, up to the emergency services, and then the ladder ends', () => {
    const story = visitAfter('StartVisit');
    const rungs = [
      ['14:40', 'V', 'silentCheck'],
      ['14:45', 'V', 'call'],
      ['14:50', 'S', 'call'],
      ['14:55', 'S', 'emergencyServices'],
    ] as const;
    for (const [i, [time, recipientRole, channel]] of rungs.entries()) {
      const told = story.elapse('loneworker');
      expect(story.now).toBe(at(time));
      expect(told.events).toEqual(['LoneWorkerCheckMissed', 'EscalationRaised']);
      expect(dataOf(told, 'LoneWorkerCheckMissed')).toEqual({ visitId, visitorId: 'visitor-1', dueAt: at(time), rung: i + 1 });
      expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ladder: 'loneworker', rung: i + 1, recipientRole, channel });
    }
    expect(dueOf(story, 'loneworker')).toEqual([]);
    expect(visitOf(story).timer).toBeDefined();
  });

  test('given the visitor answers a check, then the ladder starts again a quarter of an hour later', () => {
    const story = visitAfter('StartVisit');
    story.elapse('loneworker');
    story.now = at('14:42');
    const told = story.give('V', 'AnswerLoneWorkerCheck', of);
    expect(dataOf(told, 'LoneWorkerCheckAnswered')).toEqual({ visitId, visitorId: 'visitor-1', dueAt: at('14:57') });
    expect(dueOf(story, 'loneworker')).toEqual([at('14:57')]);
  });

  test('given the visitor answers before anything is due, then the timer is not shortened', () => {
    const story = visitAfter('StartVisit');
    story.give('V', 'AnswerLoneWorkerCheck', of);
    expect(dueOf(story, 'loneworker')).toEqual([at('14:40')]);
  });

  test('given the visitor needs longer, then the timer is extended from its end, or from now if that has passed', () => {
    const story = visitAfter('StartVisit');
    const extend = () => story.give('V', 'ExtendLoneWorkerTimer', { ...of, minutes: 20 });
    expect(dataOf(extend(), 'LoneWorkerTimerExtended')).toMatchObject({ dueAt: at('15:00') });
    story.now = at('15:03');
    extend();
    expect(dueOf(story, 'loneworker')).toEqual([at('15:23')]);
  });

  test('given nobody is in the home, or it is another visitor, then there is no timer to speak to', () => {
    expect(visitAfter('DepartForVisit').give('V', 'AnswerLoneWorkerCheck', of).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('LeaveHome').give('V', 'ExtendLoneWorkerTimer', { ...of, minutes: 5 }).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('StartVisit').give('V', 'AnswerLoneWorkerCheck', of, { who: 'visitor-2' }).refusal).toBe('not-your-role');
  });
});
