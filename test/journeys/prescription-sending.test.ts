import { clocksOf, clockTime, iso, networkSays, pharmacySays, signed, statusOfRx } from './prescription-story.ts';
import type { Story } from './story.ts';

const sends = (story: Story) => story.effects('send-prescription').map(({ attempt, notBefore }) => [attempt, notBefore]);
const queries = (story: Story) => story.effects('query-prescription').map(({ attempt, notBefore }) => [attempt, notBefore]);

const queryFinds = (story: Story, outcome: string, time: string) => {
  story.now = clockTime(time);
  const [query] = story.effects('query-prescription');
  return story.give('A', 'RecordRxReconciliation', { rxId: 'p1', outcome, ...(query && { attempt: query.attempt }) });
};
const personFinds = (story: Story, outcome: string) =>
  story.give('K', 'RecordRxReconciliation', { rxId: 'p1', outcome, by: 'pharmacist-7' });

/** J-5, all variants: signed at 14:03:00, timed out at 14:03:30. */
const unconfirmed = (story: Story = signed()): Story => {
  story.now = clockTime('14:03:30');
  networkSays(story, 'unknown');
  return story;
};

const unknownThrice = (): Story => {
  const story = unconfirmed();
  for (const time of ['14:05:30', '14:08:30', '14:13:30']) queryFinds(story, 'unknown', time);
  return story;
};

describe('J-5: an unknown send', () => {
  it('all variants: no second send, three queries with a time, and an end', () => {
    const story = signed();
    expect(story.effects('send-prescription')).toEqual([{ id: 'rx-send.p1', attempt: 1, kind: 'send-prescription', entityId: 'p1' }]);
    story.now = clockTime('14:03:30');
    expect(networkSays(story, 'unknown').events).toEqual(['PrescriptionSendUnconfirmed']);
    expect(statusOfRx(story)).toBe('SendUnconfirmed');
    expect(sends(story)).toEqual([]);
    expect(story.effects('query-prescription')).toEqual([
      { id: 'rx-query.p1', attempt: 1, kind: 'query-prescription', entityId: 'p1', notBefore: clockTime('14:05:30') },
    ]);
    expect(clocksOf(story)).toEqual([`rx.reconcile@${iso('14:18:30')}`]);
  });

  it('A: the query finds it', () => {
    const story = unconfirmed();
    expect(queryFinds(story, 'found', '14:05:30').events).toEqual(['PrescriptionReconciled']);
    expect(statusOfRx(story)).toBe('AcceptedByNetwork');
    expect([...sends(story), ...queries(story)]).toEqual([]);
    expect(clocksOf(story)).toEqual([`rx.verify@${iso('14:20:30')}`]);
    expect(pharmacySays(story, 'verified').events).toEqual(['PrescriptionVerifiedByPharmacy']);
    expect(statusOfRx(story)).toBe('VerifiedByPharmacy');
  });

  it('B: three queries know nothing, a person calls, and nothing is sent again', () => {
    const story = unconfirmed();
    expect(queryFinds(story, 'unknown', '14:05:30').events).toEqual(['PrescriptionReconciled']);
    expect(queries(story)).toEqual([[2, clockTime('14:08:30')]]);
    expect(queryFinds(story, 'unknown', '14:08:30').events).toEqual(['PrescriptionReconciled']);
    expect(queries(story)).toEqual([[3, clockTime('14:13:30')]]);
    expect(queryFinds(story, 'unknown', '14:13:30').events).toEqual(['PrescriptionReconciled', 'TaskOpened']);
    expect(clocksOf(story)).toEqual([`task.due@${iso('14:43:30')}`]);
    expect([...sends(story), ...queries(story)]).toEqual([]);
    const told = personFinds(story, 'found');
    expect(told.events).toEqual(['PrescriptionReconciled', 'TaskCompleted']);
    expect(told.decided.events[0]?.data).toMatchObject({ outcome: 'found', by: 'pharmacist-7' });
    expect(pharmacySays(story, 'verified').events).toEqual(['PrescriptionVerifiedByPharmacy']);
    expect(statusOfRx(story)).toBe('VerifiedByPharmacy');
  });

  it('C: it is certainly not there, so it is sent again under the same key', () => {
    const story = unconfirmed();
    expect(queryFinds(story, 'notFound', '14:05:30').events).toEqual(['PrescriptionReconciled']);
    expect(story.effects('send-prescription')).toEqual([{ id: 'rx-send.p1', attempt: 2, kind: 'send-prescription', entityId: 'p1' }]);
    expect(clocksOf(story)).toEqual([]);
    expect(networkSays(story, 'succeeded', 2).events).toEqual(['PrescriptionTransmitted']);
    expect(pharmacySays(story, 'verified').events).toEqual(['PrescriptionVerifiedByPharmacy']);
    expect(statusOfRx(story)).toBe('VerifiedByPharmacy');
  });
});

