import { obligations } from '../../domain/journey/visit/plan.ts';
import { hour } from '../../domain/kernel/time.ts';
import { at, dataOf, dueOf, of, siteVisitBooked, visitAfter, visitId, visitOf } from './visit-setting.ts';

describe('Duress', () => {
  test.each(['AnswerAssignment', 'DepartForVisit', 'ArriveAtVisit', 'StartVisit', 'EndVisit', 'LeaveHome'])(
    'after %s reaches the supervisor at once, every time',
    (step) => {
      const story = visitAfter(step);
      for (let press = 0; press < 2; press += 1) {
        const told = story.give('V', 'SignalDuress', of);
        expect(told.events).toEqual(['DuressSignalled', 'EscalationRaised']);
        expect(dataOf(told, 'DuressSignalled')).toEqual({ visitId, visitorId: 'visitor-1' });
        expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ladder: 'duress', rung: 1, recipientRole: 'S', channel: 'call' });
      }
    },
  );

  test('is not another visitor’s to signal', () => {
    expect(visitAfter('StartVisit').give('V', 'SignalDuress', of, { who: 'visitor-2' }).refusal).toBe('not-your-role');
  });

  test('that nobody acknowledges within a minute goes to the next rung, up to the emergency services', () => {
    const story = visitAfter('StartVisit');
    story.give('V', 'SignalDuress', of);
    for (const [time, rung, recipientRole, channel] of [
      ['13:44', 2, 'O', 'call'],
      ['13:45', 3, 'S', 'emergencyServices'],
    ] as const) {
      const told = story.elapse('escalation.ack');
      expect(story.now).toBe(at(time));
      expect(told.events).toEqual(['EscalationRaised']);
      expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ladder: 'duress', rung, recipientRole, channel });
    }
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
  });

  test('of two visitors climbs two ladders', () => {
    const story = visitAfter('StartVisit');
    story.give('V', 'SignalDuress', of);
    const first = story.entityOf('EscalationRaised');
    story.now += 30_000;
    story.give('V', 'SignalDuress', of);
    expect(dueOf(story, 'escalation.ack')).toEqual([at('13:44'), at('13:44') + 30_000]);
    story.give('S', 'AcknowledgeEscalation', { escalationId: first });
    story.elapse('escalation.ack');
    expect(story.now).toBe(at('13:44') + 30_000);
    expect(dueOf(story, 'escalation.ack')).toHaveLength(1);
  });
});

describe('An escalation', () => {
  const raised = () => {
    const story = visitAfter('StartVisit');
    story.give('V', 'SignalDuress', of);
    return { story, escalationId: story.entityOf('EscalationRaised') };
  };

  test('is acknowledged once, and then climbs no further', () => {
    const { story, escalationId } = raised();
    const told = story.give('S', 'AcknowledgeEscalation', { escalationId });
    expect(dataOf(told, 'EscalationAcknowledged')).toEqual({ escalationId, by: 'S' });
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
    expect(story.give('S', 'AcknowledgeEscalation', { escalationId })).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('S', 'AcknowledgeEscalation', { escalationId: 'other' }).refusal).toBe('entity-unknown');
  });

  test('that is acknowledged late ends the rungs that were called since', () => {
    const { story, escalationId } = raised();
    story.elapse('escalation.ack');
    expect(story.give('S', 'AcknowledgeEscalation', { escalationId }).events).toEqual(['EscalationAcknowledged']);
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
  });

  test('of the lone-worker timer climbs by the timer, not by its acknowledgement', () => {
    const story = visitAfter('StartVisit');
    story.elapse('loneworker');
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
    expect(story.give('S', 'AcknowledgeEscalation', { escalationId: story.entityOf('EscalationRaised') }).events).toEqual([
      'EscalationAcknowledged',
    ]);
    expect(dueOf(story, 'loneworker')).toEqual([at('14:45')]);
  });
});

describe('An unsafe home', () => {
  test('is reported with what was seen', () => {
    const categories = ['aggressiveAnimal', 'weaponInView'];
    const told = visitAfter('ArriveAtVisit').give('V', 'ReportUnsafeCondition', { ...of, categories });
    expect(dataOf(told, 'UnsafeConditionReported')).toEqual({ visitId, visitorId: 'visitor-1', categories });
    expect(() => visitAfter('ArriveAtVisit').give('V', 'ReportUnsafeCondition', { ...of, categories: ['rain'] })).toThrow();
  });

  test.each(['DepartForVisit', 'ArriveAtVisit', 'RecordDoorOutcome', 'IdentifyPatientAtVisit', 'StartVisit'])(
    'breaks the visit off after %s: every open task is skipped, an incident is opened and a dispatcher rebooks elsewhere',
    (step) => {
      const story = visitAfter(step);
      const told = story.give('V', 'AbortVisit', { ...of, reason: 'unsafe' });
      expect(told.events).toEqual(['VisitAborted', 'VisitTaskSkipped', 'VisitTaskSkipped', 'IncidentOpened', 'TaskOpened']);
      expect(dataOf(told, 'IncidentOpened')).toMatchObject({ category: 'unsafeVisit', entityId: visitId });
      expect(dataOf(told, 'TaskOpened')).toMatchObject({
        kind: 'rebookElsewhere',
        ownerRole: 'D',
        dueAt: story.now + hour,
        cites: [visitId],
      });
      expect(visitOf(story)).toMatchObject({ status: 'AbortedUnsafe', openTasks: [] });
      expect(story.give('S', 'AbortVisit', { ...of, reason: 'unsafe' })).toMatchObject({ events: [], refusal: undefined });
    },
  );

  test.each([
    ['emergency', 'AbortedEmergency'],
    ['patientWithdrew', 'AbortedOther'],
    ['identity', 'AbortedOther'],
  ] as const)('is not the only reason: %s skips what is open and ends the visit as %s', (reason, status) => {
    const story = visitAfter('RecordVitals');
    const told = story.give('D', 'AbortVisit', { ...of, reason });
    expect(told.events).toEqual(['VisitAborted', 'VisitTaskSkipped']);
    expect(visitOf(story).status).toBe(status);
    expect(obligations(story.journey)).toEqual([{ item: 5, entityId: visitId }]);
    story.give('V', 'LeaveHome', of);
    expect(obligations(story.journey)).toEqual([]);
  });

  test('is nothing to break off where nobody has set out, or the visit has ended', () => {
    expect(visitAfter('ConfirmVisit').give('D', 'AbortVisit', { ...of, reason: 'unsafe' }).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('EndVisit').give('V', 'AbortVisit', { ...of, reason: 'unsafe' }).refusal).toBe('not-allowed-in-state');
  });
});

