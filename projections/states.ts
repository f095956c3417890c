import type { EventContent, EventStore } from '../store/event-store.ts';
import type { View } from './view.ts';

/** An event that the view cannot take: nothing after it may be shown either. */
export class Poison extends Error {
  override readonly name = 'Poison';
  readonly position: number;
  readonly reason: string;
  constructor(position: number, reason: string, cause: unknown) {
    super(`the event at position ${position} stops the view: ${reason}`, { cause });
    this.position = position;
    this.reason = reason;
  }
}

/** A stream's state after its event number `version`. */
export interface Folded {
  readonly version: number;
  readonly state: unknown;
}

/** Folded streams by name; the least recently used leave first, and are folded again from the store when they are needed. */
export class States {
  private readonly known = new Map<string, Folded>();
  private readonly store: Pick<EventStore, 'readStream'>;
  private readonly view: View;
  private readonly capacity: number;

  constructor(store: Pick<EventStore, 'readStream'>, view: View, capacity: number) {
    this.store = store;
    this.view = view;
    this.capacity = capacity;
  }

  /** The stream as it was before the event number `version`. @throws Unavailable, Poison */
  async before(stream: string, version: number): Promise<Folded> {
    const known = this.known.get(stream);
    if (known?.version === version - 1) return known;
    let folded: Folded = { version: 0, state: this.view.initial };
    if (version === 1) return folded;
    for await (const event of this.store.readStream(stream, { limit: version - 1 })) folded = foldOne(this.view, folded, event);
    return folded;
  }

  keep(stream: string, folded: Folded): void {
    this.known.delete(stream);
    this.known.set(stream, folded);
    const oldest = this.known.keys().next().value;
    if (this.known.size > this.capacity && oldest !== undefined) this.known.delete(oldest);
  }
}

/** A stream's state after one more event. @throws Poison */
export function foldOne(view: View, { state }: Folded, event: EventContent): Folded {
  try {
    return { version: event.version, state: view.fold(state, event) };
  } catch (error) {
    throw new Poison(event.position, 'fold-failed', error);
  }
}
