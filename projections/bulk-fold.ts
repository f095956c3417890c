// A long stretch of the log folded in memory, its rows copied into an empty table.
import type { PoolClient } from 'pg';
import type { EventContent, EventStore } from '../store/event-store.ts';
import { rowsOf } from './batch.ts';
import { type Copying, startCopy } from './copying.ts';
import { type ScanOptions, scan } from './scan.ts';
import { foldOne, States } from './states.ts';
import { concerns, type View } from './view.ts';

export interface BulkOptions extends ScanOptions {
  readonly store: EventStore;
  /** Streams held in memory; beyond it, those that were left alone the longest are written out. */
  readonly held: number;
  readonly onProgress?: ((position: number) => void) | undefined;
}

/** Changed in place: a million events need no million of these. */
interface Held {
  version: number;
  state: unknown;
  position: number;
}

/** Fills an empty table with the rows of all events up to a position. @throws Poison, Unavailable, the driver's error */
export async function bulkFold(client: PoolClient, view: View, table: string, options: BulkOptions): Promise<void> {
  const { store, onProgress } = options;
  const bulk = new Bulk(client, view, table, options);
  for await (const events of scan(store, options)) {
    await bulk.take(events.filter(({ stream }) => concerns(view, stream)));
    const last = events.at(-1);
    if (last) onProgress?.(last.position);
  }
  await bulk.finish();
  onProgress?.(options.upTo);
}

class Bulk {
  private readonly streams = new Map<string, Held>();
  /** Streams that were written out and then went on: what was written of them is out of date. */
  private readonly reopened = new Set<string>();
  private readonly states: States;
  private readonly client: PoolClient;
  private readonly view: View;
  private readonly table: string;
  private readonly held: number;
  private copying: Copying | undefined;

  constructor(client: PoolClient, view: View, table: string, { store, held }: BulkOptions) {
    this.client = client;
    this.view = view;
    this.table = table;
    this.held = held;
    this.states = new States(store, view, 0);
  }

  async take(events: readonly EventContent[]): Promise<void> {
    const touched = new Set<string>();
    for (const event of events) {
      const known = this.streams.get(event.stream);
      // Waiting for what is there already would cost more than the fold.
      const held = known?.version === event.version - 1 ? known : await this.fetch(event);
      this.fold(held, event);
      touched.add(event.stream);
      if (this.view.rowsAre === 'added') await this.write(event.stream, held);
    }
    await this.makeRoom(touched);
  }

  private async fetch({ stream, version, position }: EventContent): Promise<Held> {
    if (version > 1) this.reopened.add(stream);
    const held = { ...(await this.states.before(stream, version)), position };
    this.streams.set(stream, held);
    return held;
  }

  private fold(held: Held, event: EventContent): void {
    held.state = foldOne(this.view, held, event).state;
    held.version = event.version;
    held.position = event.position;
  }

  /** Writes out the streams that are over, and, beyond what may be held, those that were left alone the longest. */
  private async makeRoom(touched: ReadonlySet<string>): Promise<void> {
    for (const stream of touched) {
      const held = this.streams.get(stream);
      if (!held) continue;
      // Taken out and put back, so that the order of the map is that of the last events.
      this.streams.delete(stream);
      this.streams.set(stream, held);
      if (this.view.isOver?.(held.state)) await this.writeOut(stream, held);
    }
    let excess = this.streams.size - this.held;
    for (const [stream, held] of this.streams) {
      if (excess <= 0) return;
      await this.writeOut(stream, held);
      excess -= 1;
    }
  }

  /** A stream that has come back stays until the end: its first rows are in the table. */
  private async writeOut(stream: string, held: Held): Promise<void> {
    const isReplaced = this.view.rowsAre === 'replaced';
    if (isReplaced && this.reopened.has(stream)) return;
    if (isReplaced) await this.write(stream, held);
    this.streams.delete(stream);
  }

  async finish(): Promise<void> {
    if (this.view.rowsAre === 'replaced') {
      await this.forgetReopened();
      for (const [stream, held] of this.streams) await this.write(stream, held);
    }
    await this.endCopy();
  }

  private async forgetReopened(): Promise<void> {
    if (this.reopened.size === 0) return;
    await this.endCopy();
    await this.client.query(`DELETE FROM ${this.table} WHERE stream = ANY ($1)`, [[...this.reopened]]);
  }

  private async write(stream: string, { state, position }: Held): Promise<void> {
    this.copying ??= startCopy(this.client, this.view, this.table);
    await this.copying.write(rowsOf(this.view, stream, state, position));
  }

  private async endCopy(): Promise<void> {
    await this.copying?.end();
    this.copying = undefined;
  }
}
