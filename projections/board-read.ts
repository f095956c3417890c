// The read side of the board.
import type { Pool } from 'pg';
import type { Scope } from '../store/ports.ts';
import { cursorOf, type Place, placeOf } from './board-cursor.ts';
import { type BoardFilter, type BoardPage, type BoardRow, mostCounted } from './board-row.ts';
import { positionOf, within } from './scoped-read.ts';

export { CursorUnknown } from './board-cursor.ts';

/** The board, each read within a scope and from one snapshot. */
export interface BoardView {
  /** A page in the order of the board: safety, broken promises, nearest deadline, age. @throws CursorUnknown, Unavailable */
  page(scope: Scope, filter: BoardFilter, range: { readonly limit: number; readonly cursor?: string }): Promise<BoardPage>;
  /** The rows that changed after a position, as they are now, in the order of their positions. @throws Unavailable */
  changed(scope: Scope, after: number, limit: number): Promise<readonly BoardRow[]>;
  /** Position of the log up to which the board tells. A row is never behind it. @throws Unavailable */
  position(): Promise<number>;
}

/**
 * Every filter has an index in the order of the board, and a page is its first rows. The planner cannot know that: it takes the condition of
 * row-level security for one that hardly any row passes, and sorted a million rows for fifty.
 */
const inOrder = 'SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off';

interface Stored {
  readonly data: BoardRow;
  readonly urgency: 0 | 1 | 2;
  readonly due_at: number;
  readonly requested_at: number;
  readonly stream: string;
}

/** The board over a pool of the API's role. */
export function openBoardView(pool: Pool): BoardView {
  return {
    page: (scope, filter, range) => readPage(pool, scope, filter, range),
    changed: (scope, after, limit) =>
      within(pool, scope, ['board'], async (client) => {
        const text = 'SELECT data FROM views.board WHERE position > $1 ORDER BY position LIMIT $2';
        const { rows } = await client.query<Pick<Stored, 'data'>>({ name: 'board-changed', text, values: [after, limit] });
        return rows.map(({ data }) => data);
      }),
    position: () => within(pool, nobody, ['board'], (client) => positionOf(client, ['board'])),
  };
}

const nobody: Scope = { tenant: '', patients: [] };

async function readPage(
  pool: Pool,
  scope: Scope,
  filter: BoardFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<BoardPage> {
  const after = cursor === undefined ? undefined : placeOf(cursor);
  return within(pool, scope, ['board'], async (client) => {
    // Who sees one employer's rows alone sees few: those are found first, and sorted then.
    if (scope.tenant === '*' && scope.patients === '*') await client.query(inOrder);
    const all = conditions(filter);
    const counted = await client.query<{ total: number }>(
      `SELECT count(*) AS total FROM (SELECT FROM views.board${all.text} LIMIT ${mostCounted}) counted`,
      all.values,
    );
    const { text, values } = conditions(filter, after);
    const { rows } = await client.query<Stored>(
      `SELECT data, urgency, due_at, requested_at, stream FROM views.board${text}
       ORDER BY urgency, due_at, requested_at, stream LIMIT ${limit + 1}`,
      values,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      rows: shown.map(({ data }) => data),
      ...(last && rows.length > limit && { next: cursorOf([last.urgency, last.due_at, last.requested_at, last.stream]) }),
      position: await positionOf(client, ['board']),
      total: counted.rows[0]?.total ?? 0,
    };
  });
}

/** What the planner must know to take a partial index stands in the text; what a caller sent never does. */
function conditions(
  { state, needsHuman, waitingOn, owner, employerId }: BoardFilter,
  after?: Place,
): { readonly text: string; readonly values: unknown[] } {
  const parts: string[] = [];
  const values: unknown[] = [];
  const given = { state: state === 'open' ? undefined : state, waiting_on: waitingOn, owner_id: owner, tenant: employerId };
  for (const [column, value] of Object.entries(given)) if (value !== undefined) parts.push(`${column} = $${values.push(value)}`);
  if (state === 'open') parts.push("state <> 'Closed'");
  if (needsHuman !== undefined) parts.push(needsHuman ? 'needs_human' : 'NOT needs_human');
  if (after) parts.push(`(urgency, due_at, requested_at, stream) > (${after.map((value) => `$${values.push(value)}`).join(', ')})`);
  return { text: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
}
