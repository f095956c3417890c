import * as journeys from '../domain/journey/index.ts';
import type { Happened } from '../domain/kernel/event.ts';
import { journeyStream } from '../domain/kernel/stream.ts';
import type { EventStore, StoredEvent } from '../store/event-store.ts';

/** What one command left behind. */
export interface Left {
  readonly events: readonly StoredEvent[];
  readonly refusalCode?: string;
}

/** A journey as it stands, with what each of its commands left. */
export interface Loaded {
  readonly journey: journeys.Journey;
  readonly byCommand: ReadonlyMap<string, Left>;
}

export interface Journeys {
  /** Folds what the cache does not hold yet. */
  load(journeyId: string): Promise<Loaded>;
  /** Takes note of events that were just appended. */
  remember(journeyId: string, loaded: Loaded): void;
}

const empty: Loaded = { journey: journeys.initial, byCommand: new Map() };

/** Folded journeys by id; the least recently used leave first. The store stays the judge: a load always reads the newer events. */
export function createJourneys(store: EventStore, capacity = 2_000): Journeys {
  const cache = new Map<string, Loaded>();

  const remember = (journeyId: string, loaded: Loaded): void => {
    cache.delete(journeyId);
    cache.set(journeyId, loaded);
    const oldest = cache.keys().next().value;
    if (cache.size > capacity && oldest !== undefined) cache.delete(oldest);
  };

  return {
    remember,
    async load(journeyId) {
      const known = cache.get(journeyId) ?? empty;
      const tail: StoredEvent[] = [];
      for await (const event of store.readStream(journeyStream(journeyId), { from: known.journey.revision + 1 })) tail.push(event);
      const loaded = tail.length === 0 ? known : withEvents(known, tail);
      remember(journeyId, loaded);
      return loaded;
    },
  };
}

/** The journey after more of its events. */
export function withEvents({ journey, byCommand }: Loaded, events: readonly StoredEvent[]): Loaded {
  const left = new Map(byCommand);
  for (const event of events) {
    const before = left.get(event.commandId)?.events ?? [];
    left.set(event.commandId, { events: [...before, event], ...(event.refusalCode && { refusalCode: event.refusalCode }) });
  }
  const folded = events.reduce((state, event) => journeys.evolve(state, event as unknown as Happened<journeys.JourneyEvent>), journey);
  return { journey: folded, byCommand: left };
}
