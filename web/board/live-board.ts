// A page of the board that follows what happens.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'preact/hooks';
import { type BoardFilter, type BoardPage, type BoardRow, compareRows, passes } from '../../projections/board-row.ts';
import { onRows, rowsAfter, takeClock } from '../live.ts';
import { ask } from '../server.ts';
import { useLive } from '../use-live.ts';

interface ReadPage extends BoardPage {
  readonly now: number;
  readonly scale: number;
}

const pageSize = 200;
const keyOf = (filter: BoardFilter) => ['board', filter] as const;

/** The first page of the rows that a filter lets through, kept up to date by the line. */
export function useBoard(filter: BoardFilter) {
  const client = useQueryClient();
  const { position, state } = useLive();
  useEffect(() => onRows((rows) => applyToAll(client, rows)), [client]);
  return useQuery<BoardPage>({
    queryKey: keyOf(filter),
    queryFn: async ({ signal }) => {
      const page = await ask<ReadPage>(`/v1/board?${queryOf(filter)}`, { signal });
      takeClock(page);
      return withRows(page, rowsAfter(page.position), filter);
    },
    // Once the line is open, nothing falls between the page and what the line brings.
    enabled: position !== undefined || state === 'lost',
    refetchInterval: 60_000,
  });
}

function queryOf(filter: BoardFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return new URLSearchParams([['limit', String(pageSize)], ...given.map(([name, value]) => [name, String(value)])]).toString();
}

function applyToAll(client: QueryClient, rows: readonly BoardRow[]): void {
  for (const [key, page] of client.getQueriesData<BoardPage>({ queryKey: ['board'] })) {
    if (page) client.setQueryData(key, withRows(page, rows, key[1] as BoardFilter));
  }
}

/** The page after these rows have changed; a row that is older than the one that stands there counts for nothing. */
function withRows(page: BoardPage, rows: readonly BoardRow[], filter: BoardFilter): BoardPage {
  const known = new Map(page.rows.map((row) => [row.journeyId, row]));
  let total = page.total;
  for (const row of rows) {
    const before = known.get(row.journeyId);
    if (before && before.position >= row.position) continue;
    const stays = passes(row, filter);
    if (stays) known.set(row.journeyId, row);
    else known.delete(row.journeyId);
    total += Number(stays && !before) - Number(!stays && before !== undefined);
  }
  const ordered = [...known.values()].toSorted(compareRows).slice(0, Math.max(pageSize, page.rows.length));
  return { ...page, rows: ordered, total: page.next === undefined ? ordered.length : Math.max(total, ordered.length) };
}
