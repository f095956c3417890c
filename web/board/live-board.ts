// The board page by page, following what happens.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'preact/hooks';
import type { BoardFilter, BoardPage } from '../../projections/board-row.ts';
import { onRows, rowsAfter, takeClock } from '../live.ts';
import { ask } from '../server.ts';
import { useLive } from '../use-live.ts';
import { boardOf, positionOf } from './pages.ts';

interface ReadPage extends BoardPage {
  readonly now: number;
  readonly scale: number;
}

/** The board as far as it was read. */
export interface ReadBoard {
  /** Absent until the first page is there. */
  readonly board: BoardPage | undefined;
  readonly error: Error | null;
  /** True while the next page is on its way. */
  readonly isReadingMore: boolean;
  /** Reads all pages again that were read. */
  readonly again: () => void;
  /** Reads the next page. Gives the id of its first journey; undefined if nothing came. */
  readonly more: () => Promise<string | undefined>;
}

const pageSize = 200;

/** The rows that a filter lets through, as many pages of them as were asked for, kept up to date by the line. */
export function useBoard(filter: BoardFilter): ReadBoard {
  const { position, state } = useLive();
  const [, redraw] = useState(0);
  useEffect(() => onRows(() => redraw((count) => count + 1)), []);
  const { data, error, refetch, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['board', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    getNextPageParam: ({ next }: BoardPage) => next,
    // Once the line is open, nothing falls between the page and what the line brings.
    enabled: position !== undefined || state === 'lost',
    refetchInterval: 60_000,
    // The line goes on bringing rows while nobody looks, and remembers no more than a minute of them.
    refetchIntervalInBackground: true,
  });
  return {
    board: data && boardOf(data.pages, rowsAfter(positionOf(data.pages)), filter),
    error,
    isReadingMore: isFetchingNextPage,
    again: () => void refetch(),
    more: async () => {
      const after = await fetchNextPage();
      return after.isError ? undefined : after.data?.pages.at(-1)?.rows[0]?.journeyId;
    },
  };
}

async function readPage(filter: BoardFilter, cursor: string, signal: AbortSignal): Promise<BoardPage> {
  const page = await ask<ReadPage>(`/v1/board?${queryOf(filter, cursor)}`, { signal });
  takeClock(page);
  return page;
}

function queryOf(filter: BoardFilter, cursor: string): string {
  const asked = Object.entries({ ...filter, limit: pageSize, ...(cursor !== '' && { cursor }) });
  return new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
}
