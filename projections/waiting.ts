import * as journeys from '../domain/journey/index.ts';
import type { EventStore } from '../store/event-store.ts';
import { withEvent } from './journey.ts';

const prefix = 'journey-';

/**
 * Says which journeys wait for a deadline or an effect. It folds them all in memory and reads on from where it stood:
 * meant for a development system, whose clock jumps.
 */
export function waitingJourneys(store: Pick<EventStore, 'readAll'>): () => Promise<readonly string[]> {
  const known = new Map<string, journeys.Journey>();
  let position = 0;
  let reading: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<readonly string[]> => {
    for await (const event of store.readAll({ after: position, filter: { streamPrefixes: [prefix] } })) {
      const journeyId = event.stream.slice(prefix.length);
      known.set(journeyId, withEvent(known.get(journeyId) ?? journeys.initial, event));
      position = event.position;
    }
    return [...known].filter(([, journey]) => isWaiting(journey)).map(([journeyId]) => journeyId);
  };

  return () => {
    const next = reading.then(read, read);
    reading = next;
    return next;
  };
}

function isWaiting(journey: journeys.Journey): boolean {
  const { deadlines, effects } = journeys.plan(journey);
  return deadlines.length > 0 || effects.length > 0;
}
