// Prints a journey as it stood: `npm run replay -- <journeyId> [--at <instant>] [--known-at <instant>]`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { journeyStream } from '../domain/kernel/stream.ts';
import { readJourney } from '../projections/journey.ts';
import { type Transition, transitionsOf } from '../projections/transitions.ts';
import type { StoredEvent } from '../store/event-store.ts';
import { openApiReader } from '../store/postgres/api-reader.ts';
import { openPool } from '../store/postgres/pool.ts';
import { projectRoot } from './project-root.ts';

const usage =
  'usage: npm run replay -- <journeyId> [--at <instant>] [--known-at <instant>]; an instant is ISO 8601, such as 2026-10-06T21:00:00Z';

/** Ends the command with a message for the person who typed it. */
function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? stop(usage) : at;
}

/** The database of the running system, or the one that the environment names. */
async function databaseUrl(): Promise<string> {
  const named = process.env.CARETRAIL_DATABASE_API_URL;
  if (named) return named;
  const run = await readFile(join(projectRoot, '.caretrail', 'run.json'), 'utf8').catch(() =>
    stop('nothing runs here: start it with npm start, or set CARETRAIL_DATABASE_API_URL'),
  );
  return (JSON.parse(run) as { postgres: string }).postgres;
}

async function read(journeyId: string): Promise<readonly StoredEvent[]> {
  const pool = openPool(await databaseUrl(), 2);
  try {
    return await openApiReader(pool).readStream({ tenant: '*', patients: '*' }, journeyStream(journeyId));
  } finally {
    await pool.end();
  }
}

const iso = (at: number): string => new Date(at).toISOString();

function lineOf({
  revision,
  occurredAt,
  recordedAt,
  actor,
  command,
  type,
  entityId,
  superState,
  deadline,
  refusalCode,
}: Transition): string {
  const late = recordedAt === occurredAt ? '' : `, recorded ${iso(recordedAt)}`;
  const why = `${command} by ${actor.role} ${actor.id}${refusalCode ? `, refused as ${refusalCode}` : ''}`;
  const running = deadline ? `, ${deadline.name} running until ${iso(deadline.dueAt)}` : '';
  return `${String(revision).padStart(4)}  ${iso(occurredAt)}  ${superState.padEnd(9)}  ${type} ${entityId}\n      ${why}${late}${running}`;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { at: { type: 'string' }, 'known-at': { type: 'string' } } });
const [journeyId] = positionals;
if (!journeyId) stop(usage);
const asOf = instantOf(values.at);
const knownAt = instantOf(values['known-at']);

const events = await read(journeyId);
const counted = events.filter(({ occurredAt, recordedAt }) => occurredAt <= (asOf ?? occurredAt) && recordedAt <= (knownAt ?? recordedAt));
const journey = readJourney(events, {
  now: asOf ?? knownAt ?? Date.now(),
  ...(asOf !== undefined && { asOf }),
  ...(knownAt !== undefined && { knownAt }),
});
if (!journey) stop('there is no such journey, or nothing of it had happened by then');
for (const transition of transitionsOf(counted)) process.stdout.write(`${lineOf(transition)}\n`);
process.stdout.write(`\n${JSON.stringify(journey, null, 2)}\n`);
