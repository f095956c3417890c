// The read side as the API needs it.
import type { AccessView } from '../projections/access-read.ts';
import type { BoardView as ReadBoard } from '../projections/board-read.ts';
import type { ViewStatus } from '../projections/view-status.ts';

/** The board, for those too who want to read what they have just written. */
export interface BoardView extends ReadBoard {
  /** Waits until the view has taken a position in; false if it has not by then. @throws Unavailable */
  reached(position: number, timeoutMs: number): Promise<boolean>;
}

/** The views of a running system. */
export interface Views {
  /** Where each view stands. */
  status(): Promise<readonly ViewStatus[]>;
  readonly board: BoardView;
  readonly access: AccessView;
}
