// What the rules say of a journey's deadlines, beside what its stream says.
import { entityId, eventId } from '../../activities/ids.ts';
import * as journeys from '../../domain/journey/index.ts';
import { type Deadline, deadlineId } from '../../domain/kernel/plan.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import { sampleFacts } from '../journeys/sample-facts.ts';

/** Ids of the deadlines that fall due until an instant if nothing else happens to the journey, in the order in which they do. */
export function elapsingUntil(stored: readonly StoredEvent[], until: number): readonly string[] {
  let journey = stored.reduce((before, event) => journeys.evolve(before, event as never), journeys.initial);
  const ids: string[] = [];
  for (let next = earliest(journey); next && next.dueAt <= until; next = earliest(journey)) {
    const decided = decide(journey, stored[0]?.stream ?? '', next);
    if (decided.events.length === 0) throw new Error(`nothing comes of the deadline ${next.name}`);
    journey = decided.journey;
    ids.push(deadlineId(next));
  }
  return ids;
}

const earliest = (journey: journeys.Journey): Deadline | undefined =>
  journeys.plan(journey).deadlines.toSorted((a, b) => a.dueAt - b.dueAt)[0];

function decide(journey: journeys.Journey, stream: string, deadline: Deadline): journeys.Decided {
  const commandId = deadlineId(deadline);
  const actor = { kind: 'system', id: 'caretrail', role: 'T' } as const;
  return journeys.decide(
    journey,
    { type: 'ElapseDeadline', data: deadline, actor },
    {
      facts: sampleFacts,
      basis: {},
      now: deadline.dueAt,
      at: deadline.dueAt,
      commandId,
      newId: (label) => entityId(stream, commandId, label),
      eventId: (ordinal) => eventId(stream, commandId, ordinal),
    },
  );
}

/** Ids of the deadlines that have left something in a stream, in the order in which they did. */
export const elapsed = (stored: readonly StoredEvent[]): readonly string[] =>
  stored.map(({ commandId }) => commandId).filter((id, i, ids) => id.startsWith('deadline:') && ids[i - 1] !== id);

/** Deadlines of which an event stands at another instant than their own. */
export const late = (stored: readonly StoredEvent[]): readonly string[] =>
  stored
    .filter(({ commandId, occurredAt }) => commandId.startsWith('deadline:') && !commandId.endsWith(`:${occurredAt}`))
    .map(({ commandId }) => commandId);
