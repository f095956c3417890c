// What is due next: per journey every deadline and effect of its plan, and when (the net under the durable timers).
import type { Pool } from 'pg';
import * as journeys from '../domain/journey/index.ts';
import { deadlineId } from '../domain/kernel/plan.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { EventContent } from '../store/event-store.ts';
import { isMissingTable } from './failures.ts';
import { isOver, withEvent } from './journey.ts';
import type { Row, View } from './view.ts';

/** As much of a journey's last event as its rows show. */
type Last = Pick<EventContent, 'tenant' | 'patient' | 'recordedAt'>;

interface Waiting {
  readonly journey: journeys.Journey;
  readonly last?: Last;
}

export const due: View<Waiting> = {
  name: 'due',
  version: 2,
  streams: ['journey-'],
  table: {
    columns: { id: 'text', attempt: 'integer', kind: 'text', name: 'text', entity_id: 'text', due_at: 'bigint' },
    key: ['id', 'attempt'],
    indexes: ['(due_at)'],
  },
  rowsAre: 'replaced',
  initial: { journey: journeys.initial },
  fold: ({ journey }, event) => {
    const { tenant, patient, recordedAt } = event;
    return { journey: withEvent(journey, event), last: { tenant, patient, recordedAt } };
  },
  rows: ({ journey, last }) => (last ? dueOf(journey, last) : []),
  isOver: ({ journey }) => isOver(journey),
};

/** An effect without a time of its own is due since the journey was last written to. */
function dueOf(journey: journeys.Journey, { tenant, patient, recordedAt }: Last): readonly Row[] {
  const { deadlines, effects } = journeys.plan(journey);
  const rows = [
    ...deadlines.map((deadline) => ({
      id: deadlineId(deadline),
      attempt: 0,
      kind: 'deadline',
      name: deadline.name,
      entity_id: deadline.entityId,
      due_at: deadline.dueAt,
    })),
    ...effects.map(({ id, attempt, kind, entityId, notBefore = recordedAt }) => ({
      id,
      attempt,
      kind: 'effect',
      name: kind,
      entity_id: entityId,
      due_at: notBefore,
    })),
  ];
  const once = new Map(rows.map((row) => [`${row.id}|${row.attempt}`, row]));
  return [...once.values()].map((row) => ({ tenant, patient, ...row }));
}

/** A deadline or an effect of a journey whose time has come. */
export interface DueItem {
  readonly journeyId: string;
  readonly kind: 'deadline' | 'effect';
  /** Id of the deadline's command, or of the effect. */
  readonly id: string;
  /** 0 for a deadline. */
  readonly attempt: number;
}

interface ItemRow extends Omit<DueItem, 'journeyId'> {
  readonly stream: string;
}

const prefix = 'journey-';
const itemsText = 'SELECT stream, kind, id, attempt FROM views.due WHERE due_at <= $1 ORDER BY due_at LIMIT $2';

/**
 * What is due at an instant of journey time, the longest due first; over a pool of the writer's role. Nothing while the view has not
 * been built. @throws the driver's error
 */
export async function readDue(pool: Pool, at: Instant, limit: number): Promise<readonly DueItem[]> {
  const { rows } = await ifBuilt(pool.query<ItemRow>(itemsText, [at, limit]));
  return rows.map(({ stream, ...item }) => ({ journeyId: stream.slice(prefix.length), ...item }));
}

/** Every journey that waits for a deadline or an effect, whenever it is due; over a pool of the writer's role. @throws the driver's error */
export async function readWaiting(pool: Pool): Promise<readonly string[]> {
  const { rows } = await ifBuilt(pool.query<{ stream: string }>('SELECT DISTINCT stream FROM views.due ORDER BY stream'));
  return rows.map(({ stream }) => stream.slice(prefix.length));
}

const ifBuilt = <T>(read: Promise<{ rows: T[] }>): Promise<{ rows: T[] }> =>
  read.catch((error) => {
    if (isMissingTable(error)) return { rows: [] };
    throw error;
  });
