import fc from 'fast-check';
import { commands as conversationCommands } from '../../domain/conversation/index.ts';
import * as journeys from '../../domain/journey/index.ts';
import { superState } from '../../domain/journey/super-state.ts';
import { visits } from '../../projections/board-care.ts';
import { isSafety, type Reason, reasonFor } from '../../projections/board-reason.ts';
import { childrenOf } from '../../projections/journey.ts';
import { consultOf, must, queued, started } from '../journeys/consult-setting.ts';
import { calm, located, questionnaire } from '../journeys/intake-setting.ts';
import type { Story } from '../journeys/story.ts';
import { playJ1, seattle } from './histories.ts';
import { randomStory } from './random-stories.ts';

const told = ({ why, waitingOn: { who }, unblocks, needsHuman }: Reason): string => `${why} ${who} ${unblocks}${needsHuman ? ' !' : ''}`;
const at = (hour: number, minute = 0, day = 6): string => {
  const story = playJ1(seattle(hour, minute, day));
  return told(reasonFor(story.journey, story.now));
};
const of = (story: Story): Reason => reasonFor(story.journey, story.now);

describe('J-1 on the board', () => {
  test.each([
    [9, 0, 'intakeIncomplete X VerifyIdentity'],
    [9, 2, 'intakeIncomplete X QuotePrice'],
    [9, 3, 'intakeIncomplete X GrantConsent'],
    [9, 8, 'consultQueued C ClaimConsult !'],
    [9, 20, 'consultHeld C DecideDisposition !'],
    [9, 21, 'patientToAnswer X PostMessage'],
  ])('at %i:%i waits for what comes next', (hour, minute, expected) => {
    expect(at(hour, minute)).toBe(expected);
  });

  test('in the home it waits for the visitor, and a safety clock runs', () => {
    const story = playJ1(seattle(13, 50));
    expect(of(story)).toMatchObject({ why: 'visitUnderway', waitingOn: { who: 'V', id: 'visitor-1' }, needsHuman: false });
    expect(isSafety(story.journey)).toBe(true);
  });

  test('a visitor who does not answer needs somebody', () => {
    const story = playJ1(seattle(13, 50));
    story.elapse('loneworker');
    expect(told(of(story))).toBe('visitUnderway S AnswerLoneWorkerCheck !');
  });

  test('on its way the medicine waits for the courier', () => {
    expect(at(15, 10)).toBe('deliveryUnderway A RecordDeliveryStatus');
  });

  test('in the follow-up it waits for time to pass, and for a clinician when the patient asks', () => {
    expect(at(18, 0)).toBe('followUpRunning T ElapseDeadline');
    expect(at(10, 30, 9)).toBe('questionOpen C PostMessage !');
  });

  test('a visit whose area is not served waits for another way', () => {
    const story = playJ1(seattle(9, 24));
    const area = { areaId: 'sea', version: 2, open: false, places: [] };
    story.know({ area }).give('K', 'RequestVisit', {
      place: 'home',
      reasonCode: 'sore-throat',
      tasks: [],
      skills: [],
      plannedMin: 30,
      notBefore: story.now,
      notAfter: story.now + 3_600_000,
    });
    expect(visits(story.journey).map(({ unblocks }) => unblocks)).toEqual(['ChooseAlternative']);
  });

  test('at the end nothing is left to do', () => {
    expect(at(12, 0, 25)).toBe('closed T ');
  });
});

describe('An emergency on the board', () => {
  const steps: readonly (readonly [command: string, data: object, expected: string])[] = [
    ['DeclareEmergency', { trigger: 'blood-pressure' }, 'emergencyOpen C RecordEmergencyCall !'],
    ['RecordEmergencyCall', { reached: true }, 'emergencyLocation C ConfirmEmergencyLocation !'],
    ['ConfirmEmergencyLocation', { addressRef: 'ref-1' }, 'emergencyAdvice C AdviseEms !'],
    ['AdviseEms', {}, 'emergencyHandoff C GiveWarmHandoff !'],
    ['RecordEmsCall', {}, 'emergencyHandoff C GiveWarmHandoff !'],
    ['RecordEmsRefusal', { refusalRef: 'ref-2', capacityStated: true }, 'emergencyCallback C RecordEmergencyCall !'],
    ['RecordEmergencyCall', { reached: true }, 'emergencyCallback C RecordEmergencyCall !'],
    ['RecordEmergencyCall', { reached: false }, 'emergencyContact C TryEmergencyContact !'],
    ['TryEmergencyContact', { outcome: 'no-answer' }, 'emergencyWelfareCheck C RequestWelfareCheck !'],
    ['RequestWelfareCheck', {}, 'emergencyWelfareCheck C RecordWelfareCheck !'],
    ['RecordWelfareCheck', { outcome: 'well' }, 'emergencyOutcome C RecordEmergencyOutcome !'],
    ['RecordEmergencyCall', { reached: true }, 'emergencyOutcome C RecordEmergencyOutcome !'],
    ['GiveWarmHandoff', { to: 'ems' }, 'emergencyOutcome C RecordEmergencyOutcome !'],
  ];

  test('names the next step and its command, until the end', () => {
    const story = playJ1(seattle(9, 8));
    for (const [command, data, expected] of steps) {
      const about = command === 'DeclareEmergency' ? {} : { caseId: story.entityOf('EmergencyDeclared') };
      expect(story.give('C', command, { ...about, ...data }).refusal).toBeUndefined();
      expect([command, told(of(story))]).toEqual([command, expected]);
    }
    const { caseId } = { caseId: story.entityOf('EmergencyDeclared') };
    expect(childrenOf(story.journey)).toContainEqual({ kind: 'emergency', id: caseId, status: 'HandedOff' });
    story.give('C', 'RecordEmergencyOutcome', { caseId, outcome: 'falseAlarm' });
    expect(told(of(story))).toBe('consultQueued C ClaimConsult !');
    expect(childrenOf(story.journey)).toContainEqual({ kind: 'emergency', id: caseId, status: 'OutcomeRecorded' });
  });

  test('of which the patient died waits for a coordinator', () => {
    const story = playJ1(seattle(9, 2));
    story.give('C', 'DeclareEmergency', { trigger: 'blood-pressure' });
    story.give('M', 'RecordEmergencyOutcome', { caseId: story.entityOf('EmergencyDeclared'), outcome: 'died' });
    expect(told(of(story))).toBe('deathToReport K RecordDeath !');
  });

  test('whose visit to an emergency department nobody follows up waits for its task', () => {
    const story = playJ1(seattle(9, 2));
    story.give('C', 'DeclareEmergency', { trigger: 'blood-pressure' });
    story.give('C', 'RecordEmergencyOutcome', { caseId: story.entityOf('EmergencyDeclared'), outcome: 'arrivedAtEd' });
    expect(told(of(story))).toBe('taskOpen C ClaimTask !');
  });
});

