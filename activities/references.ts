import type { Aggregate } from '../domain/kernel/aggregate.ts';
import { aggregates, type Category, type States, streamOf } from '../domain/reference/index.ts';
import type { EventStore, StoredEvent } from '../store/event-store.ts';

/** What a stream's events add up to. */
export interface Standing<State> {
  readonly state: State;
  /** Number of the stream's events. */
  readonly version: number;
}

/** The same with what each command has left in the stream. */
export interface Folded<State> extends Standing<State> {
  /** Position of the stream's last event in the store. */
  readonly position: number;
  readonly byCommand: ReadonlyMap<string, readonly StoredEvent[]>;
}

/** The streams that are no journeys, as they stand in the store now. */
export interface References {
  load<C extends Category>(category: C, id: string): Promise<Folded<States[C]>>;
  /** Every stream of a category whose id begins with a prefix, by id. */
  list<C extends Category>(category: C, idPrefix?: string): Promise<ReadonlyMap<string, Standing<States[C]>>>;
}

interface Listing<State> {
  readonly byId: ReadonlyMap<string, Standing<State>>;
  /** Position up to which the log has been read. */
  readonly upTo: number;
}

/** Folds with a cache; the least recently used leave first. The store stays the judge: every answer reads the newer events. */
export function createReferences(store: EventStore, capacity = 5_000): References {
  const folds = remembering<Folded<unknown>>(capacity);
  const listings = remembering<Listing<unknown>>(100);

  return {
    async load<C extends Category>(category: C, id: string) {
      const stream = streamOf(category, id);
      const known = (folds.get(stream) as Folded<States[C]> | undefined) ?? emptyOf(category);
      const tail: StoredEvent[] = [];
      for await (const event of store.readStream(stream, { from: known.version + 1 })) tail.push(event);
      const folded = tail.length === 0 ? known : withEvents(aggregateOf(category), known, tail);
      folds.set(stream, folded);
      return folded;
    },

    async list<C extends Category>(category: C, idPrefix = '') {
      const prefix = streamOf(category, idPrefix);
      const known = (listings.get(prefix) as Listing<States[C]> | undefined) ?? { byId: new Map<string, Standing<States[C]>>(), upTo: 0 };
      const { initial, evolve } = aggregateOf(category);
      // The head is read first: what is appended after it belongs to the next reading.
      const head = await store.head();
      if (head <= known.upTo) return known.byId;
      const byId = new Map(known.byId);
      let upTo = head;
      for await (const event of store.readAll({ after: known.upTo, filter: { streamPrefixes: [prefix] } })) {
        const id = event.stream.slice(category.length + 1);
        byId.set(id, { state: evolve(byId.get(id)?.state ?? initial, event as never), version: event.version });
        upTo = Math.max(upTo, event.position);
      }
      listings.set(prefix, { byId, upTo });
      return byId;
    },
  };
}

// Indexing by a type parameter gives every category's aggregate at once; the parameter says which one it is.
const aggregateOf = <C extends Category>(category: C): Aggregate<States[C]> => aggregates[category] as unknown as Aggregate<States[C]>;

const emptyOf = <C extends Category>(category: C): Folded<States[C]> => ({
  state: aggregateOf(category).initial,
  version: 0,
  position: 0,
  byCommand: new Map(),
});

function withEvents<State>({ evolve }: Aggregate<State>, before: Folded<State>, events: readonly StoredEvent[]): Folded<State> {
  const byCommand = new Map(before.byCommand);
  for (const event of events) byCommand.set(event.commandId, [...(byCommand.get(event.commandId) ?? []), event]);
  const last = events.at(-1);
  return {
    state: events.reduce((state, event) => evolve(state, event as never), before.state),
    version: last?.version ?? before.version,
    position: last?.position ?? before.position,
    byCommand,
  };
}

interface Memory<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** As much as fits; what was not used for the longest time is forgotten. */
function remembering<V>(capacity: number): Memory<V> {
  const entries = new Map<string, V>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      const oldest = entries.keys().next().value;
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
    },
  };
}
