import type { Admitted } from '../admission.ts';
import type { Expected } from '../event-store.ts';
import type { Database } from './pool.ts';

/** One caller's append, checked and ready for the database. */
export interface Append {
  readonly stream: string;
  readonly events: readonly Admitted[];
  readonly expected: Expected;
}

/** What became of one append of a flush. */
export interface Outcome {
  readonly outcome: 'appended' | 'duplicate' | 'conflict' | 'closed';
  readonly version: number;
  readonly position: number;
}

/** What each event sends, in the order of the function's parameters. */
const eventColumns: readonly ((admitted: Admitted) => unknown)[] = [
  ({ event }) => event.id,
  ({ event }) => event.type,
  ({ event }) => event.schemaVersion,
  ({ event }) => event.entityId,
  ({ event }) => event.occurredAt,
  ({ event }) => event.recordedAt,
  ({ event }) => event.zone,
  ({ event }) => event.actor.kind,
  ({ event }) => event.actor.id,
  ({ event }) => event.actor.role,
  ({ event }) => event.actor.onBehalfOf,
  ({ event }) => event.commandId,
  ({ event }) => event.commandType,
  ({ event }) => event.causationId,
  ({ event }) => event.correlationId,
  ({ event }) => event.workflowId,
  ({ event }) => event.runId,
  ({ event }) => event.templateVersion,
  ({ event }) => event.source,
  ({ event }) => event.tenant,
  ({ event }) => event.patient,
  ({ event }) => event.refusalCode,
  ({ data }) => data,
];

const parameterCount = 5 + eventColumns.length;
const parameters = Array.from({ length: parameterCount }, (_, index) => `$${index + 1}`).join(', ');
const text = `SELECT outcome, version, "position" FROM public.append(${parameters})`;

function expectation(expected: Expected): number {
  if (expected === 'any') return -1;
  if (expected === 'exists') return -2;
  return expected === 'none' ? 0 : expected.version;
}

/** For each append the number of the one before it to the same stream, counted from 1; 0 for the first. */
function earlierOnes(appends: readonly Append[]): number[] {
  const last = new Map<string, number>();
  return appends.map(({ stream }, index) => {
    const earlier = last.get(stream) ?? 0;
    last.set(stream, index + 1);
    return earlier;
  });
}

/**
 * Sends a whole flush as one statement. Returns what became of each append, in order.
 * @throws the driver's error; nothing was stored if it comes from the database, and nobody knows if the connection was lost
 */
export async function sendAppends(database: Database, appends: readonly Append[]): Promise<readonly Outcome[]> {
  const events = appends.flatMap((append) => append.events);
  const values = [
    appends.map(({ stream }) => stream),
    appends.map(({ expected }) => expectation(expected)),
    appends.map((append) => append.events.length),
    earlierOnes(appends),
    appends.flatMap((append, index) => append.events.map(() => index + 1)),
    ...eventColumns.map((column) => events.map(column)),
  ];
  const { rows } = await database.query<Outcome>({ name: 'append', text, values });
  return rows;
}
