// What happens on the board, for as long as somebody listens.
import { setTimeout as pause } from 'node:timers/promises';
import { type BoardFilter, type BoardRow, passes } from '../projections/board-row.ts';
import type { ClockSetting, Scope } from '../store/ports.ts';
import type { Line } from './board-stream.ts';
import type { BoardView } from './views.ts';

/** What a listener wants to hear. */
export interface Listening {
  readonly scope: Scope;
  readonly filter: BoardFilter;
  /** Position after which to begin. */
  readonly after: number;
  /** Real time at which the listener's right ends. */
  readonly until: number;
}

export interface FeedOptions {
  readonly board: BoardView;
  /** Journey time, which the countdowns need. */
  readonly clock: () => Promise<ClockSetting>;
  readonly pollMs?: number;
  readonly heartbeatMs?: number;
}

/** Tells a listener what changes. Returns when the listener is gone. @throws Unavailable */
export type Feed = (line: Line, listening: Listening) => Promise<void>;

const pageSize = 500;

/** One feed for all listeners: they share the question how far the view is. */
export function createFeed({ board, clock, pollMs = 200, heartbeatMs = 15_000 }: FeedOptions): Feed {
  let tick: Promise<number> | undefined;
  const nextPosition = (): Promise<number> => {
    tick ??= pause(pollMs)
      .then(() => board.position())
      .finally(() => {
        tick = undefined;
      });
    return tick;
  };

  return async (line, { scope, filter, after, until }) => {
    let sent = after;
    let position = await board.position();
    let quietSince = 0;
    while (!line.ended.aborted && Date.now() < until) {
      const news = position > sent;
      if (news) sent = Math.max(position, await sendChanged(board, line, { scope, filter, after: sent, until }));
      if (news || Date.now() - quietSince >= heartbeatMs) {
        await line.send({ event: 'position', id: sent, data: { position: sent, ...(await clock()) } });
        quietSince = Date.now();
      }
      position = await nextPosition();
    }
  };
}

/** Sends every row that changed since. Returns the position of the last. */
async function sendChanged(board: BoardView, line: Line, { scope, filter, after }: Listening): Promise<number> {
  let sent = after;
  for (;;) {
    const rows = await board.changed(scope, sent, pageSize);
    for (const row of rows) await line.send(messageOf(row, filter));
    sent = rows.at(-1)?.position ?? sent;
    if (rows.length < pageSize || line.ended.aborted) return sent;
  }
}

/** A row that the filter no longer lets through is gone for the listener: without that word it would stand there for ever. */
const messageOf = (row: BoardRow, filter: BoardFilter) =>
  passes(row, filter)
    ? { event: 'row', id: row.position, data: row }
    : { event: 'gone', id: row.position, data: { journeyId: row.journeyId, position: row.position } };
