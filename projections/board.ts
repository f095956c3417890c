// The board: one row per journey, with why it is here, on whom it waits and what unblocks it (domain reference 12).
import * as journeys from '../domain/journey/index.ts';
import { overlays, type SuperState, superState } from '../domain/journey/super-state.ts';
import type { Role } from '../domain/kernel/actor.ts';
import type { Deadline, Owner } from '../domain/kernel/plan.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { StoredEvent } from '../store/event-store.ts';
import { isSafety, type Reason, reasonFor, type Why } from './board-reason.ts';
import { type Child, childrenOf, outcomeOf, withEvent } from './journey.ts';
import type { Row, View } from './view.ts';

export interface OpenTask {
  readonly taskId: string;
  readonly kind: string;
  readonly ownerRole: Role;
  readonly ownerId?: string;
  readonly dueAt: Instant;
}

/** One journey as the board shows it. */
export interface BoardRow {
  readonly journeyId: string;
  readonly employerId: string;
  readonly templateId: string;
  readonly entryPoint: string;
  readonly superState: SuperState;
  readonly overlays: readonly string[];
  readonly outcome?: string;
  readonly needsHuman: boolean;
  readonly why: Why;
  readonly waitingOn: Reason['waitingOn'];
  readonly unblocks: string;
  readonly safety: boolean;
  readonly nearestDeadline?: Deadline;
  /** Promises broken so far. */
  readonly breaches: number;
  readonly owner: Owner | null;
  readonly openTasks: readonly OpenTask[];
  readonly children: readonly Child[];
  readonly requestedAt: Instant;
  /** When the last event happened. */
  readonly updatedAt: Instant;
  readonly revision: number;
  /** Position of the last event. */
  readonly position: number;
}

interface Standing {
  readonly journey: journeys.Journey;
  readonly first?: StoredEvent;
  readonly last?: StoredEvent;
}

/** Stands for "no deadline" in the order of the board. */
export const noDeadline = Number.MAX_SAFE_INTEGER;

const order = 'urgency, due_at, requested_at, stream';

export const board: View<Standing> = {
  name: 'board',
  version: 1,
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
      '(position)',
    ],
  },
  rowsAre: 'replaced',
  initial: { journey: journeys.initial },
  fold: ({ journey, first }, event) => ({ journey: withEvent(journey, event), first: first ?? event, last: event }),
  rows: ({ journey, first, last }) => (first && last ? [tableRow(boardRow(journey, first, last), last)] : []),
};

/** The row of a journey whose first and last events are these. */
export function boardRow(journey: journeys.Journey, first: StoredEvent, last: StoredEvent): BoardRow {
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
    requestedAt: first.occurredAt,
    updatedAt: last.occurredAt,
    revision: last.version,
    position: last.position,
  };
}

const openTasks = ({ work }: journeys.Journey): readonly OpenTask[] =>
  Object.entries(work.tasks)
    .filter(([, { status }]) => status === 'open')
    .map(([taskId, { kind, ownerRole, ownerId, dueAt }]) => ({ taskId, kind, ownerRole, ...(ownerId && { ownerId }), dueAt }));

/** Safety first, then a broken promise that needs somebody, then all others. */
export function urgencyOf({ safety, needsHuman, breaches }: BoardRow): 0 | 1 | 2 {
  if (safety) return 0;
  return needsHuman && breaches > 0 ? 1 : 2;
}

const tableRow = (row: BoardRow, { tenant, patient }: StoredEvent): Row => ({
  tenant,
  patient,
  state: row.superState,
  needs_human: row.needsHuman,
  waiting_on: row.waitingOn.who,
  owner_id: row.owner?.id,
  urgency: urgencyOf(row),
  due_at: row.nearestDeadline?.dueAt ?? noDeadline,
  requested_at: row.requestedAt,
  position: row.position,
  data: row,
});
