import * as journeys from '../../domain/journey/index.ts';
import { overlays, superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { must, queued } from './consult-setting.ts';
import { answered, anxious, caseIn } from './emergency-setting.ts';
import { closed } from './follow-up-setting.ts';
import { requested } from './intake-setting.ts';
import type { Story } from './story.ts';
import { dataOf, dueOf, happens } from './visit-setting.ts';

const flag = (story: Story, ruleId = 'msg-chest') => must(story, 'T', 'RaiseRedFlag', { ruleId, source: 'message', sourceRef: 'm2' });
const reach = (story: Story) =>
  must(story, 'C', 'RecordContactAttempt', { purpose: 'urgentCall', to: 'patient', channel: 'phone', outcome: 'reached' });
const shown = (story: Story) => story.happened.filter(({ type }) => type === 'EmergencyTextShown').map(({ data }) => data);

/** Everything else that the acceptance needs. */
function complete(story: Story): readonly string[] {
  must(story, 'P', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'ref-address' });
  const checkId = story.entityOf('EligibilityCheckRequested');
  must(story, 'A', 'RecordEligibility', { checkId, outcome: 'confirmed' }, 'eligibility');
  must(story, 'P', 'QuotePrice', { groupId: 'group-1', offerVersion: 1 });
  must(story, 'P', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') });
  return must(story, 'P', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 }).events;
}

describe('Answers of the questionnaire', () => {
  test.each([
    ['emergency', { chestPain: true }, 'rf-chest-pain', 'emergency-general'],
    ['crisis', { selfHarmThoughts: true }, 'rf-self-harm', 'crisis-line'],
  ])('of severity %s declare an emergency and show their text', (severity, danger, trigger, textId) => {
    const story = anxious();
    const told = answered(story, danger);
    expect(told.events).toEqual(['IntakeQuestionnaireCompleted', 'RedFlagRaised', 'EmergencyDeclared', 'EmergencyTextShown']);
    expect(dataOf(told, 'RedFlagRaised')).toMatchObject({ ruleId: trigger, severity });
    expect(dataOf(told, 'EmergencyDeclared')).toMatchObject({ trigger });
    expect(dataOf(told, 'EmergencyTextShown')).toEqual({ textId, version: 1, ...caseIn(story) });
  });

  test('of severity urgent show the text and ask for a call', () => {
    const story = anxious();
    const told = answered(story, { fainted: true });
    expect(told.events).toEqual(['IntakeQuestionnaireCompleted', 'RedFlagRaised', 'EmergencyTextShown', 'TaskOpened']);
    expect(dataOf(told, 'TaskOpened')).toMatchObject({ kind: 'urgentCall', cites: ['rf-fainted'], outlivesClosure: true });
    expect(overlays(story.journey)).toEqual([]);
  });

  test('of every severity at once are one emergency, with the crisis line; no second call holds the intake', () => {
    const story = anxious();
    const told = answered(story, { chestPain: true, selfHarmThoughts: true, fainted: true });
    expect(told.events.filter((type) => type !== 'RedFlagRaised')).toEqual([
      'IntakeQuestionnaireCompleted',
      'EmergencyDeclared',
      'EmergencyTextShown',
    ]);
    expect(shown(story)).toMatchObject([{ textId: 'crisis-line' }]);
    complete(story);
    expect(must(story, 'C', 'StandDownEmergency', { ...caseIn(story), reason: 'misread' }).events).toEqual([
      'EmergencyStoodDown',
      'JourneyAccepted',
      'ConsultQueued',
    ]);
  });

  test('that are a danger again show the text again, and the case stays the one it was', () => {
    const story = anxious();
    answered(story, { chestPain: true });
    const { caseId } = caseIn(story);
    must(story, 'C', 'RecordEmergencyCall', { caseId, reached: true });
    expect(answered(story, { chestPain: true }).events).toEqual(['IntakeQuestionnaireCompleted', 'RedFlagRaised', 'EmergencyTextShown']);
    expect(story.journey.emergency.open).toMatchObject({ caseId, called: true });
    expect(shown(story)).toMatchObject([{ caseId }, { caseId }]);
  });
});

