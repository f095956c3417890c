import { superState } from '../../domain/journey/super-state.ts';
import { hour } from '../../domain/kernel/time.ts';
import { must, queued } from './consult-setting.ts';
import { calm, identified, located, place, priced, questionnaire, requested } from './intake-setting.ts';
import { firstDay, sampleFacts } from './sample-facts.ts';
import { at, dataOf, dueOf } from './visit-setting.ts';

const refusal = { reason: 'outside-catalogue', alternatives: ['videoConsult', 'urgentCare'] };

describe('A journey that is refused', () => {
  test('is closed with somewhere else to turn, its tasks first', () => {
    const story = identified();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'identityHelp' });
    const told = story.give('K', 'RefuseJourney', refusal);
    expect(told.events).toEqual(['TaskCancelled', 'JourneyRefused', 'JourneyClosed']);
    expect(dataOf(told, 'JourneyRefused')).toEqual({ ...refusal, employerId: 'employer-1' });
    expect(story.journey.closing.closed).toMatchObject({ outcome: 'Refused' });
  });

  test('was not accepted before, and nobody in an emergency is sent away', () => {
    expect(queued().give('K', 'RefuseJourney', refusal)).toMatchObject({ events: [], refusal: 'already-accepted' });
    const story = priced();
    must(story, 'X', 'SubmitQuestionnaire', questionnaire({ ...calm, drooling: true }));
    expect(story.give('C', 'RefuseJourney', refusal)).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });
});

describe('Consent that is refused', () => {
  const refuse = (...scopes: string[]) => ({ scopes, textVersion: 1 });

  test('to treatment cancels the journey and closes it', () => {
    const story = priced();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    const told = story.give('X', 'RefuseConsent', refuse('treatment'));
    expect(told.events).toEqual(['ConsentRefused', 'TaskCancelled', 'JourneyCancelled', 'JourneyClosed']);
    expect(dataOf(told, 'JourneyCancelled')).toEqual({ by: 'parent-1', reason: 'consent-refused', stage: 'Screening' });
    expect(story.journey.closing.closed).toMatchObject({ outcome: 'Cancelled' });
  });

  test('to treatment while an emergency is open waits with the end', () => {
    const story = priced();
    must(story, 'X', 'SubmitQuestionnaire', questionnaire({ ...calm, drooling: true }));
    expect(story.give('X', 'RefuseConsent', refuse('treatment')).events).toEqual(['ConsentRefused', 'JourneyCancelled']);
    expect(superState(story.journey)).toBe('Closing');
  });

  test('to sharing refuses no treatment', () => {
    const story = priced();
    must(story, 'X', 'GrantConsent', refuse('treatment', 'telehealth', 'sharing'));
    expect(story.give('X', 'RefuseConsent', refuse('sharing')).events).toEqual(['ConsentRefused']);
    expect(story.journey.intake.consents).toEqual(['treatment', 'telehealth']);
    expect(story.give('X', 'SubmitQuestionnaire', questionnaire(calm)).events).toContain('JourneyAccepted');
  });

  test('to telehealth keeps a pathway waiting that starts with a consult', () => {
    const story = priced();
    must(story, 'X', 'GrantConsent', refuse('treatment', 'telehealth'));
    must(story, 'X', 'RefuseConsent', refuse('telehealth'));
    expect(story.give('X', 'SubmitQuestionnaire', questionnaire(calm)).events).not.toContain('JourneyAccepted');
  });

  test('after the journey was accepted ends what is open too', () => {
    const told = queued().give('X', 'RefuseConsent', refuse('treatment'));
    expect(told.events).toEqual(['ConsentRefused', 'JourneyCancelled', 'ConsultCancelled', 'JourneyClosed']);
  });

  test('is never the word of somebody without authority', () => {
    expect(identified().give('X', 'RefuseConsent', refuse('treatment')).refusal).toBe('proxy-missing');
  });
});

describe('Who consents', () => {
  const consent = { scopes: ['treatment'], textVersion: 1 };
  const { pathway, start } = sampleFacts;
  const alone = { pathway: { ...pathway, template: { ...pathway.template, minorConsentStates: ['WA'] } } };
  const { majorityOn: _grown, ...adult } = start;

  test('a minor who needs a proxy does not consent alone', () => {
    expect(located().give('P', 'GrantConsent', consent).refusal).toBe('proxy-missing');
  });

  test('a minor consents alone where the law allows it, and nobody else for them', () => {
    expect(located(alone).give('P', 'GrantConsent', consent).refusal).toBeUndefined();
    const story = identified(alone);
    must(story, 'X', 'AttestLocation', place);
    expect(story.give('X', 'GrantConsent', consent).refusal).toBe('proxy-missing');
  });

  test('an adult consents, and somebody else only with authority', () => {
    expect(identified({ start: adult }).give('P', 'GrantConsent', consent).refusal).toBeUndefined();
    expect(identified({ start: adult }).give('X', 'GrantConsent', consent).refusal).toBe('proxy-missing');
  });
});

describe('An intake that stands still', () => {
  const reminders = (story: ReturnType<typeof requested>) => story.effects('send-notice').filter(({ id }) => id.includes('intake.remind'));

  test('reminds once, after an hour', () => {
    const story = requested();
    expect(reminders(story).map(({ notBefore }) => notBefore)).toEqual([firstDay + hour]);
    const notice = { kind: 'intakeReminder', recipientRole: 'P', channel: 'push', textVersion: 1 };
    must(story, 'A', 'RecordNotice', { noticeId: 'intake.remind.1', status: 'sent', ...notice }, 'notices');
    expect(reminders(story)).toEqual([]);
  });

  test('is not reminded of once it is accepted', () => expect(reminders(queued())).toEqual([]));

  test('is given as much more time as an emergency case has taken from it', () => {
    const story = priced();
    story.now = firstDay + 2 * hour;
    must(story, 'X', 'SubmitQuestionnaire', questionnaire({ ...calm, drooling: true }));
    expect([dueOf(story, 'intake.abandon'), reminders(story)]).toEqual([[], []]);
    story.now += 5 * hour;
    must(story, 'C', 'RecordEmergencyOutcome', { caseId: story.entityOf('EmergencyDeclared'), outcome: 'falseAlarm' });
    expect(dueOf(story, 'intake.abandon')).toEqual([firstDay + 29 * hour]);
  });
});

describe('A place where the pathway is not offered', () => {
  const texas = { ...place, state: 'TX' };

  test('names other states and other care', () => {
    const told = identified().give('X', 'AttestLocation', texas);
    expect(dataOf(told, 'LocationRefused')).toEqual({
      state: 'TX',
      reason: 'state-unsupported',
      alternatives: ['state-WA', 'state-OR', 'state-CA', 'urgentCare', 'callCoordinator'],
    });
  });

  test('that the patient goes to opens no gate, and coming back is a change', () => {
    const story = located();
    must(story, 'X', 'AttestLocation', texas);
    expect(story.journey.intake.location).toMatchObject({ state: 'TX' });
    const told = story.give('X', 'AttestLocation', place);
    expect(told.events).toEqual(['PatientLocationChanged']);
    expect(dataOf(told, 'PatientLocationChanged')).toMatchObject({ from: 'TX', state: 'WA' });
  });

  test('leaves nobody to act there under the licence of the state that was left', () => {
    const story = queued();
    story.now = at('09:10');
    must(story, 'X', 'AttestLocation', texas);
    const claim = { consultId: story.entityOf('ConsultQueued') };
    expect(story.give('C', 'ClaimConsult', claim)).toMatchObject({ events: ['LicenceGateRefused'], refusal: 'licence-not-valid-here' });
  });
});
