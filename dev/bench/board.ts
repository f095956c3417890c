/**
 * (e): the 99th of a hundred reads of a page of the board, with a million journeys against ten thousand. The rows come by COPY, as a
 * rebuild writes them: the rows that J-1 has on its day, mixed, eight in ten of them closed, spread over employers and coordinators. Each
 * read is what the API does for `GET /v1/board`: one transaction under row-level security, with the count and the page. The pages that
 * people look at are read in turn; the measure is taken over all of these reads together, and each kind of page is reported beside it.
 */
import { join } from 'node:path';
import type { Pool } from 'pg';
import { board } from '../../projections/board.ts';
import { openBoardView } from '../../projections/board-read.ts';
import type { BoardFilter } from '../../projections/board-row.ts';
import { startCopy } from '../../projections/copying.ts';
import { ensureTable, replaceTable } from '../../projections/status-row.ts';
import { createTable, indexTable, shadowOf } from '../../projections/tables.ts';
import type { Row } from '../../projections/view.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import { inTransaction, openPool } from '../../store/postgres/pool.ts';
import type { Database } from '../embedded/database.ts';
import { compared, type Measured, percentile, rounded, undisturbed, type Wishes } from './measure.ts';
import { openOwnDatabase, removeOwnDatabase } from './own-database.ts';
import { playedEvents } from './played.ts';
import type { Setting } from './setting.ts';

const sizes = { few: 10_000, many: 1_000_000 } as const;
const reads = 100;
const pageSize = 50;
const staff = { tenant: '*', patients: '*' } as const;
const coordinators = 40;
const employers = 200;
const minute = 60_000;

/** What people look at: everything, what is open, what needs somebody, what is theirs, what waits for a clinician, one employer, one state. */
const looks: Readonly<Record<string, BoardFilter>> = {
  all: {},
  open: { state: 'open' },
  needsHuman: { needsHuman: true },
  own: { owner: 'coordinator-7' },
  ownOpen: { owner: 'coordinator-7', state: 'open' },
  waitingOnClinician: { waitingOn: 'C', state: 'open' },
  employer: { employerId: 'employer-7', state: 'open' },
  inTriage: { state: 'InTriage' },
};

/** Measures (e) `board.p99`, in milliseconds. */
export async function measureBoard(setting: Setting, wishes: Wishes): Promise<Readonly<Record<string, Measured>>> {
  const kinds = rowsOf(await playedEvents(setting));
  const folder = join(setting.folder, 'board');
  const database = await openOwnDatabase(folder);
  const pids = [process.pid, database.pid, setting.temporalPid, setting.postgresPid];
  const [projector, api] = [openPool(database.url('projector'), 2), openPool(database.url('api'), 2)];
  try {
    const measured: Record<number, Awaited<ReturnType<typeof readAll>>> = {};
    let foreign = 0;
    for (const size of [sizes.few, sizes.many]) {
      await fill(projector, kinds, size);
      await settle(database);
      const window = await undisturbed(pids, wishes, () => readAll(api));
      measured[size] = window.result;
      foreign = Math.max(foreign, window.foreign);
    }
    return { 'board.p99': compare(measured[sizes.few] ?? {}, measured[sizes.many] ?? {}, foreign) };
  } finally {
    await Promise.all([projector.end(), api.end()]);
    await database.stop();
    await removeOwnDatabase(folder);
  }
}

/** The 99th of a hundred reads of each look, in milliseconds, and of all together. */
type Figures = Readonly<Record<string, number>>;

function compare(few: Figures, many: Figures, foreign: number): Measured {
  const each = Object.keys(looks).flatMap((look) => [
    [`${look}.few`, rounded(few[look] ?? 0)] as const,
    [`${look}.many`, rounded(many[look] ?? 0)] as const,
  ]);
  return { ...compared(many.together ?? 0, few.together ?? 0, 'ms'), more: { ...Object.fromEntries(each), foreign: rounded(foreign) } };
}

/** The row of the board after each event of a journey. */
function rowsOf(sample: readonly StoredEvent[]): readonly Row[] {
  let state = board.initial;
  return sample.flatMap((event) => {
    state = board.fold(state, event);
    return board.rows(state);
  });
}

/** Builds the board's table with so many rows, as a rebuild does. */
async function fill(projector: Pool, kinds: readonly Row[], size: number): Promise<void> {
  await inTransaction(projector, async (client) => {
    await ensureTable(client, board);
    await client.query(`DROP TABLE IF EXISTS ${shadowOf(board)}`);
    await createTable(client, board, shadowOf(board));
    const copying = startCopy(client, board, shadowOf(board));
    for (let n = 0; n < size; n += 1) await copying.write([rowOf(kinds, n)]);
    await copying.end();
    await indexTable(client, board, shadowOf(board));
    await replaceTable(client, board, size);
  });
}

/** The database tidies up by itself after a while: done here, so that it does not happen in the middle of a window. */
async function settle(database: Database): Promise<void> {
  const owner = openPool(database.url('projector'), 1);
  await owner.query('VACUUM (ANALYZE) views.board');
  await owner.query('CHECKPOINT').catch(() => undefined);
  await owner.end();
}

/** Numbers in a fixed order that looks like none. */
const mixed = (n: number, salt: number): number => Math.imul(n + 1, 2_654_435_761 + salt * 40_503) >>> 8;

/** The n-th journey: somewhere in its day, or over. */
function rowOf(kinds: readonly Row[], n: number): Row & { readonly stream: string } {
  const kind = kinds[mixed(n, 1) % kinds.length] as Row;
  const isClosed = mixed(n, 2) % 10 < 8;
  const stream = `journey-${n.toString(16).padStart(12, '0')}`;
  const tenant = `employer-${mixed(n, 3) % employers}`;
  const needsHuman = !isClosed && mixed(n, 4) % 10 === 0;
  const owner = isClosed && mixed(n, 5) % 4 > 0 ? null : `coordinator-${mixed(n, 6) % coordinators}`;
  const state = isClosed ? 'Closed' : kind.state;
  const data = { ...(kind.data as object), journeyId: stream.slice('journey-'.length), employerId: tenant, superState: state, needsHuman };
  return {
    ...kind,
    stream,
    tenant,
    patient: `patient-${n % 300_000}`,
    state,
    needs_human: needsHuman,
    waiting_on: isClosed ? 'T' : kind.waiting_on,
    owner_id: owner,
    urgency: needsHuman ? mixed(n, 7) % 3 : 2,
    due_at: isClosed ? Number.MAX_SAFE_INTEGER : Number(kind.requested_at) + (mixed(n, 8) % 20_000) * minute,
    requested_at: Number(kind.requested_at) + (n % 500_000) * minute,
    position: n + 1,
    data,
  };
}

/** Reads what people look at, in turn. */
async function readAll(api: Pool): Promise<Figures> {
  const view = openBoardView(api);
  const taken: Record<string, number[]> = Object.fromEntries(Object.keys(looks).map((look) => [look, []]));
  for (let read = 0; read < reads; read += 1) {
    for (const [look, filter] of Object.entries(looks)) {
      const began = performance.now();
      await view.page(staff, filter, { limit: pageSize });
      // The first reads open connections and warm what is cached.
      if (read >= reads / 10) taken[look]?.push(performance.now() - began);
    }
  }
  const all = { ...taken, together: Object.values(taken).flat() };
  return Object.fromEntries(Object.entries(all).map(([look, values]) => [look, percentile(values, 0.99)]));
}
