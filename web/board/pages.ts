// What the board shows of the pages that were read, after all that has happened since.
import { type BoardFilter, type BoardPage, type BoardRow, compareRows, passes } from '../../projections/board-row.ts';

/**
 * The rows of the pages with what changed since the first of them was read, in order. Where the pages end before the board does, nothing is
 * shown that stands after their last row: it comes with the next page, and no row between is left out.
 */
export function boardOf(pages: readonly BoardPage[], changed: readonly BoardRow[], filter: BoardFilter): BoardPage {
  const last = pages.at(-1);
  const known = latest(pages.flatMap(({ rows }) => rows));
  const now = latest([...known.values(), ...changed]);
  const end = last?.next === undefined ? undefined : last.rows.at(-1);
  const rows = [...now.values()]
    .filter((row) => passes(row, filter) && (end === undefined || compareRows(row, end) <= 0))
    .toSorted(compareRows);
  const left = [...known.keys()].filter((id) => !passes(now.get(id) as BoardRow, filter)).length;
  const total = end === undefined ? rows.length : Math.max((last?.total ?? 0) - left, rows.length);
  return { rows, position: positionOf(pages), total, ...(last?.next !== undefined && { next: last.next }) };
}

/** The position that every page is at: whatever changed later may be missing from one of them. */
export const positionOf = (pages: readonly BoardPage[]): number => Math.min(...pages.map(({ position }) => position));

/** The newest row of each journey: a page that was read later may hold an older one than the line has brought. */
function latest(rows: readonly BoardRow[]): ReadonlyMap<string, BoardRow> {
  const known = new Map<string, BoardRow>();
  for (const row of rows) {
    const before = known.get(row.journeyId);
    if (!before || before.position < row.position) known.set(row.journeyId, row);
  }
  return known;
}
