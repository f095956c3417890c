import { setTimeout as pause } from 'node:timers/promises';
import type { BoardView, Views } from '../../api/views.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import type { EmployerAccess } from '../../projections/access-figures.ts';
import { type BoardRow, passes } from '../../projections/board-row.ts';
import type { ViewStatus } from '../../projections/view-status.ts';

/** Views in memory, whose rows a test puts there itself. */
export interface SampleViews extends Views {
  /** Puts a row there, or changes it, as the next event of the log. Returns its position. */
  put(row: Partial<BoardRow> & { readonly journeyId: string }): number;
  /** Takes every row away. */
  clear(): void;
  /** How far the board lags behind what was put. */
  lag(positions: number): void;
}

const at = instantOf({ year: 2026, month: 10, day: 6, hour: 9 }, 'America/Los_Angeles');

/** What a row says of a journey that waits for a clinician, unless a test says otherwise. */
export const usualRow: Omit<BoardRow, 'journeyId' | 'position'> = {
  employerId: 'employer-1',
  templateId: 'sore-throat',
  entryPoint: 'app',
  superState: 'Queued',
  overlays: [],
  needsHuman: false,
  why: 'consultQueued',
  waitingOn: { who: 'C' },
  unblocks: 'ClaimConsult',
  safety: false,
  breaches: 0,
  owner: { role: 'K' },
  openTasks: [],
  children: [],
  requestedAt: at,
  updatedAt: at,
  revision: 1,
};

/** Views with no row; employers have the figures that are given. */
export function createSampleViews(access: Readonly<Record<string, EmployerAccess>> = {}): SampleViews {
  const rows = new Map<string, BoardRow>();
  let head = 0;
  let behind = 0;
  const visible = (tenant: string): readonly BoardRow[] =>
    [...rows.values()].filter(({ employerId, position }) => (tenant === '*' || tenant === employerId) && position <= head - behind);
  const board: BoardView = {
    position: async () => head - behind,
    reached: async (position, timeoutMs) => {
      const until = Date.now() + timeoutMs;
      while (head - behind < position && Date.now() < until) await pause(10);
      return head - behind >= position;
    },
    changed: async ({ tenant }, after, limit) =>
      visible(tenant)
        .filter(({ position }) => position > after)
        .toSorted((a, b) => a.position - b.position)
        .slice(0, limit),
    page: async ({ tenant }, filter, { limit, cursor = '0' }) => {
      const found = visible(tenant)
        .filter((row) => passes(row, filter))
        .toSorted((a, b) => (a.journeyId < b.journeyId ? -1 : 1));
      const from = Number(cursor);
      const more = from + limit < found.length;
      return {
        rows: found.slice(from, from + limit),
        ...(more && { next: String(from + limit) }),
        position: head - behind,
        total: found.length,
      };
    },
  };
  const status = async (): Promise<readonly ViewStatus[]> => [
    { view: 'board', state: behind > 0 ? 'behind' : 'caughtUp', position: head - behind, lagEvents: behind, lagSeconds: 0 },
  ];
  return {
    board,
    status,
    access: {
      month: async (_scope, employerId, month) => access[employerId] ?? { employerId, month, figures: [], pooled: true, position: head },
    },
    put(row) {
      head += 1;
      rows.set(row.journeyId, { ...usualRow, ...rows.get(row.journeyId), ...row, position: head });
      return head;
    },
    clear() {
      rows.clear();
      [head, behind] = [0, 0];
    },
    lag(positions) {
      behind = positions;
    },
  };
}
