import { asides, follow } from './asides.ts';
import { isUntouched, type Machine, nameOf, standings } from './machines.ts';
import type { Decider, Play, Told } from './play.ts';
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
  /** By command, a journey that took it. */
  readonly taken: ReadonlyMap<string, Play>;
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
  const taken = new Map<string, Play>();
  const types = Object.keys(decider.commands).toSorted();
  const look = (before: Play['journey'], events: Told['events'], last: Play['journey']): boolean => {
    const known = states.size + sampled.size;
    let journey = before;
    events.forEach((event, i) => {
      if (!sampled.has(event.type)) sampled.set(event.type, event);
      const after = i === events.length - 1 ? last : decider.evolve(journey, event);
      for (const edge of machines.flatMap((machine) => crossed(machine, journey, after, event.type))) {
        const key = [nameOf(edge.machine), edge.from, edge.to, edge.event].join('|');
        if (!edges.has(key)) edges.set(key, edge);
      }
      journey = after;
    });
    // A state that is only passed through is nothing to go on from.
    for (const machine of machines.filter((machine) => !isUntouched(machine, before, last)))
      for (const { state } of standings(last, machine)) states.add(`${nameOf(machine)}|${state}`);
    return states.size + sampled.size > known;
  };

  const plays: Play[] = [];
  const aside = asides.flatMap((way) => follow(decider, way));
  let next: readonly Play[] = [...worked(decider), ...aside];
  for (const play of next) look(decider.initial, play.happened, play.journey);
  while (next.length > 0) {
    plays.push(...next);
    next = next.flatMap((play) =>
      types.flatMap((type) =>
        waysOf(decider, play, type).flatMap((given) => {
          const told = giveInTime(decider, play, given);
          if (told.events.length === 0) return [];
          if (told.refusal === undefined && !taken.has(type)) taken.set(type, play);
          return look(play.journey, told.events, told.after.journey) ? [told.after] : [];
        }),
      ),
    );
  }
  return { plays, aside, taken, edges: [...edges.values()], sampled };
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