describe('A red flag of a message or a device', () => {
  test.each([
    ['before the acceptance', requested],
    ['in the queue', queued],
    ['after the end', closed],
  ])('%s is called for within 5 minutes, and declares nothing', (_when, given) => {
    const story = given();
    const before = superState(story.journey);
    const told = flag(story);
    expect(told.events).toEqual(['RedFlagRaised', 'EmergencyTextShown', 'TaskOpened']);
    expect(dataOf(told, 'RedFlagRaised')).toMatchObject({ severity: 'urgent', source: 'message', sourceRef: 'm2' });
    expect(dueOf(story, 'redflag.call')).toEqual([story.now + 5 * minute]);
    expect(dueOf(story, 'task.due')).toEqual([]);
    expect([superState(story.journey), overlays(story.journey)]).toEqual([before, []]);
  });

  test('that speaks of self-harm shows the crisis line', () => {
    const story = queued();
    expect(dataOf(flag(story, 'msg-self-harm'), 'RedFlagRaised')).toMatchObject({ severity: 'crisis' });
    expect(shown(story)).toEqual([{ textId: 'crisis-line', version: 1 }]);
  });

  test('that speaks of self-harm holds the acceptance until its call was clear', () => {
    const story = anxious();
    flag(story, 'msg-self-harm');
    answered(story, {});
    expect(complete(story)).toEqual(['ConsentGranted']);
    const call = { taskId: story.entityOf('TaskOpened'), resultCode: 'clear' };
    expect(must(story, 'C', 'CompleteTask', call).events).toEqual(['TaskCompleted', 'JourneyAccepted', 'ConsultQueued']);
  });

  test('is a breach once, also on a closed journey, and the call can still be made', () => {
    const story = closed();
    flag(story);
    const taskId = story.entityOf('TaskOpened');
    expect(dataOf(story.elapse('redflag.call'), 'SlaBreached')).toMatchObject({ clock: 'redflag.call', entityId: taskId });
    expect(dueOf(story, 'redflag.call')).toEqual([]);
    expect(reach(story).events).toEqual(['ContactAttempted']);
    expect(must(story, 'C', 'CompleteTask', { taskId, resultCode: 'clear' }).events).toEqual(['TaskCompleted']);
    expect(journeys.plan(story.journey).deadlines.map(({ name }) => name)).not.toContain('redflag.call');
  });

  test.each([
    ['a contact', reach],
    [
      'a call in an emergency',
      (story: Story) => happens(story, { type: 'EmergencyCallMade', data: { caseId: 'case-1', n: 1, reached: false, by: 'clinician-1' } }),
    ],
    ['the end of its task', (story: Story) => must(story, 'K', 'CancelTask', { taskId: story.entityOf('TaskOpened'), reason: 'twice' })],
  ])('is called for until %s', (_what, ends) => {
    const story = queued();
    flag(story);
    story.now += minute;
    ends(story);
    expect(dueOf(story, 'redflag.call')).toEqual([]);
  });

  test('is not answered by a call that was made before it', () => {
    const story = queued();
    const before = story.now;
    story.now += minute;
    flag(story);
    story.now = before;
    reach(story);
    expect(dueOf(story, 'redflag.call')).toHaveLength(1);
  });

  test('and an emergency are answered by one call', () => {
    const story = anxious();
    answered(story, { chestPain: true });
    flag(story);
    must(story, 'C', 'RecordEmergencyCall', { ...caseIn(story), reached: true });
    expect([dueOf(story, 'redflag.call'), dueOf(story, 'emergency.call')]).toEqual([[], []]);
  });
});

test('An intake that is abandoned with a red flag is still called', () => {
  const story = anxious();
  story.now += 24 * hour - 2 * minute;
  answered(story, { fainted: true });
  const told = story.elapse('intake.abandon');
  expect(told.events).toEqual(['JourneyAbandoned', 'JourneyClosed']);
  expect(dataOf(told, 'JourneyAbandoned')).toMatchObject({ redFlagPending: true });
  expect(journeys.plan(story.journey)).toMatchObject({ deadlines: [{ name: 'redflag.call' }], owner: { role: 'C' } });
  expect(story.elapse('redflag.call').events).toEqual(['SlaBreached', 'EscalationRaised']);
  expect(reach(story).events).toEqual(['ContactAttempted']);
});
