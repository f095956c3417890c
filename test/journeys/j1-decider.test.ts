import { j1 } from '../../dev/journeys/j1.ts';
import { tellers } from '../../dev/journeys/outside-facts.ts';
import { unmet } from '../../domain/journey/closure-guard.ts';
import { statusOf } from '../../domain/journey/delivery/state.ts';
import * as journeys from '../../domain/journey/index.ts';
import { superState } from '../../domain/journey/super-state.ts';
import { cast, visitWindow as window } from './cast.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story } from './story.ts';

test('J-1 runs event for event on the pure decider and closes as the domain reference says', () => {
  const steps = j1(cast);
  const story = new Story(steps[0]?.at ?? 0, { slot: { ...sampleFacts.slot, window, earliest: window.from } });
  let refs = 0;
  const ref = () => {
    refs += 1;
    return `ref-${refs}`;
  };
  for (const step of steps) {
    story.now = step.at;
    const who = tellers[step.command];
    const told = story.give(step.role, step.command, step.data(story.entityOf, ref), who ? { who } : {});
    expect({ command: step.command, refusal: told.refusal, events: told.events }).toEqual({
      command: step.command,
      refusal: undefined,
      events: step.events,
    });
    if (step.command === 'RecordDeliveryStatus' && step.events[0] === 'DeliveryCompleted')
      expect(superState(story.journey)).toBe('FollowUp');
  }
  const { journey } = story;
  expect(superState(journey)).toBe('Closed');
  expect(journey.closing.closed).toMatchObject({ outcome: 'Resolved', resolvedBy: 'clinician-1' });
  expect(journeys.plan(journey).deadlines).toEqual([]);
  expect(Object.values(journey.visit.byId).map(({ status }) => status)).toEqual(['Completed']);
  expect(journey.lab.orders['o1']?.status).toBe('Communicated');
  expect(journey.prescription.byId['p1']?.status).toBe('InHand');
  expect(Object.values(journey.delivery.byId).map(statusOf)).toEqual(['Delivered']);
  expect(Object.keys(journey.money.charges)).toHaveLength(2);
  expect(Object.values(journey.money.copays)).toMatchObject([{ cents: 2_500, status: 'charged' }]);
  expect(story.happened.some(({ type }) => type === 'SlaBreached')).toBe(false);
  expect(unmet(journey, 'Resolved')).toEqual([]);
});
