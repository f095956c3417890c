import { commands } from '../../domain/journey/emergency/decide.ts';
import { decided } from './consult-setting.ts';
import { act, call, caseState, clocksIn, refuseHelp, stands } from './emergency-setting.ts';
import type { Story } from './story.ts';
import { dataOf } from './visit-setting.ts';

const declared = () => decided(1);

describe('On the line', () => {
  test('each step enters the state of its name', () => {
    const story = declared();
    const seen = [
      call(story, true),
      act(story, 'V', 'ConfirmEmergencyLocation', { addressRef: 'ref-address' }),
      act(story, 'C', 'AdviseEms'),
      act(story, 'K', 'RecordEmsCall', { agencyRef: 'ref-agency' }),
      act(story, 'C', 'GiveWarmHandoff', { to: 'ems' }),
    ].map(({ events }) => events.join());
    expect(seen).toEqual(['EmergencyCallMade', 'EmergencyLocationConfirmed', 'EmsAdvised', 'EmsCalledByStaff', 'WarmHandoffGiven']);
    expect(stands(story)).toBe('HandedOff');
  });

  test.each([
    ['ConfirmEmergencyLocation', { addressRef: 'ref-address' }, 'LocationConfirmed', { addressRef: 'ref-address' }],
    ['AdviseEms', {}, 'Advised', { by: 'clinician-1' }],
    ['RecordEmsCall', {}, 'EmsCalled', { by: 'clinician-1' }],
    ['GiveWarmHandoff', { to: 'ems' }, 'HandedOff', { to: 'ems', by: 'clinician-1' }],
    [
      'TryEmergencyContact',
      { contactRef: 'ref-contact', outcome: 'no-answer' },
      'ContactTried',
      { outcome: 'no-answer', by: 'clinician-1' },
    ],
    ['RequestWelfareCheck', { agencyRef: 'ref-police' }, 'WelfareCheckPending', { agencyRef: 'ref-police', by: 'clinician-1' }],
    ['RecordWelfareCheck', { outcome: 'well' }, 'WelfareChecked', { outcome: 'well', by: 'clinician-1' }],
  ])('%s says who did what', (command, data, status, left) => {
    const story = declared();
    const told = act(story, 'C', command, data);
    expect(told.decided.events[0]?.data).toMatchObject({ caseId: caseState(story)?.caseId, ...left });
    expect(stands(story)).toBe(status);
  });

  test('a refusal of help counts only with the statement of capacity and the informed refusal', () => {
    const { data } = commands.RecordEmsRefusal;
    const whole = { caseId: 'case-1', refusalRef: 'ref-refusal', capacityStated: true };
    expect(data.safeParse(whole).success).toBe(true);
    for (const part of [{ capacityStated: false }, { capacityStated: undefined }, { refusalRef: undefined }])
      expect(data.safeParse({ ...whole, ...part }).success).toBe(false);
    const told = refuseHelp(declared());
    expect(dataOf(told, 'EmsDeclinedByPatient')).toMatchObject({ capacityStated: true, refusalRef: 'ref-refusal', by: 'clinician-1' });
  });
});

describe('A patient who declines help', () => {
  const declinedHelp = () => {
    const story = declared();
    call(story, true);
    refuseHelp(story, 3);
    return story;
  };

  test('is called back after 30 minutes, which is a breach 5 minutes later', () => {
    const story = declinedHelp();
    expect(stands(story)).toBe('EmsDeclined');
    expect(clocksIn(story)).toEqual([['emergency.callback', 35]]);
    const told = story.elapse('emergency.callback');
    expect(told.events).toEqual(['SlaBreached', 'EscalationRaised']);
    expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ladder: 'director', recipientRole: 'M' });
    expect(dataOf(told, 'SlaBreached')).toMatchObject({ clock: 'emergency.callback', dueAt: story.now });
    expect(clocksIn(story)).toEqual([]);
  });

  test('and is reached then is called a second time 2 hours after the refusal, and no third time', () => {
    const story = declinedHelp();
    call(story, true, 30);
    expect([stands(story), clocksIn(story)]).toEqual(['CallingBack', [['emergency.callback', 95]]]);
    call(story, true, 90);
    expect([stands(story), clocksIn(story)]).toEqual(['CallingBack', []]);
  });

  test('and is reached only after 2 hours is owed no second callback', () => {
    const story = declinedHelp();
    call(story, true, 121);
    expect(clocksIn(story)).toEqual([]);
  });

  test('and is not reached at the second callback is looked for', () => {
    const story = declinedHelp();
    call(story, true, 30);
    call(story, false, 90);
    expect([stands(story), clocksIn(story)]).toEqual(['Unreachable', [['emergency.contact', 5]]]);
  });

  test('and is then handed over is owed no callback', () => {
    const story = declinedHelp();
    act(story, 'C', 'GiveWarmHandoff', { to: 'ems' }, 5);
    expect(clocksIn(story)).toEqual([]);
  });

  test('in words that are written down only after the callback is owed none anew', () => {
    const story = declared();
    const began = story.now;
    call(story, true, 3);
    call(story, true, 10);
    story.now = began;
    expect(refuseHelp(story).events).toEqual(['EmsDeclinedByPatient']);
    expect([stands(story), clocksIn(story)]).toEqual(['CallingBack', []]);
  });
});

