// The timeline: one row per event of a journey, with where it led and how long the journey had been there.
import * as journeys from '../domain/journey/index.ts';
import { type SuperState, superState } from '../domain/journey/super-state.ts';
import { type Instant, minute } from '../domain/kernel/time.ts';
import type { EventContent } from '../store/event-store.ts';
import { isOver, withEvent } from './journey.ts';
import type { View } from './view.ts';

interface Passage {
  readonly journey: journeys.Journey;
  readonly state?: SuperState;
  readonly enteredAt: Instant;
  readonly event?: EventContent;
}

export const timeline: View<Passage> = {
  name: 'timeline',
  version: 2,
  streams: ['journey-'],
  table: {
    columns: {
      revision: 'integer',
      type: 'text',
      entity_id: 'text',
      occurred_at: 'bigint',
      recorded_at: 'bigint',
      actor_role: 'text',
      actor_id: 'text',
      super_state_after: 'text',
      minutes_in_state: 'integer',
    },
    key: ['revision'],
    indexes: [],
  },
  rowsAre: 'added',
  initial: { journey: journeys.initial, enteredAt: 0 },
  fold: (passage, event) => {
    const journey = withEvent(passage.journey, event);
    const state = superState(journey);
    return { journey, state, enteredAt: state === passage.state ? passage.enteredAt : event.occurredAt, event };
  },
  rows: ({ state, enteredAt, event }) => (event && state ? [rowOf(event, state, enteredAt)] : []),
  isOver: ({ journey }) => isOver(journey),
};

/** A fact that came late may have happened before the journey entered its state. */
const rowOf = (event: EventContent, state: SuperState, enteredAt: Instant) => ({
  tenant: event.tenant,
  patient: event.patient,
  revision: event.version,
  type: event.type,
  entity_id: event.entityId,
  occurred_at: event.occurredAt,
  recorded_at: event.recordedAt,
  actor_role: event.actor.role,
  actor_id: event.actor.id,
  super_state_after: state,
  minutes_in_state: Math.max(0, Math.floor((event.occurredAt - enteredAt) / minute)),
});
