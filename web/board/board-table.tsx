import { useEffect, useRef, useState } from 'preact/hooks';
import type { BoardRow } from '../../projections/board-row.ts';
import type { Me } from '../session.ts';
import { useNow } from '../use-live.ts';
import { Row } from './board-row.tsx';

interface TableProps {
  readonly rows: readonly BoardRow[];
  readonly me: Me;
  /** Reads the next page and gives its first journey; absent where there is none. */
  readonly more?: () => Promise<string | undefined>;
  readonly isReadingMore: boolean;
}

/** The rows of the board. The arrow keys go from journey to journey, and to what shows more of them. */
export function BoardTable({ rows, me, more, isReadingMore }: TableProps) {
  const now = useNow();
  const frame = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState<string>();
  // Whoever asked for more reads on with the first row that came; the button may be gone.
  useEffect(() => {
    if (first === undefined) return;
    const link = frame.current?.querySelector<HTMLElement>(`tr[data-journey="${CSS.escape(first)}"] .journey-link`);
    if (!link) return;
    link.focus();
    setFirst(undefined);
  }, [first, rows]);
  return (
    <div class="table-frame" ref={frame}>
      <table class="board" onKeyDown={moveByArrow}>
        <caption class="hidden-text">
          Journeys: safety clocks first, then broken promises, then the nearest deadline, then age. Arrow keys go from row to row.
        </caption>
        <Headings />
        <tbody>
          {rows.map((row) => (
            <Row key={row.journeyId} row={row} now={now} me={me} />
          ))}
        </tbody>
      </table>
      {more && (
        <div class="show-more">
          <button
            type="button"
            aria-disabled={isReadingMore}
            onKeyDown={moveByArrow}
            onClick={() => !isReadingMore && void more().then(setFirst)}
          >
            {isReadingMore ? 'Loading…' : 'Show more'}
          </button>
        </div>
      )}
    </div>
  );
}

const Headings = () => (
  <thead>
    <tr>
      <th scope="col">Journey</th>
      <th scope="col">Where it stands</th>
      <th scope="col">Why it is here</th>
      <th scope="col">What unblocks it</th>
      <th scope="col">Nearest deadline</th>
      <th scope="col" class="number">
        Breaches
      </th>
      <th scope="col">Owner</th>
      <th scope="col">Tasks</th>
    </tr>
  </thead>
);

const stops = '.journey-link, .show-more button';
const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function moveByArrow(event: KeyboardEvent): void {
  const step = steps[event.key];
  const { target } = event;
  if (step === undefined || !(target instanceof HTMLElement) || !target.matches(stops)) return;
  const all = [...(target.closest('.table-frame')?.querySelectorAll<HTMLElement>(stops) ?? [])];
  const next = all[all.indexOf(target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}
