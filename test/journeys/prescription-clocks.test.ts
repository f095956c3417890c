import * as journeys from '../../domain/journey/index.ts';
import { clocksOf, clockTime, iso, networkSays, pharmacySays, transmitted } from './prescription-story.ts';
import { sampleFacts } from './sample-facts.ts';

describe('The clocks of the pharmacy', () => {
  it('rx.verify: not verified in 15 minutes is a breach and a call, once', () => {
    const story = transmitted();
    expect(clocksOf(story)).toEqual([`rx.verify@${iso('14:18')}`]);
    story.now = clockTime('14:10');
    networkSays(story, 'succeeded');
    expect(clocksOf(story)).toEqual([`rx.verify@${iso('14:18')}`]);
    expect(story.elapse('rx.verify').events).toEqual(['SlaBreached', 'TaskOpened']);
    expect(clocksOf(story)).toEqual([`task.due@${iso('14:48')}`]);
    const said = { rxId: 'p1', status: 'verified' };
    expect(story.give('K', 'RecordPharmacyStatus', said).events).toEqual(['PrescriptionVerifiedByPharmacy', 'TaskCompleted']);
  });

  it('rx.verify runs on while a payer decides', () => {
    const story = transmitted();
    pharmacySays(story, 'prior-authorisation-required');
    expect(clocksOf(story)).toEqual([`rx.verify@${iso('14:18')}`]);
  });

  it('rx.accept: 4 hours of the pharmacy’s day, the rest of them tomorrow', () => {
    const story = transmitted();
    story.now = clockTime('20:30');
    const told = pharmacySays(story, 'verified');
    expect(told.decided.events[0]?.data.basis?.due).toEqual({ 'rx.accept': clockTime('34:30') });
    expect(clocksOf(story)).toEqual([`rx.accept@${iso('34:30')}`]);
    expect(story.elapse('rx.accept').events).toEqual(['SlaBreached', 'TaskOpened']);
    expect(Object.values(story.journey.work.tasks)).toMatchObject([{ kind: 'pharmacyChoice', cites: ['p1'] }]);
  });

  it('rx.accept runs day and night where no calendar is known', () => {
    const story = transmitted().know({ pharmacy: { known: true, capabilities: [] } });
    story.now = clockTime('20:30');
    pharmacySays(story, 'verified');
    expect(clocksOf(story)).toEqual([`rx.accept@${iso('24:30')}`]);
  });

  it('rx.accept starts once, and stops at the first fill', () => {
    const story = transmitted();
    pharmacySays(story, 'verified');
    story.now = clockTime('15:00');
    expect(pharmacySays(story, 'verified').decided.events[0]?.data.basis).toBeUndefined();
    pharmacySays(story, 'stock-out');
    expect(clocksOf(story)).toContain(`rx.accept@${iso('18:03')}`);
    story.give('A', 'RecordDispense', { rxId: 'p1', outcome: 'partial', quantity: 10 });
    expect(clocksOf(story).filter((deadline) => deadline.startsWith('rx'))).toEqual([]);
  });

  it('rx.accept does not start when the verification is known only after the fill', () => {
    const story = transmitted();
    story.give('A', 'RecordDispense', { rxId: 'p1', outcome: 'dispensed' });
    expect(pharmacySays(story, 'verified').decided.events[0]?.data.basis).toBeUndefined();
  });

  it('keeps the due instant beside the versions of the facts', () => {
    const story = transmitted();
    const command = {
      type: 'RecordPharmacyStatus',
      data: { rxId: 'p1', status: 'verified', pharmacyId: 'pharmacy-1' },
      actor: { kind: 'partner', id: 'pharmacy', role: 'A' } as const,
    };
    const ids = { commandId: 'v1', newId: (label: string) => label, eventId: (ordinal: number) => `v1.${ordinal}` };
    const given = { ...ids, facts: sampleFacts, basis: { 'partner-pharmacy-1': 2 }, now: story.now, at: story.now };
    const { events } = journeys.decide(story.journey, command, given);
    expect(events[0]?.data.basis).toEqual({ facts: { 'partner-pharmacy-1': 2 }, due: { 'rx.accept': clockTime('18:03') } });
  });
});
