import * as journeys from '../domain/journey/index.ts';
import { overlays, type SuperState, superState } from '../domain/journey/super-state.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { Deadline } from '../domain/kernel/plan.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { StoredEvent } from '../store/event-store.ts';
import { withEvent } from './journey.ts';

/** One event of a journey as a replay shows it. */
export interface Transition {
  readonly revision: number;
  readonly type: string;
  readonly entityId: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly actor: Actor;
  readonly command: string;
  readonly commandId: string;
  readonly causationId: string;
  /** Set if the command was refused and left this event all the same. */
  readonly refusalCode?: string;
  /** Where the journey stands after it. */
  readonly superState: SuperState;
  readonly overlays: readonly string[];
  /** The earliest deadline that was running when it happened. */
  readonly deadline?: Deadline;
}

/** What happened to a journey, when, by whom, why, and where it led. */
export function transitionsOf(events: readonly StoredEvent[]): readonly Transition[] {
  let journey = journeys.initial;
  return events.map((event) => {
    const deadline = earliest(journey);
    journey = withEvent(journey, event);
    const { version, type, entityId, occurredAt, recordedAt, actor, commandType, commandId, causationId, refusalCode } = event;
    return {
      revision: version,
      type,
      entityId,
      occurredAt,
      recordedAt,
      actor,
      command: commandType,
      commandId,
      causationId,
      ...(refusalCode !== undefined && { refusalCode }),
      superState: superState(journey),
      overlays: overlays(journey),
      ...(deadline && { deadline }),
    };
  });
}

const earliest = (journey: journeys.Journey): Deadline | undefined =>
  journeys.plan(journey).deadlines.toSorted((a, b) => a.dueAt - b.dueAt)[0];
