import { type EventStore, type NewEvent, StreamClosed, VersionConflict } from '../../store/event-store.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import { collect } from './reading.ts';

/** A store that is wrong in one way, by the name of its fault. The contract must catch each. */
export const plantedFaults: Readonly<Record<string, () => EventStore>> = {
  'does nothing': doesNothing,
  'forgets the expected version': () => changed((store) => ({ append: (stream, events) => store.append(stream, events, 'any') })),
  'stores a repeated append again': storesAgain,
  'knows a repeated append only as the newest': knowsOnlyTheNewest,
  'stores the first events of a refused append': storesHalf,
  'drops an append on conflict and says it was taken': dropsOnConflict,
  'fails a whole moment for one bad append': failsNeighbours,
  'takes appends to a closed stream': () => changed(() => ({ close: async () => undefined })),
  'takes what is too large': () =>
    changed((store) => ({ append: (stream, events, expected) => store.append(stream, events.slice(0, 500), expected) })),
  'loses who stood behind the actor': losesFields,
  'reads backwards in the wrong order': readsForwardsOnly,
  'ignores the limit': ignoresLimit,
  'ignores the filter': ignoresFilter,
  'leaves out the last event of a stretch': () =>
    changed((store) => ({ readSpan: (span) => store.readSpan({ ...span, upTo: span.upTo - 1 }) })),
  'tears a stream between shares': tearsStreams,
  'misses an event on going live': () => changed(missesOnGoingLive),
  'repeats an event on going live': () => changed(repeatsOnGoingLive),
  'follows history only': () =>
    changed((store) => ({ subscribe: ({ after, filter }) => store.readAll({ after, ...(filter && { filter }) }) })),
  'does not hear that it is aborted': deafToAbort,
  'numbers positions with a gap after a refused append': gapAfterRefusal,
};

function changed(change: (store: EventStore) => Partial<EventStore>): EventStore {
  const store = memoryEventStore();
  return { ...store, ...change(store) };
}

async function* nothing() {}

function doesNothing(): EventStore {
  return {
    append: async () => ({ version: 1, position: 1, duplicate: false }),
    readStream: nothing,
    readAll: nothing,
    readSpan: async () => [],
    subscribe: nothing,
    head: async () => 0,
    describe: async () => ({ version: 0, closed: false }),
    close: async () => undefined,
  };
}

const renewed = (events: readonly NewEvent[]) => events.map((event) => ({ ...event, id: crypto.randomUUID() }));

function storesAgain(): EventStore {
  return changed((store) => ({
    append: async (stream, events, expected) => {
      const answer = await store.append(stream, events, expected);
      return answer.duplicate ? store.append(stream, renewed(events), 'any') : answer;
    },
  }));
}

function knowsOnlyTheNewest(): EventStore {
  return changed((store) => ({
    append: async (stream, events, expected) => {
      const answer = await store.append(stream, events, expected);
      const { version } = await store.describe(stream);
      if (answer.duplicate && answer.version < version) throw new VersionConflict(stream, version);
      return answer;
    },
  }));
}

function storesHalf(): EventStore {
  return changed((store) => ({
    append: (stream, events, expected) =>
      store.append(stream, events, expected).catch(async (error: unknown) => {
        if (events.length > 1 && !(error instanceof StreamClosed))
          await store.append(stream, events.slice(0, 1), 'any').catch(() => undefined);
        throw error;
      }),
  }));
}

function dropsOnConflict(): EventStore {
  return changed((store) => ({
    append: (stream, events, expected) =>
      store.append(stream, events, expected).catch((error: unknown) => {
        if (!(error instanceof VersionConflict)) throw error;
        return { version: error.current, position: 1, duplicate: false };
      }),
  }));
}

function failsNeighbours(): EventStore {
  return changed((store) => {
    let flush: Promise<unknown> = Promise.resolve();
    return {
      append: (stream, events, expected) => {
        const before = flush;
        const mine = before.then(() => store.append(stream, events, expected));
        flush = mine;
        // Forgets the failure once the moment is over.
        setTimeout(() => {
          flush = Promise.resolve();
        }, 0);
        return mine;
      },
    };
  });
}

function losesFields(): EventStore {
  return changed((store) => ({
    append: (stream, events, expected) => {
      const kept = events.map((event) => ({ ...event, actor: { kind: event.actor.kind, id: event.actor.id, role: event.actor.role } }));
      return store.append(stream, kept, expected);
    },
  }));
}

function readsForwardsOnly(): EventStore {
  return changed((store) => ({
    async *readStream(stream, range) {
      yield* (await collect(store.readStream(stream, range))).sort((a, b) => a.version - b.version);
    },
  }));
}

function ignoresLimit(): EventStore {
  return changed((store) => ({
    readStream: (stream, { limit, ...range } = {}) => store.readStream(stream, range),
    readAll: ({ limit, ...range } = {}) => store.readAll(range),
  }));
}

function ignoresFilter(): EventStore {
  return changed((store) => ({
    readAll: ({ filter, ...range } = {}) => store.readAll(range),
    subscribe: ({ filter, ...options }) => store.subscribe(options),
  }));
}

function tearsStreams(): EventStore {
  return changed((store) => ({
    readSpan: async ({ share, ...span }) =>
      (await store.readSpan(span)).filter(({ position }) => !share || position % share.of === share.nth),
  }));
}

/** What was appended while history was being read is skipped. */
function missesOnGoingLive(store: EventStore): Partial<EventStore> {
  return {
    async *subscribe({ after, signal }) {
      for await (const event of store.readAll({ after })) yield event;
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* store.subscribe({ after: await store.head(), signal });
    },
  };
}

/** Going live begins one event too early. */
function repeatsOnGoingLive(store: EventStore): Partial<EventStore> {
  return {
    async *subscribe({ after, signal, ...rest }) {
      let last = after;
      for await (const event of store.readAll({ after, ...rest })) {
        last = event.position;
        yield event;
      }
      yield* store.subscribe({ after: Math.max(0, last - 1), signal, ...rest });
    },
  };
}

function deafToAbort(): EventStore {
  return changed((store) => ({
    subscribe: ({ signal, ...options }) => store.subscribe({ ...options, signal: new AbortController().signal }),
  }));
}

/** Like a sequence of the database, which does not go back with its transaction. */
function gapAfterRefusal(): EventStore {
  return changed((store) => ({
    append: (stream, events, expected) =>
      store.append(stream, events, expected).catch(async (error: unknown) => {
        if (error instanceof VersionConflict) await store.append(`gap-${crypto.randomUUID()}`, renewed(events), 'any');
        throw error;
      }),
  }));
}
