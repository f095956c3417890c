import { superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import {
  as,
  claimed,
  clinician,
  completed,
  completion,
  consultOf,
  decided,
  decision,
  known,
  must,
  queued,
  started,
} from './consult-setting.ts';
import { place } from './intake-setting.ts';
import { firstDay, sampleFacts } from './sample-facts.ts';
import { at, dataOf, dueOf } from './visit-setting.ts';

const year = 365 * 24 * hour;

describe('A consult in the queue', () => {
  test('waits for a clinician, the journey is Queued and a coordinator answers for it', () => {
    const story = queued();
    expect(superState(story.journey)).toBe('Queued');
    expect(known(story)).toMatchObject({ status: 'Queued', modality: 'async', queuedAt: at('09:08') });
  });

  test('is claimed by a clinician with a licence and a contracted group where the patient is', () => {
    const story = queued();
    const told = story.give('C', 'ClaimConsult', consultOf(story));
    expect(told.events).toEqual(['LicenceVerified', 'ConsultClaimed']);
    const licence = { clinicianId: 'clinician-1', state: 'WA', licenceId: 'lic-wa', groupContractId: 'group-1' };
    expect(dataOf(told, 'LicenceVerified')).toEqual(licence);
    const claim = { ...consultOf(story), clinicianId: 'clinician-1', groupId: 'group-1', modality: 'async' };
    expect(dataOf(told, 'ConsultClaimed')).toEqual(claim);
    expect(known(story)).toMatchObject({ status: 'Claimed', clinicianId: 'clinician-1', claimedAt: story.now });
    expect(superState(story.journey)).toBe('Queued');
  });

  test('that does not exist cannot be claimed', () => {
    expect(queued().give('C', 'ClaimConsult', { consultId: 'other' })).toMatchObject({ events: [], refusal: 'entity-unknown' });
  });

  test('that somebody holds is not claimed by another, and claiming it again adds nothing', () => {
    const story = claimed();
    expect(as(story, 'clinician-2', 'ClaimConsult', consultOf(story))).toMatchObject({ events: [], refusal: 'already-claimed' });
    expect(as(story, 'clinician-1', 'ClaimConsult', consultOf(story))).toMatchObject({ events: [], refusal: undefined });
    expect(known(story)).toMatchObject({ clinicianId: 'clinician-1' });
  });

  test('that is held by another is reported as held, also to somebody without a licence', () => {
    const story = claimed({});
    story.know({ clinician: clinician('clinician-2', { licences: [] }) });
    const told = story.give('C', 'ClaimConsult', consultOf(story), { who: 'clinician-2' });
    expect(told).toMatchObject({ events: [], refusal: 'already-claimed' });
  });

  test.each(['clinician-1', 'clinician-2'])('that is over cannot be claimed by %s', (who) => {
    const story = completed();
    expect(as(story, who, 'ClaimConsult', consultOf(story))).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('is not for a coordinator to claim', () => {
    const story = queued();
    expect(story.give('K', 'ClaimConsult', consultOf(story))).toMatchObject({ events: [], refusal: 'not-your-role' });
  });

  const [licence] = sampleFacts.clinician.licences;
  test.each([
    ['has no licence', { licences: [] }],
    ['is licensed in another state only', { licences: [{ ...licence, state: 'OR' }] }],
    ['has a licence that ends at this very instant', { licences: [{ ...licence, validUntil: at('09:08') }] }],
    ['has a licence that begins a moment later', { licences: [{ ...licence, validFrom: at('09:08') + 1 }] }],
    ['works for a group without a contract there', { groupStates: ['OR'] }],
  ])('is refused to a clinician who %s, and the refusal is kept', (_why, changes) => {
    const story = queued();
    story.know({ clinician: clinician('clinician-1', changes as Parameters<typeof clinician>[1]) });
    const told = story.give('C', 'ClaimConsult', consultOf(story));
    expect(told).toMatchObject({ events: ['LicenceGateRefused'], refusal: 'licence-not-valid-here' });
    expect(dataOf(told, 'LicenceGateRefused')).toEqual({ clinicianId: 'clinician-1', state: 'WA', reason: 'licence-not-valid-here' });
    expect(known(story)).toMatchObject({ status: 'Queued' });
  });

  test('is given under a licence that begins at this very instant', () => {
    const story = queued();
    const licences = [{ licenceId: 'lic-wa', state: 'WA', validFrom: at('09:08'), validUntil: firstDay + year }];
    story.know({ clinician: clinician('clinician-1', { licences }) });
    expect(story.give('C', 'ClaimConsult', consultOf(story)).refusal).toBeUndefined();
  });
});

describe('The start of a consult', () => {
  test('by the clinician who claimed it begins triage', () => {
    const story = claimed();
    const told = story.give('C', 'StartConsult', consultOf(story));
    expect(told.events).toEqual(['ConsultStarted']);
    const licenceBasis = { clinicianId: 'clinician-1', state: 'WA', licenceId: 'lic-wa', groupId: 'group-1' };
    const begun = { ...consultOf(story), clinicianId: 'clinician-1', groupId: 'group-1', modality: 'async', licenceBasis };
    expect(dataOf(told, 'ConsultStarted')).toEqual(begun);
    expect(superState(story.journey)).toBe('InTriage');
  });

  test.each(['video', 'phone', 'chat'] as const)('by %s needs the place of the patient attested again after the claim', (modality) => {
    const story = claimed({ modality });
    const start = () => story.give('C', 'StartConsult', consultOf(story));
    expect(start()).toMatchObject({ events: [], refusal: 'location-not-attested' });
    story.now += minute;
    must(story, 'X', 'AttestLocation', place);
    expect(start()).toMatchObject({ events: ['ConsultStarted'], refusal: undefined });
  });

  test.each(['async', 'clinicSite'] as const)('by %s needs no second attestation', (modality) => {
    const story = claimed({ modality });
    expect(story.give('C', 'StartConsult', consultOf(story)).events).toEqual(['ConsultStarted']);
  });

  test('before the claim, a second time, by another or of an unknown consult is refused', () => {
    const waiting = queued();
    expect(waiting.give('C', 'StartConsult', consultOf(waiting)).refusal).toBe('not-allowed-in-state');
    const story = started();
    expect(story.give('C', 'StartConsult', consultOf(story))).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
    expect(as(claimed(), 'clinician-2', 'StartConsult', consultOf(story)).refusal).toBe('not-your-role');
    expect(story.give('C', 'StartConsult', { consultId: 'other' }).refusal).toBe('entity-unknown');
  });
});

describe('The clocks to the first contact', () => {
  test.each([
    ['async', { 'consult.firstcontact': 4 * hour, 'async.first': 24 * hour }],
    ['chat', { 'consult.firstcontact': 4 * hour, 'chat.first': 5 * minute }],
    ['video', { 'consult.firstcontact': 4 * hour, 'video.wait': 30 * minute }],
    ['phone', { 'consult.firstcontact': 4 * hour }],
    ['clinicSite', { 'consult.firstcontact': 4 * hour }],
  ] as const)('of a consult by %s run from the queue', (modality, clocks) => {
    const story = queued({ modality });
    const names = ['consult.firstcontact', 'async.first', 'chat.first', 'video.wait'];
    const running = names.flatMap((name) => dueOf(story, name).map((due) => [name, due - at('09:08')]));
    expect(Object.fromEntries(running)).toEqual(clocks);
  });

  test.each([
    ['consult.firstcontact', 'async', '13:08'],
    ['video.wait', 'video', '09:38'],
    ['chat.first', 'chat', '09:13'],
  ] as const)('%s breaches once and is marked', (name, modality, due) => {
    const story = queued({ modality });
    const told = story.elapse(name);
    expect(told.events).toEqual(['SlaBreached']);
    expect(dataOf(told, 'SlaBreached')).toEqual({ clock: name, entityId: consultOf(story).consultId, dueAt: at(due) });
    expect(dueOf(story, name)).toEqual([]);
  });

  test('async.first breaches a day after the queue began', () => {
    const story = queued();
    expect(story.elapse('async.first').events).toEqual(['SlaBreached']);
    expect(story.now).toBe(at('09:08', 1));
  });

  test('a claim stops none of them; the start stops those for the contact, the first answer those for an answer', () => {
    expect(dueOf(claimed({ modality: 'video' }), 'video.wait')).toHaveLength(1);
    expect(dueOf(started({ modality: 'video' }), 'video.wait')).toEqual([]);
    for (const [modality, name] of [
      ['async', 'async.first'],
      ['chat', 'chat.first'],
    ] as const) {
      const story = started({ modality });
      const due = modality === 'async' ? at('09:08', 1) : at('09:13');
      expect([dueOf(story, 'consult.firstcontact'), dueOf(story, name)]).toEqual([[], [due]]);
      must(story, 'T', 'NoteConversationTurn', { conversationId: consultOf(story).consultId, turn: 'clinician', revision: 2 });
      expect(dueOf(story, name)).toEqual([]);
    }
  });

  test('end with the consult', () => expect(completed().deadlines().join()).not.toMatch(/async\.first|firstcontact/));
});

describe('What the clinician writes down', () => {
  const note = { noteRef: 'ref-note', codedFindings: ['tonsillar-exudate'] };

  test('is an assessment, under the licence that allows it', () => {
    const story = started();
    const told = story.give('C', 'RecordAssessment', { ...consultOf(story), ...note });
    expect(told.events).toEqual(['AssessmentRecorded']);
    const licenceBasis = { clinicianId: 'clinician-1', state: 'WA', licenceId: 'lic-wa', groupId: 'group-1' };
    expect(dataOf(told, 'AssessmentRecorded')).toEqual({ ...consultOf(story), ...note, licenceBasis });
  });

  test('is no assessment before the start, by another, of an unknown consult or after the end', () => {
    const waiting = claimed();
    expect(waiting.give('C', 'RecordAssessment', { ...consultOf(waiting), ...note }).refusal).toBe('not-allowed-in-state');
    const story = started();
    expect(as(story, 'clinician-2', 'RecordAssessment', { ...consultOf(story), ...note }).refusal).toBe('not-your-role');
    expect(as(story, 'clinician-1', 'RecordAssessment', { consultId: 'other', ...note }).refusal).toBe('entity-unknown');
    const over = completed();
    expect(over.give('C', 'RecordAssessment', { ...consultOf(over), ...note }).refusal).toBe('not-allowed-in-state');
  });

  test('is a diagnosis with an id of its own, each time', () => {
    const story = started();
    const record = (icd10: string) => story.give('C', 'RecordDiagnosis', { icd10, certainty: 'confirmed' });
    const [first, second] = [record('J02.0'), record('J03.0')];
    expect([first.events, second.events]).toEqual([['DiagnosisRecorded'], ['DiagnosisRecorded']]);
    expect(dataOf(first, 'DiagnosisRecorded')).toMatchObject({ icd10: 'J02.0', certainty: 'confirmed' });
    expect(new Set(story.journey.consult.diagnosisIds).size).toBe(2);
  });
});

describe('The end of a consult', () => {
  test('opens the follow-up window for 14 days and is billed as the contract says', () => {
    const story = decided(6);
    const told = story.give('C', 'CompleteConsult', completion(story));
    expect(told.events).toEqual(['ConsultCompleted', 'FollowUpWindowOpened', 'ChargeCaptured']);
    expect(dataOf(told, 'ConsultCompleted')).toMatchObject(completion(story));
    const until = story.now + 14 * 24 * hour;
    expect(dataOf(told, 'FollowUpWindowOpened')).toEqual({
      anchorEventId: told.decided.events[0]?.id,
      until,
      conversationId: consultOf(story).consultId,
    });
    expect(superState(story.journey)).toBe('FollowUp');
  });

  test('without a window in the pathway asks for closure at once', () => {
    const { pathway } = sampleFacts;
    const template = { ...pathway.template, followUp: { days: 14, anchor: 'none' as const } };
    const story = decided(9, { facts: { pathway: { ...pathway, template } } });
    const told = story.give('C', 'CompleteConsult', completion(story, 'SelfCare'));
    expect(told.events).toEqual(['ConsultCompleted', 'ChargeCaptured', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
    expect(story.journey.closing.closed).toMatchObject({ outcome: 'SelfCare', resolvedBy: 'clinician-1' });
  });

  test('needs a disposition, its own clinician and a consult that goes on', () => {
    const story = started();
    const complete = (changes: object = {}) => ({ ...completion(story), ...changes });
    expect(story.give('C', 'CompleteConsult', complete())).toMatchObject({ events: [], refusal: 'disposition-missing' });
    expect(as(story, 'clinician-2', 'CompleteConsult', complete()).refusal).toBe('not-your-role');
    expect(as(story, 'clinician-1', 'CompleteConsult', complete({ consultId: 'other' })).refusal).toBe('entity-unknown');
    const over = completed();
    expect(over.give('C', 'CompleteConsult', completion(over))).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('does not come before its start, whatever was decided elsewhere', () => {
    const story = claimed();
    must(story, 'C', 'DecideDisposition', { level: 6, rationaleRef: 'ref-rationale' });
    expect(story.give('C', 'CompleteConsult', completion(story))).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('waits while a wish to lower the disposition is open', () => {
    const story = decided(2);
    must(story, 'C', 'DecideDisposition', decision(story, 6));
    expect(story.give('C', 'CompleteConsult', completion(story))).toMatchObject({ events: [], refusal: 'lowering-pending' });
    expect(
      as(story, 'clinician-2', 'RejectDispositionLowering', { dispositionId: story.entityOf('DispositionLoweringRequested') }).events,
    ).toEqual(['DispositionLoweringRejected']);
    expect(as(story, 'clinician-1', 'CompleteConsult', completion(story)).refusal).toBeUndefined();
  });
});
