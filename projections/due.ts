// What is due next: per journey every deadline and effect of its plan, and when (the net under the durable timers).
import * as journeys from '../domain/journey/index.ts';
import type { StoredEvent } from '../store/event-store.ts';
import { isOver, withEvent } from './journey.ts';
import type { Row, View } from './view.ts';

/** As much of a journey's last event as its rows show. */
type Last = Pick<StoredEvent, 'tenant' | 'patient' | 'recordedAt'>;

interface Waiting {
  readonly journey: journeys.Journey;
  readonly last?: Last;
}

export const due: View<Waiting> = {
  name: 'due',
  version: 1,
  streams: ['journey-'],
  table: {
    columns: { kind: 'text', name: 'text', entity_id: 'text', due_at: 'bigint', attempt: 'integer' },
    key: ['kind', 'name', 'entity_id', 'due_at', 'attempt'],
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
    ...deadlines.map(({ name, entityId, dueAt }) => ({ kind: 'deadline', name, entity_id: entityId, due_at: dueAt, attempt: 0 })),
    ...effects.map(({ kind, entityId, notBefore = recordedAt, attempt }) => ({
      kind: 'effect',
      name: kind,
      entity_id: entityId,
      due_at: notBefore,
      attempt,
    })),
  ];
  const once = new Map(rows.map((row) => [Object.values(row).join('|'), row]));
  return [...once.values()].map((row) => ({ tenant, patient, ...row }));
}
