import { j1 } from '../../dev/journeys/j1.ts';
import { commands as deliveryCommands } from '../../domain/journey/delivery/decide.ts';
import { statusOf } from '../../domain/journey/delivery/state.ts';
import { commands as prescriptionCommands } from '../../domain/journey/prescription/decide.ts';
import { openChildren } from '../../domain/journey/super-state.ts';
import { cast } from './cast.ts';
import { clocksOf, inTreatment, statusOfRx } from './prescription-story.ts';

/** The steps of J-1 from 14:01 to 15:48 that treat and deliver. */
const treatment = j1(cast).filter(({ command }) => command in prescriptionCommands || command in deliveryCommands);

describe('J-1: the treatment', () => {
  it('leaves exactly the events of the worked journey, and the medicine in hand', () => {
    const story = inTreatment();
    for (const step of treatment) {
      story.now = step.at;
      const data = step.data(
        (type) => (type === 'FinalResultReceived' ? 'result-1' : story.entityOf(type)),
        (text) => text,
      );
      expect({ command: step.command, events: story.give(step.role, step.command, data).events }).toEqual({
        command: step.command,
        events: step.events,
      });
    }
    expect(treatment).toHaveLength(13);
    expect(statusOfRx(story)).toBe('InHand');
    expect(Object.values(story.journey.delivery.byId).map(statusOf)).toEqual(['Delivered']);
    expect(openChildren(story.journey)).toEqual([]);
    expect(clocksOf(story)).toEqual([]);
  });
});