describe('A patient who does not come', () => {
  const attempts = (story: { now: number }, ...channels: string[]) => channels.map((channel) => ({ channel, at: story.now }));
  const waiting = (time = '13:50') => {
    const story = visitAfter('ArriveAtVisit');
    story.now = at(time);
    return story;
  };
  const record = (story: ReturnType<typeof waiting>, changes: object = {}) =>
    story.give('V', 'RecordNoShow', { ...of, attempts: attempts(story, 'bell', 'phone'), waitedMin: 10, ...changes });

  test('R-5: arrival inside the window, two channels and ten minutes prove it', () => {
    const story = waiting();
    const told = record(story);
    expect(told.events).toEqual(['PatientNoShowRecorded', 'TaskOpened']);
    expect(dataOf(told, 'PatientNoShowRecorded')).toEqual({
      visitId,
      arrivedAt: at('13:40'),
      attempts: attempts(story, 'bell', 'phone'),
      waitedMin: 10,
      n: 1,
    });
    expect(dataOf(told, 'TaskOpened')).toMatchObject({ kind: 'rebook', ownerRole: 'D' });
    expect(visitOf(story).status).toBe('NoShow');
    expect(dueOf(story, 'loneworker')).toHaveLength(1);
    story.give('V', 'LeaveHome', of);
    expect(story.journey.closing.requested).toBeUndefined();
  });

  test.each([
    ['one channel', { attempts: attempts({ now: at('13:45') }, 'bell', 'bell') }],
    [
      'an attempt before the arrival',
      { attempts: [...attempts({ now: at('13:39') }, 'phone'), ...attempts({ now: at('13:45') }, 'bell')] },
    ],
    [
      'an attempt that is still to come',
      { attempts: [...attempts({ now: at('13:51') }, 'phone'), ...attempts({ now: at('13:45') }, 'bell')] },
    ],
    ['nine minutes', { waitedMin: 9 }],
  ])('R-5: %s do not', (_, changes) => {
    expect(record(waiting(), changes)).toMatchObject({ events: [], refusal: 'no-show-not-proven' });
  });

  test('R-5: a wait is no longer than the time since the arrival', () => {
    expect(record(waiting('13:49')).refusal).toBe('no-show-not-proven');
  });

  test('R-5: an arrival after the window proves nothing', () => {
    const story = visitAfter('DepartForVisit');
    story.now = at('15:01');
    story.give('V', 'ArriveAtVisit', { ...of, placeVerification: 'gps' });
    story.now = at('15:20');
    expect(record(story).refusal).toBe('no-show-not-proven');
  });

  test('has not been met at the door, nor before the arrival', () => {
    expect(record(visitAfter('RecordDoorOutcome')).refusal).toBe('not-allowed-in-state');
    expect(record(visitAfter('DepartForVisit')).refusal).toBe('not-allowed-in-state');
  });

  test('R-6: for the second time is looked at by a clinician before anything else', () => {
    const story = waiting();
    record(story);
    story.give('V', 'LeaveHome', of);
    story.give('X', 'RequestVisit', {
      place: 'clinicSite',
      reasonCode: 'sore-throat',
      tasks: [],
      skills: [],
      plannedMin: 20,
      notBefore: at('14:00'),
      notAfter: at('09:24', 1),
      replaces: visitId,
    });
    const second = { visitId: story.entityOf('VisitRequested') };
    story.know({ slot: { window: { from: at('16:00'), to: at('16:30') }, placeMatches: true, expiresAt: 0 } });
    story.give('X', 'HoldSlot', { ...second, slotId: 'clinic_2026-10-06_1600' });
    story.give('X', 'BookVisit', second);
    story.now = at('16:40');
    const told = story.give('V', 'RecordNoShow', { ...second, attempts: attempts(story, 'phone', 'sms'), waitedMin: 10 });
    expect(dataOf(told, 'PatientNoShowRecorded')).toMatchObject({ n: 2, arrivedAt: at('16:30') });
    expect(dataOf(told, 'TaskOpened')).toMatchObject({ kind: 'riskReview', ownerRole: 'C' });
    expect(story.journey.closing.requested).toBeUndefined();
  });

  test('at a site may still come until the window ends', () => {
    const story = siteVisitBooked();
    story.now = at('15:09');
    const tried = { ...of, attempts: attempts({ now: at('15:05') }, 'phone', 'sms'), waitedMin: 10 };
    expect(story.give('V', 'RecordNoShow', tried).refusal).toBe('no-show-not-proven');
    story.now = at('15:10');
    expect(story.give('V', 'RecordNoShow', tried).events).toEqual(['PatientNoShowRecorded', 'TaskOpened']);
  });
});
