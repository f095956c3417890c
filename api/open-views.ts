// The views as the API reads them, over a pool of its own role.
import { openAccessView } from '../projections/access-read.ts';
import { CursorUnknown, openBoardView } from '../projections/board-read.ts';
import { viewStatus, waitForPosition } from '../projections/view-status.ts';
import { Problem } from './problems.ts';
import type { Views } from './views.ts';

/** Reads the view tables under row-level security. */
export function openViews(pool: Parameters<typeof openBoardView>[0]): Views {
  const board = openBoardView(pool);
  return {
    status: () => viewStatus(pool),
    access: openAccessView(pool),
    board: {
      ...board,
      page: (scope, filter, range) => board.page(scope, filter, range).catch(asProblem),
      reached: (position, timeoutMs) => waitForPosition(pool, 'board', position, timeoutMs),
    },
  };
}

/** A cursor comes from outside, so that a wrong one is the sender's fault. */
function asProblem(error: unknown): never {
  if (!(error instanceof CursorUnknown)) throw error;
  const problem = 'does not come from this board';
  throw new Problem('input-invalid', { errors: [{ field: 'cursor', problem, remedy: 'Begin again without a cursor.' }] });
}
