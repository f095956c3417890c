import { clocksOf, clockTime, pharmacySays, statusOfRx, tasksAbout, verified } from './prescription-story.ts';
import type { Story } from './story.ts';

const p1 = { rxId: 'p1' };

describe('At the counter', () => {
  /** Ready to be fetched at 15:00. */
  const ready = (): Story => {
    const story = verified();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
    story.give('A', 'RecordDispense', { ...p1, outcome: 'dispensed' });
    story.now = clockTime('15:00');
    expect(pharmacySays(story, 'ready').events).toEqual(['MedicationReadyForPickup']);
    return story;
  };
  const reminders = (story: Story) => story.effects('send-notice').filter(({ entityId }) => entityId.startsWith('p1'));
  const days = (count: number): number => clockTime('15:00') + count * 24 * 3_600_000;
  const returned = (story: Story) => story.give('A', 'RecordDispense', { ...p1, outcome: 'returned-to-stock' });

  it('a medicine is picked up', () => {
    const story = ready();
    expect(statusOfRx(story)).toBe('ReadyForPickup');
    expect(pharmacySays(story, 'picked-up').events).toEqual(['MedicationPickedUp']);
    expect(statusOfRx(story)).toBe('InHand');
    expect([...clocksOf(story), ...reminders(story)]).toEqual([]);
  });

  it('the patient is reminded on day 3 and 7, and on day 10 somebody looks', () => {
    const story = ready();
    expect(reminders(story).map(({ entityId, notBefore }) => [entityId, notBefore])).toEqual([
      ['p1.pickup-1', days(3)],
      ['p1.pickup-2', days(7)],
    ]);
    const sent = { noticeId: 'p1.pickup-1', status: 'sent', kind: 'pickupReminder', recipientRole: 'P', channel: 'push', textVersion: 1 };
    story.give('A', 'RecordNotice', sent);
    expect(reminders(story).map(({ entityId }) => entityId)).toEqual(['p1.pickup-2']);
    expect(clocksOf(story)).toEqual([`rx.pickup@${new Date(days(10)).toISOString()}`]);
    expect(story.elapse('rx.pickup').events).toEqual(['SlaBreached']);
  });

  it('what nobody fetched goes back, and ends when the clinician has decided', () => {
    const story = ready();
    expect(returned(story).events).toEqual(['MedicationReturnedToStock', 'TaskOpened']);
    expect([statusOfRx(story), ...tasksAbout(story, 'p1')]).toEqual(['ReadyForPickup', 'callback']);
    expect([...clocksOf(story).filter((deadline) => deadline.startsWith('rx')), ...reminders(story)]).toEqual([]);
    story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'not-needed' });
    expect(statusOfRx(story)).toBe('NotFilled');
  });

  it('a decision that was taken back is none, and one on something else is another', () => {
    const story = ready();
    story.give('C', 'OpenTask', { taskId: 'other', kind: 'callback', cites: ['p1'] });
    story.give('C', 'CompleteTask', { taskId: 'other', resultCode: 'done' });
    returned(story);
    expect(statusOfRx(story)).toBe('ReadyForPickup');
    story.give('C', 'CancelTask', { taskId: story.entityOf('TaskOpened'), reason: 'error' });
    expect(statusOfRx(story)).toBe('ReadyForPickup');
  });

  it('takes nothing back that is in hand', () => {
    const story = ready();
    pharmacySays(story, 'picked-up');
    expect(returned(story).events).toEqual(['MedicationReturnedToStock']);
    expect(statusOfRx(story)).toBe('InHand');
  });

  it.each([
    ['counselled', 'PatientCounselled'],
    ['declined', 'CounsellingDeclined'],
  ])('the patient is told how to take it, or does not want to hear it: %s', (outcome, event) => {
    const told = ready().give('K', 'RecordCounselling', { ...p1, outcome, by: 'pharmacist-7' });
    expect(told.events).toEqual([event]);
    expect(told.decided.events[0]?.data).toMatchObject({ by: 'pharmacist-7' });
    expect(ready().give('A', 'RecordCounselling', { rxId: 'p9', outcome }).refusal).toBe('entity-unknown');
  });
});