describe('A patient who is not reached', () => {
  const lost = () => {
    const story = declared();
    call(story, false, 2);
    return story;
  };
  const unreachable = () => {
    const story = lost();
    call(story, false, 30);
    return story;
  };

  test('by the first call counts as lost and is called back after 30 minutes', () => {
    const story = lost();
    expect([stands(story), clocksIn(story)]).toEqual(['Declared', [['emergency.callback', 35]]]);
    expect(dataOf(call(story, true, 30), 'EmergencyCallMade')).toMatchObject({ n: 2, reached: true });
    expect([stands(story), clocksIn(story)]).toEqual(['CallingBack', [['emergency.callback', 95]]]);
  });

  test('by the callback is called back no more: the emergency contact is tried at once', () => {
    const story = unreachable();
    expect([stands(story), clocksIn(story)]).toEqual(['Unreachable', [['emergency.contact', 5]]]);
    const told = story.elapse('emergency.contact');
    expect(dataOf(told, 'SlaBreached')).toMatchObject({ clock: 'emergency.contact' });
    expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ladder: 'director' });
  });

  test('and whose contact was tried is looked after 30 minutes later, which is a breach after 5 more', () => {
    const story = unreachable();
    expect(act(story, 'K', 'TryEmergencyContact', { outcome: 'no-answer' }, 1).events).toEqual(['EmergencyContactTried']);
    expect([stands(story), clocksIn(story)]).toEqual(['ContactTried', [['emergency.welfare', 35]]]);
    act(story, 'M', 'TryEmergencyContact', { outcome: 'no-answer' }, 10);
    expect(clocksIn(story)).toEqual([['emergency.welfare', 25]]);
    const told = story.elapse('emergency.welfare');
    expect(dataOf(told, 'SlaBreached')).toMatchObject({ clock: 'emergency.welfare' });
    expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ladder: 'director' });
  });

  test('and is looked after waits for what was found', () => {
    const story = unreachable();
    act(story, 'K', 'TryEmergencyContact', { outcome: 'no-answer' }, 1);
    expect(act(story, 'M', 'RequestWelfareCheck', { agencyRef: 'ref-police' }, 30).events).toEqual(['WelfareCheckRequested']);
    expect([stands(story), clocksIn(story)]).toEqual(['WelfareCheckPending', []]);
    expect(act(story, 'K', 'RecordWelfareCheck', { outcome: 'well' }, 20).events).toEqual(['WelfareCheckCompleted']);
    expect([stands(story), clocksIn(story)]).toEqual(['WelfareChecked', []]);
  });

  test('by one more call is not looked for anew, and is looked for no more once reached', () => {
    const story = unreachable();
    act(story, 'K', 'TryEmergencyContact', { outcome: 'no-answer' }, 1);
    call(story, false, 4);
    expect([stands(story), clocksIn(story)]).toEqual(['ContactTried', [['emergency.welfare', 31]]]);
    call(story, true, 1);
    expect([stands(story), clocksIn(story)]).toEqual(['CallingBack', []]);
  });

  test('by a call that is written down after a later one changes nothing', () => {
    const story = declared();
    call(story, true, 10);
    story.now -= 5 * 60_000;
    expect(dataOf(call(story, false), 'EmergencyCallMade')).toMatchObject({ n: 2, reached: false });
    expect([stands(story), clocksIn(story)]).toEqual(['Declared', []]);
  });

  test('keeps the callback that is owed when the contact is tried before', () => {
    const story: Story = lost();
    act(story, 'C', 'TryEmergencyContact', { outcome: 'told' }, 1);
    expect(clocksIn(story)).toEqual([['emergency.callback', 34]]);
  });
});
