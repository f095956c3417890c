// The line to the board: it comes back by itself, begins where it left off, and says when it is lost.
import type { BoardRow } from '../projections/board-row.ts';

/** How the line stands. */
export type LineState = 'connecting' | 'live' | 'lost';

/** Journey time at an instant of this machine. */
export interface ClockReading {
  readonly now: number;
  readonly scale: number;
  /** `performance.now()` when it was read. */
  readonly readAt: number;
}

/** What is known through the line. */
export interface Live {
  readonly state: LineState;
  /** When the line was lost, in journey time. */
  readonly lostAt?: number;
  readonly position?: number;
  readonly clock?: ClockReading;
}

type Told = (rows: readonly BoardRow[]) => void;

/** The service gives a sign of life every 15 s; after twice that the line is taken for dead. */
const patienceMs = 32_000;
const pauseMs = 2_000;
/** More than change in the minute after which every page is read again. */
const rememberedRows = 10_000;

let live: Live = { state: 'connecting' };
let source: EventSource | undefined;
let watchdog: ReturnType<typeof setTimeout> | undefined;
let pending: BoardRow[] = [];
const recent = new Map<string, BoardRow>();
const listeners = new Set<() => void>();
const told = new Set<Told>();

/** Present state of the line; a new object whenever something changed. */
export const readLive = (): Live => live;

/** Calls back whenever the state of the line changes. Returns what ends that. */
export function onLive(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Calls back with rows that changed. Returns what ends that. */
export function onRows(tell: Told): () => void {
  told.add(tell);
  return () => void told.delete(tell);
}

/** Rows that changed after a position, as far as the line has brought them. */
export const rowsAfter = (position: number): readonly BoardRow[] => [...recent.values()].filter((row) => row.position > position);

/** Journey time now, as far as the last reading tells; before the first, that of this machine. */
export function journeyNow(): number {
  const { clock } = live;
  return clock ? clock.now + (performance.now() - clock.readAt) * clock.scale : Date.now();
}

/** Opens the line. Returns what closes it. */
export function openLine(): () => void {
  connect();
  return () => {
    clearTimeout(watchdog);
    source?.close();
    source = undefined;
    recent.clear();
    change({ state: 'connecting' });
  };
}

/** Takes a reading of the journey clock from any answer that has one. */
export function takeClock({ now, scale }: { readonly now: number; readonly scale: number }): void {
  change({ ...live, clock: { now, scale, readAt: performance.now() } });
}

function change(next: Live): void {
  live = next;
  for (const listener of listeners) listener();
}

function connect(): void {
  const after = live.position === undefined ? '' : `?after=${live.position}`;
  source?.close();
  source = new EventSource(`/v1/board/stream${after}`);
  source.addEventListener('row', ({ data }) => takeRow(JSON.parse(data) as BoardRow));
  source.addEventListener('position', ({ data }) => takePosition(JSON.parse(data)));
  source.addEventListener('error', lose);
  watch();
}

/** The browser itself comes back with the last id after a cut; it gives up on an answer that is no stream. */
function lose(): void {
  change({ ...live, state: 'lost', lostAt: live.lostAt ?? journeyNow() });
  if (source?.readyState !== EventSource.CLOSED) return;
  clearTimeout(watchdog);
  watchdog = setTimeout(connect, pauseMs);
}

function watch(): void {
  clearTimeout(watchdog);
  watchdog = setTimeout(() => {
    change({ ...live, state: 'lost', lostAt: live.lostAt ?? journeyNow() });
    connect();
  }, patienceMs);
}

function takeRow(row: BoardRow): void {
  watch();
  if (pending.length === 0) setTimeout(tellRows, 50);
  pending.push(row);
}

/** Rows are told in small batches, so that a busy morning does not redraw the table for each. */
function tellRows(): void {
  const rows = pending;
  pending = [];
  for (const row of rows) {
    recent.delete(row.journeyId);
    recent.set(row.journeyId, row);
  }
  for (const id of [...recent.keys()].slice(0, Math.max(0, recent.size - rememberedRows))) recent.delete(id);
  for (const tell of told) tell(rows);
}

function takePosition({ position, now, scale }: { readonly position: number; readonly now: number; readonly scale: number }): void {
  watch();
  change({ state: 'live', position, clock: { now, scale, readAt: performance.now() } });
}