describe('Reconciling', () => {
  it('opens the call task by its clock when the queries stay out, and the clock stops', () => {
    const story = unconfirmed();
    expect(story.elapse('rx.reconcile').events).toEqual(['SlaBreached', 'TaskOpened']);
    expect(clocksOf(story)).toEqual([`task.due@${iso('14:48:30')}`]);
    for (const time of ['14:19', '14:20']) queryFinds(story, 'unknown', time);
    expect(queryFinds(story, 'unknown', '14:21').events).toEqual(['PrescriptionReconciled']);
  });

  it('by a person who cannot say leaves the task open and counts as no query', () => {
    const story = unknownThrice();
    expect(personFinds(story, 'unknown').events).toEqual(['PrescriptionReconciled']);
    expect(statusOfRx(story)).toBe('SendUnconfirmed');
    expect(story.journey.prescription.byId.p1?.sending.queries).toBe(3);
    expect(personFinds(story, 'notFound').events).toEqual(['PrescriptionReconciled', 'TaskCompleted']);
    expect(sends(story)).toEqual([[2, undefined]]);
  });

  it('by a late query leaves the call to the person who has it', () => {
    const story = unknownThrice();
    expect(story.give('A', 'RecordRxReconciliation', { rxId: 'p1', outcome: 'found' }).events).toEqual(['PrescriptionReconciled']);
    expect(statusOfRx(story)).toBe('AcceptedByNetwork');
  });

  it('completes the call about this prescription, and no other', () => {
    const story = unknownThrice();
    story.give('K', 'OpenTask', { taskId: 'other-call', kind: 'pharmacyCall', cites: ['p2'] });
    personFinds(story, 'found');
    expect(Object.values(story.journey.work.tasks)).toMatchObject([
      { cites: ['p1'], status: 'completed', resultCode: 'found' },
      { cites: ['p2'], status: 'open' },
    ]);
  });

  it('asks nobody to call for a prescription that the pharmacy has', () => {
    const story = unconfirmed();
    for (const time of ['14:05:30', '14:08:30']) queryFinds(story, 'unknown', time);
    pharmacySays(story, 'verified');
    expect(queryFinds(story, 'unknown', '14:13:30').events).toEqual(['PrescriptionReconciled']);
  });

  it('counts no answer twice', () => {
    const story = unconfirmed();
    for (const time of ['14:05:30', '14:08:30']) queryFinds(story, 'unknown', time);
    const repeated = { rxId: 'p1', attempt: 2, outcome: 'unknown' };
    expect(story.give('A', 'RecordRxReconciliation', repeated).events).toEqual(['PrescriptionReconciled']);
    expect(queries(story)).toEqual([[3, clockTime('14:13:30')]]);
  });

  it('names who answers for it, be it the coordinator', () => {
    const story = unconfirmed();
    const told = story.give('K', 'RecordRxReconciliation', { rxId: 'p1', outcome: 'found' });
    expect(told.decided.events[0]?.data).toMatchObject({ by: 'coordinator-1' });
  });

  it('goes on counting its queries, so that a second uncertainty asks anew', () => {
    const story = unconfirmed();
    queryFinds(story, 'unknown', '14:05:30');
    queryFinds(story, 'notFound', '14:08:30');
    networkSays(story, 'unknown', 2);
    expect(queries(story)).toEqual([[3, clockTime('14:10:30')]]);
    expect(clocksOf(story)).toEqual([`rx.reconcile@${iso('14:23:30')}`]);
  });

  it('of an earlier uncertainty sends nothing again (R-33)', () => {
    const story = unconfirmed();
    queryFinds(story, 'notFound', '14:05:30');
    networkSays(story, 'unknown', 2);
    expect(story.give('A', 'RecordRxReconciliation', { rxId: 'p1', attempt: 1, outcome: 'notFound' }).events).toEqual([
      'PrescriptionReconciled',
    ]);
    expect(statusOfRx(story)).toBe('SendUnconfirmed');
    expect(sends(story)).toEqual([]);
  });

  it('is a query’s next answer when nobody numbers it, and knows its prescription', () => {
    const story = unconfirmed();
    const told = story.give('A', 'RecordRxReconciliation', { rxId: 'p1', outcome: 'unknown' });
    expect(told.decided.events[0]?.data).toMatchObject({ attempt: 1 });
    expect(queries(story)).toEqual([[2, clockTime('14:08:30')]]);
    expect(story.give('A', 'RecordRxReconciliation', { rxId: 'p9', outcome: 'unknown' }).refusal).toBe('entity-unknown');
  });

  it('too late takes nothing back (R-21)', () => {
    const story = unconfirmed();
    pharmacySays(story, 'verified');
    expect(queryFinds(story, 'notFound', '14:05:30').events).toEqual(['PrescriptionReconciled']);
    expect(statusOfRx(story)).toBe('VerifiedByPharmacy');
    expect([...sends(story), ...queries(story)]).toEqual([]);
  });
});

