import type { BoardFilter, BoardRow } from '../../api/views.ts';

const urgency = ({ safety, needsHuman, breaches }: BoardRow): number => (safety ? 0 : needsHuman && breaches > 0 ? 1 : 2);

/** The order of the board: safety, broken promises that need a human, nearest deadline, age. */
export function compareRows(a: BoardRow, b: BoardRow): number {
  return (
    urgency(a) - urgency(b) ||
    (a.nearestDeadline?.dueAt ?? Number.MAX_SAFE_INTEGER) - (b.nearestDeadline?.dueAt ?? Number.MAX_SAFE_INTEGER) ||
    a.requestedAt - b.requestedAt ||
    (a.journeyId < b.journeyId ? -1 : 1)
  );
}

/** True for a row that the filter lets through. */
export function passes(row: BoardRow, { state, needsHuman, waitingOn, owner, employerId }: BoardFilter): boolean {
  if (state !== undefined && (state === 'open' ? row.superState === 'Closed' : row.superState !== state)) return false;
  if (needsHuman !== undefined && row.needsHuman !== needsHuman) return false;
  if (waitingOn !== undefined && row.waitingOn.who !== waitingOn) return false;
  if (owner !== undefined && row.owner?.id !== owner) return false;
  return employerId === undefined || row.employerId === employerId;
}
