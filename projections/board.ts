// The board: one row per journey, with why it is here, on whom it waits and what unblocks it (domain reference 12).
import * as journeys from '../domain/journey/index.ts';
import { overlays, superState } from '../domain/journey/super-state.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { EventContent } from '../store/event-store.ts';
import { isSafety, reasonFor } from './board-reason.ts';
import { type BoardRow, dueAtOf, type OpenTask, urgencyOf } from './board-row.ts';
import { childrenOf, isOver, outcomeOf, withEvent } from './journey.ts';
import type { Row, View } from './view.ts';

/** As much of a journey's last event as its row shows. */
type Last = Pick<EventContent, 'stream' | 'version' | 'position' | 'occurredAt' | 'tenant' | 'patient'>;

interface Standing {
  readonly journey: journeys.Journey;
  /** When its first event happened. */
  readonly requestedAt?: Instant;
  readonly last?: Last;
}

const order = 'urgency, due_at, requested_at, stream';

export const board: View<Standing> = {
  name: 'board',
  version: 2,
  streams: ['journey-'],
  table: {
    columns: {
      state: 'text',
      needs_human: 'boolean',
      waiting_on: 'text',
      owner_id: 'text',
      urgency: 'integer',
      due_at: 'bigint',
      requested_at: 'bigint',
      position: 'bigint',
      data: 'jsonb',
    },
    key: [],
    indexes: [
      `(${order})`,
      `(${order}) WHERE state <> 'Closed'`,
      `(${order}) WHERE needs_human`,
      `(state, ${order})`,
      `(tenant, ${order})`,
      `(waiting_on, ${order})`,
      `(owner_id, ${order}) WHERE owner_id IS NOT NULL`,
      '(position)',
    ],
  },
  rowsAre: 'replaced',
  initial: { journey: journeys.initial },
  fold: ({ journey, requestedAt }, event) => {
    const { stream, version, position, occurredAt, tenant, patient } = event;
    const last = { stream, version, position, occurredAt, tenant, patient };
    return { journey: withEvent(journey, event), requestedAt: requestedAt ?? occurredAt, last };
  },
  rows: ({ journey, requestedAt, last }) => (last ? [tableRow(boardRow(journey, requestedAt ?? last.occurredAt, last), last)] : []),
  isOver: ({ journey }) => isOver(journey),
};

/** The row of a journey that was asked for then, and whose last event is this. */
function boardRow(journey: journeys.Journey, requestedAt: Instant, last: Last): BoardRow {
  const { deadlines, owner } = journeys.plan(journey);
  const nearest = deadlines.toSorted((a, b) => a.dueAt - b.dueAt)[0];
  const { request } = journey.intake;
  return {
    journeyId: last.stream.slice('journey-'.length),
    employerId: request?.employerId ?? last.tenant,
    templateId: request?.templateId ?? '',
    entryPoint: request?.entryPoint ?? '',
    superState: superState(journey),
    overlays: overlays(journey),
    ...outcomeOf(journey),
    ...reasonFor(journey, last.occurredAt),
    safety: isSafety(journey),
    ...(nearest && { nearestDeadline: nearest }),
    breaches: Object.keys(journey.work.breached).length,
    owner,
    openTasks: openTasks(journey),
    children: childrenOf(journey),
    requestedAt,
    updatedAt: last.occurredAt,
    revision: last.version,
    position: last.position,
  };
}

const openTasks = ({ work }: journeys.Journey): readonly OpenTask[] =>
  Object.entries(work.tasks)
    .filter(([, { status }]) => status === 'open')
    .map(([taskId, { kind, ownerRole, ownerId, dueAt }]) => ({ taskId, kind, ownerRole, ...(ownerId && { ownerId }), dueAt }));

const tableRow = (row: BoardRow, { tenant, patient }: Last): Row => ({
  tenant,
  patient,
  state: row.superState,
  needs_human: row.needsHuman,
  waiting_on: row.waitingOn.who,
  owner_id: row.owner?.id,
  urgency: urgencyOf(row),
  due_at: dueAtOf(row),
  requested_at: row.requestedAt,
  position: row.position,
  data: row,
});