describe('A certain failure', () => {
  it('is tried again after 1 and 5 minutes, and no more', () => {
    const story = signed();
    expect(networkSays(story, 'failed').events).toEqual(['PrescriptionSendFailed']);
    expect(statusOfRx(story)).toBe('Signed');
    expect(sends(story)).toEqual([[2, clockTime('14:04')]]);
    story.now = clockTime('14:04');
    networkSays(story, 'failed', 2);
    expect(sends(story)).toEqual([[3, clockTime('14:08')]]);
    story.now = clockTime('14:08');
    networkSays(story, 'failed', 3);
    expect(sends(story)).toEqual([]);
    expect(clocksOf(story)).toEqual([`rx.send@${iso('14:18')}`]);
  });

  it('for too long is somebody’s call, whose answer sends it again', () => {
    const story = signed();
    networkSays(story, 'failed');
    expect(story.elapse('rx.send').events).toEqual(['SlaBreached', 'TaskOpened']);
    expect(Object.values(story.journey.work.tasks)).toMatchObject([{ kind: 'pharmacyCall', cites: ['p1'] }]);
    expect(clocksOf(story)).toEqual([`task.due@${iso('14:48')}`]);
    expect(personFinds(story, 'notFound').events).toEqual(['PrescriptionReconciled', 'TaskCompleted']);
    expect(sends(story)).toEqual([[2, undefined]]);
    networkSays(story, 'failed', 2);
    expect(clocksOf(story)).toEqual([`rx.send@${iso('14:33')}`]);
  });

  it('needs one call, even if the next attempt is unconfirmed', () => {
    const story = signed();
    networkSays(story, 'failed');
    story.elapse('rx.send');
    story.now += 60_000;
    networkSays(story, 'unknown', 2);
    expect(story.elapse('rx.reconcile').events).toEqual(['SlaBreached']);
  });

  it('ends with a send that succeeds', () => {
    const story = signed();
    networkSays(story, 'failed');
    networkSays(story, 'succeeded', 2);
    expect(clocksOf(story)).toEqual([`rx.verify@${iso('14:18')}`]);
  });

  it('that comes late takes nothing back (R-21)', () => {
    const story = unconfirmed();
    expect(networkSays(story, 'failed').events).toEqual(['PrescriptionSendFailed']);
    expect(statusOfRx(story)).toBe('SendUnconfirmed');
    expect(sends(story)).toEqual([]);
    const again = signed();
    networkSays(again, 'failed');
    networkSays(again, 'failed');
    networkSays(again, 'unknown');
    expect(sends(again)).toEqual([[2, clockTime('14:04')]]);
  });

  it('is not repeated where the network said no: a person has to look', () => {
    const story = signed();
    const told = networkSays(story, 'refused');
    expect(told.events).toEqual(['PrescriptionSendFailed']);
    expect(told.decided.events[0]?.data).toMatchObject({ outcome: 'refused' });
    expect(sends(story)).toEqual([]);
    expect(clocksOf(story)).toEqual([`rx.send@${iso('14:18')}`]);
  });

  it('of a prescription that nobody knows is unknown', () => {
    expect(signed().give('A', 'RecordRxTransmission', { rxId: 'p9', attempt: 1, outcome: 'failed' }).refusal).toBe('entity-unknown');
  });
});
