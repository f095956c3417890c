import { ownerOf } from '../../domain/journey/owner.ts';
import { openChildren, superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { as, claimed, clinician, completed, consultOf, decided, known, must, queued, started } from './consult-setting.ts';
import { priced } from './intake-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import { at, dataOf, dueOf } from './visit-setting.ts';

const another = { modality: 'async', priority: 'routine', reasonCode: 'medicine-question' };

describe('A further consult', () => {
  test('is queued for another reason while one is open, and is a child of the journey', () => {
    const story = started();
    const told = story.give('X', 'QueueConsult', another);
    expect(told.events).toEqual(['ConsultQueued']);
    expect(dataOf(told, 'ConsultQueued')).toMatchObject(another);
    expect(openChildren(story.journey)).toEqual([consultOf(story).consultId]);
    expect(superState(story.journey)).toBe('InTriage');
    expect(dueOf(story, 'async.first')).toHaveLength(2);
  });

  test('keeps the journey in care after the first has ended, and is charged to its own clinician', () => {
    const story = completed();
    must(story, 'X', 'QueueConsult', another);
    expect(superState(story.journey)).toBe('InCare');
    must(story, 'C', 'ClaimConsult', consultOf(story));
    expect(ownerOf(story.journey)).toEqual({ role: 'C', id: 'clinician-1' });
  });

  test.each([
    ['for the reason of one that is open', { ...another, reasonCode: 'sore-throat' }, 'X', 'consult-already-open'],
    ['as urgent by the patient', { ...another, priority: 'urgent' }, 'X', 'not-your-role'],
  ] as const)('is not queued %s', (_why, data, role, refusal) =>
    expect(queued().give(role, 'QueueConsult', data)).toMatchObject({ events: [], refusal }),
  );

  test('as urgent is for staff to queue; in a way that the pathway does not offer, for nobody', () => {
    const { pathway } = sampleFacts;
    const story = queued({ facts: { pathway: { ...pathway, template: { ...pathway.template, consultModalities: ['async'] } } } });
    expect(story.give('K', 'QueueConsult', { ...another, priority: 'urgent' }).refusal).toBeUndefined();
    expect(story.give('K', 'QueueConsult', { ...another, reasonCode: 'x', modality: 'video' }).refusal).toBe('modality-not-offered');
  });

  test('waits until the journey is accepted', () =>
    expect(priced().give('X', 'QueueConsult', another).refusal).toBe('not-allowed-in-state'));
});

describe('An offer', () => {
  const offered = (modality: 'video' | 'async' = 'video') => {
    const story = queued({ modality });
    const told = story.give('K', 'OfferConsult', { ...consultOf(story), clinicianId: 'clinician-1' });
    return { story, told };
  };

  test('stands for a minute while the patient waits before a screen', () => {
    const { story, told } = offered();
    expect(told.events).toEqual(['ConsultOffered']);
    expect(dataOf(told, 'ConsultOffered')).toEqual({ ...consultOf(story), clinicianId: 'clinician-1', expiresAt: at('09:09') });
    expect(known(story)).toMatchObject({ status: 'Offered' });
    expect(story.elapse('video.offer').events).toEqual(['ConsultOfferLapsed']);
    expect([story.now, known(story)?.status, dueOf(story, 'video.offer')]).toEqual([at('09:09'), 'Queued', []]);
  });

  test('of a consult without a screen stands until somebody answers', () => {
    const { story, told } = offered('async');
    expect(dataOf(told, 'ConsultOffered')).not.toHaveProperty('expiresAt');
    expect(dueOf(story, 'video.offer')).toEqual([]);
  });

  test('is declined by whom it was made to, and may be made to somebody else', () => {
    const { story } = offered();
    expect(as(story, 'clinician-2', 'DeclineConsultOffer', consultOf(story)).refusal).toBe('not-your-role');
    const told = as(story, 'clinician-1', 'DeclineConsultOffer', { ...consultOf(story), reason: 'busy' });
    expect(dataOf(told, 'ConsultOfferDeclined')).toEqual({ ...consultOf(story), clinicianId: 'clinician-1', reason: 'busy' });
    expect(as(story, 'clinician-1', 'DeclineConsultOffer', consultOf(story)).refusal).toBe('not-allowed-in-state');
    must(story, 'K', 'OfferConsult', { ...consultOf(story), clinicianId: 'clinician-2' });
    expect(known(story)?.offer).toMatchObject({ clinicianId: 'clinician-2' });
  });

  test('ends with the claim, whoever is first', () => {
    const { story } = offered();
    expect(as(story, 'clinician-2', 'ClaimConsult', consultOf(story)).events).toEqual(['LicenceVerified', 'ConsultClaimed']);
    expect([known(story)?.offer, dueOf(story, 'video.offer')]).toEqual([undefined, []]);
    expect(as(story, 'clinician-1', 'ClaimConsult', consultOf(story)).refusal).toBe('already-claimed');
  });

  test('is not made to somebody without a licence there, nor of a consult that is offered, held or unknown', () => {
    const story = queued();
    const offer = { ...consultOf(story), clinicianId: 'clinician-3' };
    story.know({ clinician: clinician('clinician-3', { licences: [] }) });
    expect(story.give('K', 'OfferConsult', offer)).toMatchObject({ events: [], refusal: 'licence-not-valid-here' });
    const { story: taken } = offered();
    expect(taken.give('K', 'OfferConsult', { ...offer, ...consultOf(taken) }).refusal).toBe('not-allowed-in-state');
    expect(taken.give('K', 'OfferConsult', { ...offer, consultId: 'other' }).refusal).toBe('entity-unknown');
  });
});

describe('A consult that comes off the list', () => {
  test.each([
    [2, ['ConsultEndedByPatient', 'TaskOpened']],
    [4, ['ConsultEndedByPatient', 'TaskOpened']],
    [5, ['ConsultEndedByPatient']],
    [9, ['ConsultEndedByPatient']],
  ])('ended by the patient at level %i calls back if that was urgent', (level, events) => {
    const story = decided(level);
    const told = story.give('X', 'EndConsultByPatient', { ...consultOf(story), reason: 'feelsBetter' });
    expect(told.events).toEqual(events);
    if (events.length > 1) expect(dataOf(told, 'TaskOpened')).toMatchObject({ kind: 'callback', cites: [consultOf(story).consultId] });
    expect(known(story)).toMatchObject({ status: 'EndedByPatient' });
    expect(story.give('X', 'EndConsultByPatient', consultOf(story)).refusal).toBe('not-allowed-in-state');
  });

  test('before its start is not ended but cancelled, which leaves the journey to a coordinator', () => {
    const story = claimed();
    expect(story.give('X', 'EndConsultByPatient', consultOf(story)).refusal).toBe('not-allowed-in-state');
    const told = story.give('K', 'CancelConsult', { ...consultOf(story), reason: 'noClinician' });
    expect(told.events).toEqual(['ConsultCancelled']);
    expect(known(story)).toMatchObject({ status: 'Cancelled' });
    expect([ownerOf(story.journey), superState(story.journey)]).toEqual([{ role: 'K' }, 'Queued']);
    expect(dueOf(story, 'consult.firstcontact')).toEqual([]);
    expect(story.give('K', 'QueueConsult', { ...another, reasonCode: 'sore-throat' }).events).toEqual(['ConsultQueued']);
  });

  test('is transferred to another organisation, which is named', () => {
    const story = started();
    const told = story.give('K', 'TransferConsult', { ...consultOf(story), reason: 'specialist', toOrganisation: 'clinic-7' });
    expect(dataOf(told, 'ConsultTransferred')).toEqual({ ...consultOf(story), reason: 'specialist', toOrganisation: 'clinic-7' });
    expect(known(story)).toMatchObject({ status: 'Transferred' });
  });

  test.each([
    ['CancelConsult', { reason: 'x' }],
    ['TransferConsult', { reason: 'x', toOrganisation: 'clinic-7' }],
  ])('by %s is not for another clinician to take away, and is known', (type, data) => {
    const story = claimed();
    expect(as(story, 'clinician-2', type, { ...consultOf(story), ...data }).refusal).toBe('not-your-role');
    expect(as(story, 'clinician-1', type, { consultId: 'other', ...data }).refusal).toBe('entity-unknown');
    expect(as(story, 'clinician-1', type, { ...consultOf(story), ...data }).refusal).toBeUndefined();
    expect(as(story, 'clinician-1', type, { ...consultOf(story), ...data }).refusal).toBe('not-allowed-in-state');
  });
});

describe('The hours in which clinicians take consults', () => {
  const { pathway } = sampleFacts;
  const consultCalendar = { calendarId: 'c', version: 1, zone: 'America/Los_Angeles', days: [1, 2, 3, 4, 5], fromHour: 8, toHour: 10 };
  const facts = { pathway: { ...pathway, template: { ...pathway.template, consultCalendar } } };

  test('pause the clocks to the first contact, and the event keeps what was reckoned', () => {
    const story = queued({ facts, modality: 'chat' });
    // 52 minutes are left on Tuesday, two hours on Wednesday; the rest is on Thursday.
    const contact = at('08:00', 2) + 4 * hour - 2 * hour - 52 * minute;
    expect(dueOf(story, 'consult.firstcontact')).toEqual([contact]);
    expect(dueOf(story, 'chat.first')).toEqual([at('09:13')]);
    const event = story.happened.find(({ type }) => type === 'ConsultQueued');
    expect(event?.data).toMatchObject({ basis: { due: { 'consult.firstcontact': contact, 'chat.first': at('09:13') } } });
  });

  test('do not pause the wait before a screen', () => {
    const story = queued({ facts, modality: 'video', from: at('09:50') });
    expect(dueOf(story, 'video.wait')).toEqual([at('10:28')]);
  });
});
