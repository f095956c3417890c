import type { Actor } from '../domain/kernel/actor.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { Employer, EmployerFacts } from '../domain/reference/employer.ts';
import { streamOf } from '../domain/reference/index.ts';
import { enrol, RosterRow } from '../domain/reference/member.ts';
import type { Vault } from '../store/ports.ts';
import type { Answer } from '../workflows/messages.ts';
import { entityId } from './ids.ts';
import type { Recorder } from './recorder.ts';

/** How many rows are on their way to their streams at once. */
const width = 16;

/** One import of a roster file. */
export interface RosterImport {
  readonly employerId: string;
  readonly fileRef: string;
  readonly commandId: string;
  readonly actor: Actor;
  readonly source: string;
  readonly at: Instant;
  readonly now: Instant;
}

export type ImportRows = (employer: Employer, roster: RosterImport) => Promise<EmployerFacts['rosterFile']>;

/** Writes each row of a roster file on its member's stream; an import that is cut off and repeated writes no row twice. */
export const createRosterImport =
  ({ recorder, vault }: { readonly recorder: Recorder; readonly vault: Vault }): ImportRows =>
  async (employer, roster) => {
    const { employerId, fileRef } = roster;
    const importId = entityId(streamOf('employer', employerId), fileRef, 'import');
    // Without a contract, or a second time, the decision takes nothing; then no row may be written either.
    if (!employer.contract || employer.imports.includes(importId)) return { importId, rows: 0, refused: 0, unreadable: [] };
    const file = await vault.get(employerId, fileRef);
    if (file === undefined) return undefined;
    const lines = file.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [{ rowNo: i + 1, row: readRow(line) }]));
    const readable = lines.flatMap(({ rowNo, row }) => (row ? [{ rowNo, row }] : []));
    const answers = await inParallel(readable, (line) => recordRow(recorder, { ...roster, importId }, line));
    const unreadable = lines.flatMap(({ rowNo, row }) => (row ? [] : [rowNo]));
    const refusedRows = answers.filter(({ events }) => events.some(({ type }) => type === 'RosterRowRefused')).length;
    return { importId, rows: readable.length - refusedRows, refused: unreadable.length + refusedRows, unreadable };
  };

function readRow(line: string): RosterRow | undefined {
  try {
    return RosterRow.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

const recordRow = (
  recorder: Recorder,
  { importId, employerId, commandId, actor, source, at, now }: RosterImport & { readonly importId: string },
  { rowNo, row }: { readonly rowNo: number; readonly row: RosterRow },
): Promise<Answer> =>
  recorder.record(
    { category: 'member', id: row.patientId },
    {
      commandId: `${commandId}:${rowNo}`,
      commandType: 'ImportRoster',
      actor,
      source,
      causationId: commandId,
      occurredAt: at,
      recordedAt: now,
    },
    async ({ state }) => enrol(state, row, { importId, employerId, rowNo }),
  );

/** Handles all items, some at a time, and keeps their order. */
async function inParallel<T, R>(items: readonly T[], handle: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += width) {
    results.push(...(await Promise.all(items.slice(from, from + width).map(handle))));
  }
  return results;
}
