import { useState } from 'preact/hooks';
import { type BoardFilter, mostCounted, type BoardPage as Page } from '../../projections/board-row.ts';
import { Fault, Loading } from '../notices.tsx';
import type { Me } from '../session.ts';
import { useTitle } from '../title.ts';
import { BoardTable } from './board-table.tsx';
import { Filters } from './filters.tsx';
import { useBoard } from './live-board.ts';

/** Kept while somebody looks at a journey and comes back. */
let lastFilter: BoardFilter = {};

/** Where every journey stands, whom it waits for, and what unblocks it. */
export function BoardPage({ me }: { readonly me: Me }) {
  const [filter, setFilter] = useState(lastFilter);
  const { board, error, isReadingMore, again, more } = useBoard(filter);
  const rows = board?.rows ?? [];
  useTitle('Board');
  const change = (next: BoardFilter): void => {
    lastFilter = next;
    setFilter(next);
  };
  const employers = [...new Set([...rows.map(({ employerId }) => employerId), ...(filter.employerId ? [filter.employerId] : [])])].sort();
  return (
    <>
      <div class="page-head">
        <h1>Board</h1>
        <Counts page={board} />
        <Filters filter={filter} onChange={change} me={me} employers={employers} />
      </div>
      {error && <Fault error={error} again={again} />}
      {!board && !error && <Loading what="the board" />}
      {rows.length > 0 && <BoardTable rows={rows} me={me} {...(board?.next !== undefined && { more })} isReadingMore={isReadingMore} />}
      {board && rows.length === 0 && <Empty filtered={Object.keys(filter).length > 0} reset={() => change({})} />}
    </>
  );
}

function Counts({ page }: { readonly page: Page | undefined }) {
  if (!page) return null;
  const needing = page.rows.filter(({ needsHuman }) => needsHuman).length;
  const safety = page.rows.filter(({ safety: runs }) => runs).length;
  return (
    <p class="counts">
      <strong>{page.total < mostCounted ? page.total : `${mostCounted.toLocaleString('en')} or more`}</strong>{' '}
      {page.total === 1 ? 'journey' : 'journeys'}
      {page.total > page.rows.length && `, the first ${page.rows.length} shown`} · <strong>{needing}</strong>{' '}
      {needing === 1 ? 'needs' : 'need'} a human
      {safety > 0 && (
        <>
          {' · '}
          <strong class="danger">{safety}</strong> on a safety clock
        </>
      )}
    </p>
  );
}

function Empty({ filtered, reset }: { readonly filtered: boolean; readonly reset: () => void }) {
  return (
    <section class="empty">
      <h2>{filtered ? 'No journey fits the filter' : 'No journey yet'}</h2>
      <p>{filtered ? 'Nothing that you asked for is open right now.' : 'As soon as a patient asks for care, the journey stands here.'}</p>
      {filtered && (
        <button type="button" onClick={reset}>
          Show all
        </button>
      )}
    </section>
  );
}
