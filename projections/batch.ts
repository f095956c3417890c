// One batch of events on its way into a view's table: each stream is folded once, and its rows are written once.
import type { PoolClient } from 'pg';
import type { EventContent } from '../store/event-store.ts';
import { type Folded, foldOne, Poison, type States } from './states.ts';
import { type StreamRow, writeRows } from './tables.ts';
import { concerns, type View } from './view.ts';

/** What a batch leads to; the states may be kept once the rows are committed. */
export interface FoldedBatch {
  readonly streams: ReadonlyMap<string, Folded>;
  readonly rows: readonly StreamRow[];
}

/** Folds the events of a batch. @throws Poison, Unavailable */
export async function foldBatch(view: View, states: States, events: readonly EventContent[]): Promise<FoldedBatch> {
  const streams = new Map<string, Folded>();
  const lastOf = new Map<string, number>();
  const added: StreamRow[] = [];
  for (const event of events) {
    if (!concerns(view, event.stream)) continue;
    const before = streams.get(event.stream) ?? (await states.before(event.stream, event.version));
    const folded = foldOne(view, before, event);
    streams.set(event.stream, folded);
    lastOf.set(event.stream, event.position);
    if (view.rowsAre === 'added') added.push(...rowsOf(view, event.stream, folded.state, event.position));
  }
  if (view.rowsAre === 'added') return { streams, rows: added };
  const rows = [...streams].flatMap(([stream, { state }]) => rowsOf(view, stream, state, lastOf.get(stream) ?? 0));
  return { streams, rows };
}

/** The rows of a stream in a state that the event at `position` led to. @throws Poison */
export function rowsOf(view: View, stream: string, state: unknown, position: number): readonly StreamRow[] {
  try {
    return view.rows(state).map((row) => ({ ...row, stream }));
  } catch (error) {
    throw new Poison(position, 'rows-failed', error);
  }
}

/** Writes a folded batch to a table. @throws the driver's error */
export const writeBatch = (client: PoolClient, view: View, table: string, { streams, rows }: FoldedBatch): Promise<void> =>
  writeRows(client, view, table, { streams: [...streams.keys()], rows });
