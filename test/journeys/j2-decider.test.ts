import { j2 } from '../../dev/journeys/j2.ts';
import * as journeys from '../../domain/journey/index.ts';
import { overlays, superState } from '../../domain/journey/super-state.ts';
import { anxiety } from '../../domain/templates/anxiety.ts';
import { cast } from './cast.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story } from './story.ts';
import { at } from './visit-setting.ts';

const adult = { contract: sampleFacts.pathway.contract, template: anxiety, onRoster: true, ageYears: 41 };

test('J-2 runs event for event on the pure decider and closes as the domain reference says', () => {
  const steps = j2(cast);
  const story = new Story(steps[0]?.at ?? 0, { pathway: { ...sampleFacts.pathway, template: anxiety }, start: adult });
  /** The clocks of the emergency after each command that changed them. */
  const clocks: string[][] = [];
  let refs = 0;
  for (const step of steps) {
    story.now = step.at;
    const data = step.data(story.entityOf, () => `ref-${refs++}`);
    const told = story.give(step.role, step.command, data, step.role === 'A' ? { who: 'eligibility' } : {});
    for (const { type, data } of told.decided.events) journeys.events[type].parse(data);
    expect({ command: step.command, refusal: told.refusal, events: told.events }).toEqual({
      command: step.command,
      refusal: undefined,
      events: step.events,
    });
    const emergency = story.deadlines().filter((deadline) => /^(emergency|ed)\./.test(deadline));
    if (emergency.join() !== (clocks.at(-1) ?? []).join()) clocks.push(emergency);
  }
  const iso = (time: string, day = 0) => new Date(at(time, day)).toISOString();
  expect(clocks).toEqual([
    [`emergency.call@${iso('22:09')}`],
    [],
    // Callback due at 22:40, welfare check due at 23:11: each is a breach five minutes later.
    [`emergency.callback@${iso('22:45')}`],
    [`emergency.contact@${iso('22:45')}`],
    [`emergency.welfare@${iso('23:16')}`],
    [],
    [`ed.followup@${iso('00:20', 8)}`],
  ]);

  const { journey, happened } = story;
  expect(superState(journey)).toBe('Closed');
  expect(overlays(journey)).toEqual([]);
  expect(journey.closing.closed?.outcome).toBe('EmergencyHandedOff');
  expect(journeys.plan(journey).deadlines.map(({ name }) => name)).toEqual(['ed.followup']);
  expect(journeys.plan(journey).owner).toEqual({ role: 'C' });
  const types = happened.map(({ type }) => type);
  for (const never of ['JourneyAccepted', 'ConsultQueued', 'ChargeCaptured', 'SurveyOffered', 'SlaBreached'])
    expect(types).not.toContain(never);
  const raised = happened.find(({ type }) => type === 'RedFlagRaised');
  expect(raised?.data).toMatchObject({ ruleId: 'rf-chest-pain', severity: 'emergency' });
  expect(happened.filter(({ type }) => type === 'EmergencyCallMade').map(({ data }) => data)).toMatchObject([
    { n: 1, reached: true, by: 'clinician-1' },
    { n: 2, reached: false, by: 'clinician-1' },
  ]);
  const task = happened.find(({ type }) => type === 'TaskOpened');
  expect(task?.data).toMatchObject({ kind: 'postEdFollowUp', dueAt: at('00:20', 8), outlivesClosure: true });
});
