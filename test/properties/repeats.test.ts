import fc from 'fast-check';
import { j1 } from '../../dev/journeys/j1.ts';
import * as journeys from '../../domain/journey/index.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { executor, handClock, journeyId, message, stored } from '../activities/execute-setting.ts';
import { cast } from '../journeys/cast.ts';
import { actorOf, factsOf, type Given, type Play, type World } from '../state-machine/play.ts';
import { type Choice, script, take } from './script.ts';

/** A journey that `execute` keeps in a store in memory, and what was sent to it. */
function kept() {
  const store = memoryEventStore();
  const clock = handClock();
  let world: World = 'open';
  const know = ({ command }: { readonly command: { readonly actor: { readonly id: string } } }) =>
    factsOf(world, clock.at, command.actor.id);
  const { execute } = executor({ store, clock, know });
  const play = async (): Promise<Play> => {
    const happened = (await stored(store)) as unknown as Play['happened'];
    return { journey: happened.reduce(journeys.evolve, journeys.initial), now: clock.at, happened, given: happened.length };
  };
  const send = async (told: CommandMessage, inWorld: World = 'open') => {
    world = inWorld;
    return (await execute(journeyId, told, [])).answer;
  };
  return { store, clock, play, send };
}
type Kept = ReturnType<typeof kept>;

async function begun({ clock, play, send }: Kept, hundredths: number): Promise<void> {
  const steps = j1(cast);
  for (const [n, step] of steps.slice(0, Math.ceil((hundredths / 100) * steps.length)).entries()) {
    clock.at = step.at;
    const { happened } = await play();
    const entityOf = (type: string): string => {
      const event = happened.findLast((one) => one.type === type) as unknown as { readonly entityId: string } | undefined;
      return event?.entityId ?? 'none';
    };
    const who = actorOf(journeys, step.role, step.command);
    await send(
      message(
        `j${n}`,
        step.role,
        step.command,
        step.data(entityOf, () => 'ref-1'),
        { who },
      ),
    );
  }
}

/** Sends what was chosen, then the same again; both answers must be one, and the second must leave nothing. */
async function twice(journey: Kept, chosen: Choice, past: Given[], id: string): Promise<CommandMessage | undefined> {
  const { clock, play, send, store } = journey;
  clock.at += chosen.passes;
  const taken = take(journeys, await play(), chosen, past, id);
  if (!taken) return undefined;
  const { given } = taken;
  past.push(given);
  clock.at = taken.before.now;
  const told = message(id, given.role, given.type, given.data, {
    who: given.who ?? actorOf(journeys, given.role, given.type),
    occurredAt: Math.min(given.at ?? clock.at, clock.at),
  });
  const first = await send(told, given.world);
  const length = (await stored(store)).length;
  if (first.accepted && first.events.length === 0) return undefined;
  const again = await send(told, given.world);
  expect([(await stored(store)).length, again]).toEqual([length, first]);
  return first.accepted || first.events.length > 0 ? told : undefined;
}

test('a command that is repeated, at once or at the end, adds nothing and is answered alike (I-3)', async () => {
  await fc.assert(
    fc.asyncProperty(script, async ({ start, choices }) => {
      const journey = kept();
      await begun(journey, start);
      const past: Given[] = [];
      const left: CommandMessage[] = [];
      for (const [n, chosen] of choices.entries()) {
        const told = await twice(journey, chosen, past, `s${n}`);
        if (told) left.push(told);
      }
      const before = await stored(journey.store);
      for (const told of left.toReversed()) await journey.send(told);
      expect(await stored(journey.store)).toEqual(before);
    }),
    { numRuns: 40 },
  );
});
