import { j1 } from '../../dev/journeys/j1.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { cast } from '../journeys/cast.ts';
import { knownIn } from './known-values.ts';
import { actorOf, begin, type Decider, type Given, give, type Play, type Told } from './play.ts';
import { samplesOf } from './sample-data.ts';

/** The journey of J-1 after each of its commands. */
export function worked(decider: Decider): readonly Play[] {
  const steps = j1(cast);
  const plays = [begin(decider, steps[0]?.at ?? 0)];
  for (const step of steps) {
    const play = { ...(plays.at(-1) as Play), now: step.at };
    const entityOf = (type: string): string => {
      const event = play.happened.findLast((happened) => happened.type === type);
      const key = decider.events[type as keyof typeof decider.events]?.meta()?.entity;
      return String((event?.data as Record<string, unknown> | undefined)?.[String(key)]);
    };
    const data = decider.commands[step.command]?.data.parse(step.data(entityOf, () => 'ref-1')) as object;
    plays.push(give(decider, play, { role: step.role, type: step.command, data }).after);
  }
  return plays;
}

/** Every way in which a command may be given to this journey: by each role, with each sample of its data, in either world. */
export function waysOf(decider: Decider, play: Play, type: string, known = knownIn(play)): readonly Given[] {
  const spec = decider.commands[type];
  if (!spec) return [];
  if (type === 'ElapseDeadline')
    return play.journey.intake.request
      ? decider
          .plan(play.journey)
          .deadlines.map((deadline) => ({ role: 'T', type, data: deadline, at: Math.max(play.now, deadline.dueAt) }))
      : [];
  const samples = samplesOf(spec.data, known(type)) as readonly object[];
  const [first, ...others] = spec.roles as readonly [Role, ...Role[]];
  const [fullest] = samples;
  if (!fullest) return [];
  return [
    ...samples.map((data): Given => ({ role: first, type, data })),
    ...(spec.facts ? samples.slice(0, 2).map((data): Given => ({ role: first, type, data, world: 'shut' })) : []),
    ...(spec.clinical || spec.facts?.includes('clinician')
      ? [{ role: first, type, data: fullest, world: 'unlicensed' } satisfies Given]
      : []),
    ...others.map((role): Given => ({ role, type, data: fullest })),
    // What one clinician asks for, another may have to grant.
    ...(spec.roles.includes('C') ? [{ role: 'C', type, data: fullest, who: 'clinician-2' } satisfies Given] : []),
  ].map((given) => ({ who: actorOf(decider, given.role, type), ...given }));
}

/** Gives the command at its own time. */
export const giveInTime = (decider: Decider, play: Play, given: Given): Told =>
  give(decider, { ...play, now: Math.max(play.now, given.at ?? 0) }, given);
