import { asides, follow } from './asides.ts';
import { knownIn } from './known-values.ts';
import { isUntouched, type Machine, nameOf, standings } from './machines.ts';
import { begin, type Decider, type Play, type Told } from './play.ts';
import { giveInTime, waysOf, worked } from './ways.ts';

/** A change of state that was seen, and the event that brought it about. */
export interface Edge {
  readonly machine: Machine;
  /** Absent for the first state of a thing. */
  readonly from?: string;
  readonly to: string;
  readonly event: string;
}

export interface Explored {
  /** Journeys such that every state that was reached is the state of something in one of them. */
  readonly plays: readonly Play[];
  /** Those of them that are written down by hand. */
  readonly aside: readonly Play[];
  readonly edges: readonly Edge[];
  /** Types of the events that happened, with one of each. */
  readonly sampled: ReadonlyMap<string, Told['events'][number]>;
}

/**
 * Goes from every step of J-1, and of the ways aside from it, wherever a command leads to a state or leaves an event that
 * nobody has seen yet; so every stage is walked as far as its own commands carry.
 */
export function explore(decider: Decider, machines: readonly Machine[]): Explored {
  const edges = new Map<string, Edge>();
  const states = new Set<string>();
  const sampled = new Map<string, Told['events'][number]>();
  const types = Object.keys(decider.commands).toSorted();
  const look = (before: Play, events: Told['events']): boolean => {
    const known = states.size + sampled.size;
    let journey = before.journey;
    for (const event of events) {
      if (!sampled.has(event.type)) sampled.set(event.type, event);
      const after = decider.evolve(journey, event);
      for (const edge of machines.flatMap((machine) => crossed(machine, journey, after, event.type))) {
        const key = [nameOf(edge.machine), edge.from, edge.to, edge.event].join('|');
        if (!edges.has(key)) edges.set(key, edge);
        states.add(`${nameOf(edge.machine)}|${edge.to}`);
      }
      journey = after;
    }
    return states.size + sampled.size > known;
  };

  const plays: Play[] = [];
  const aside = asides.flatMap((way) => follow(decider, way));
  let next: readonly Play[] = [...worked(decider), ...aside];
  for (const play of next) look(begin(decider, play.now), play.happened);
  while (next.length > 0) {
    plays.push(...next);
    next = next.flatMap((play) => {
      const known = knownIn(play);
      const seen = new Set<string>();
      return types.flatMap((type) =>
        waysOf(decider, play, type, known).flatMap((given) => {
          const told = giveInTime(decider, play, given);
          const outcome = [type, ...told.events.map((event) => event.type)].join();
          if (told.events.length === 0 || seen.has(outcome)) return [];
          seen.add(outcome);
          return look(play, told.events) ? [told.after] : [];
        }),
      );
    });
  }
  return { plays, aside, edges: [...edges.values()], sampled };
}

/** The things that stand elsewhere than before. */
function crossed(machine: Machine, before: Play['journey'], after: Play['journey'], event: string): readonly Edge[] {
  if (isUntouched(machine, before, after)) return [];
  const were = standings(before, machine);
  return standings(after, machine).flatMap(({ entityId, state: to }): Edge[] => {
    const from = were.find((standing) => standing.entityId === entityId)?.state;
    return from === to ? [] : [{ machine, to, event, ...(from !== undefined && { from }) }];
  });
}
