import type { BoardRow } from '../../projections/board-row.ts';
import type { Me } from '../session.ts';
import { useNow } from '../use-live.ts';
import { Row } from './board-row.tsx';

/** The rows of the board. The arrow keys go from journey to journey. */
export function BoardTable({ rows, me }: { readonly rows: readonly BoardRow[]; readonly me: Me }) {
  const now = useNow();
  return (
    <div class="table-frame">
      <table class="board" onKeyDown={moveByArrow}>
        <caption class="hidden-text">
          Journeys: safety clocks first, then broken promises, then the nearest deadline, then age. Arrow keys go from row to row.
        </caption>
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
        <tbody>
          {rows.map((row) => (
            <Row key={row.journeyId} row={row} now={now} me={me} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function moveByArrow(event: KeyboardEvent): void {
  const step = steps[event.key];
  const { target, currentTarget } = event;
  if (step === undefined || !(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return;
  if (!target.matches('.journey-link')) return;
  const links = [...currentTarget.querySelectorAll<HTMLElement>('.journey-link')];
  const next = links[links.indexOf(target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}
