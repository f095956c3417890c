import { randomUUID } from 'node:crypto';
import { j1 } from '../../dev/journeys/j1.ts';
import { tellers } from '../../dev/journeys/outside-facts.ts';
import * as journeys from '../../domain/journey/index.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import type { EventStore, NewEvent } from '../../store/event-store.ts';
import { cast, visitWindow } from '../journeys/cast.ts';
import { sampleFacts } from '../journeys/sample-facts.ts';
import { Story } from '../journeys/story.ts';

/** An instant of the first day of J-1, or of a later one, in Seattle. */
export const seattle = (hour: number, minute = 0, day = 6) => instantOf({ year: 2026, month: 10, day, hour, minute }, cast.zone);

/** Worked journey J-1 on the decider, up to this instant. */
export function playJ1(until = Number.POSITIVE_INFINITY): Story {
  const steps = j1(cast);
  const story = new Story(steps[0]?.at ?? 0, { slot: { ...sampleFacts.slot, window: visitWindow, earliest: visitWindow.from } });
  for (const step of steps.filter(({ at }) => at <= until)) {
    story.now = step.at;
    const who = tellers[step.command];
    story.give(
      step.role,
      step.command,
      step.data(story.entityOf, () => `ref-${story.happened.length}`),
      who ? { who } : {},
    );
  }
  return story;
}

/** Whose journey it is, where it is not that of J-1. */
export interface Whose {
  readonly journeyId: string;
  readonly employerId?: string;
  readonly patientId?: string;
}

/** What a story left, as the store takes it; its ids are fresh, so that one story may stand for many journeys. */
export function eventsOf({ happened }: Story, { journeyId, employerId = 'employer-1', patientId = 'patient-1' }: Whose): NewEvent[] {
  return happened.map((event) => {
    const key = journeys.events[event.type].meta()?.entity;
    const named = typeof key === 'string' ? (event.data as Record<string, unknown>)[key] : undefined;
    const data = event.type === 'JourneyRequested' ? { ...event.data, employerId, patientId } : event.data;
    return {
      ...event,
      data,
      id: randomUUID(),
      schemaVersion: 1,
      entityId: typeof named === 'string' ? named : journeyId,
      recordedAt: event.occurredAt,
      zone: cast.zone,
      causationId: event.commandId,
      correlationId: journeyId,
      workflowId: journeyStream(journeyId),
      runId: '',
      templateVersion: 'sore-throat@3',
      source: 'api',
      tenant: employerId,
      patient: patientId,
    };
  });
}

/** Appends journeys with their events woven into each other, a few of one and then a few of the next. */
export async function appendWoven(store: EventStore, journeysOf: ReadonlyMap<string, readonly NewEvent[]>, width = 3): Promise<void> {
  const longest = Math.max(...[...journeysOf.values()].map(({ length }) => length));
  for (let from = 0; from < longest; from += width) {
    for (const [journeyId, events] of journeysOf) {
      const part = events.slice(from, from + width);
      if (part.length > 0) await store.append(journeyStream(journeyId), part, { version: from });
    }
  }
}