describe('Whatever happens', () => {
  test('an emergency comes before all else, then a task, then a broken promise', () => {
    const story = playJ1(seattle(9, 8));
    story.elapse('consult.firstcontact');
    expect(told(of(story))).toBe('promiseBroken K ClaimConsult !');
    story.give('K', 'OpenTask', { taskId: 'task-1', kind: 'patientCall' });
    expect(told(of(story))).toBe('taskOpen K ClaimTask !');
    story.give('K', 'ClaimTask', { taskId: 'task-1' });
    expect(of(story)).toMatchObject({ why: 'taskOpen', waitingOn: { id: 'coordinator-1' }, unblocks: 'CompleteTask' });
  });

  test('a promise that was broken and then kept is no reason any more', () => {
    const story = playJ1(seattle(9, 8));
    const { consultId } = { consultId: story.entityOf('ConsultQueued') };
    story.elapse('consult.firstcontact');
    story.give('C', 'ClaimConsult', { consultId });
    story.give('C', 'StartConsult', { consultId });
    expect(of(story).why).toBe('consultHeld');
  });

  test('the reason names a command that exists, and none only for what is over', () => {
    const known = new Set([...Object.keys(journeys.commands), ...Object.keys(conversationCommands)]);
    fc.assert(
      fc.property(randomStory, (story) => {
        const { why, unblocks } = of(story);
        if (unblocks === '') expect([why, superState(story.journey)]).toEqual(['closed', 'Closed']);
        else expect(known).toContain(unblocks);
        if (superState(story.journey) !== 'Closed') expect(why).not.toBe('closed');
      }),
      { numRuns: 100 },
    );
  });

  test('a safety clock is never without a journey that shows it', () => {
    fc.assert(
      fc.property(randomStory, ({ journey }) => {
        const clocks = journeys.plan(journey).deadlines.some(({ name }) => /^(loneworker|emergency\.|redflag\.)/.test(name));
        if (clocks) expect(isSafety(journey)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('A consult on the board', () => {
  test('that is offered waits for that clinician', () => {
    const story = queued({ modality: 'video' });
    must(story, 'K', 'OfferConsult', { ...consultOf(story), clinicianId: 'clinician-1' });
    expect(of(story)).toMatchObject({ why: 'consultQueued', waitingOn: { who: 'C', id: 'clinician-1' }, unblocks: 'ClaimConsult' });
  });

  test('that is to be handed over waits for whoever takes it', () => {
    const story = started();
    must(story, 'C', 'RequestHandover', { ...consultOf(story), reason: 'shiftEnds' });
    expect(told(of(story))).toBe('consultHeld C AcceptHandover !');
    must(story, 'C', 'RequestHandover', { ...consultOf(story), to: 'clinician-2', reason: 'shiftEnds' });
    expect(of(story).waitingOn).toEqual({ who: 'C', id: 'clinician-2' });
  });

  test('that was cancelled leaves a coordinator to queue another', () => {
    const story = queued();
    must(story, 'K', 'CancelConsult', { ...consultOf(story), reason: 'noClinician' });
    expect(told(of(story))).toBe('consultQueued K QueueConsult !');
  });

  test('that nobody pays for waits for the patient to ask for the own price', () => {
    const story = located();
    must(story, 'A', 'RecordEligibility', { checkId: story.entityOf('EligibilityCheckRequested'), outcome: 'denied' }, 'eligibility');
    must(story, 'X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
    must(story, 'X', 'SubmitQuestionnaire', questionnaire(calm));
    expect(told(of(story))).toBe('intakeIncomplete X QuotePrice');
  });
});
