import { InvalidEvent, maxBatch, maxEventBytes, type NewEvent, TooLarge } from './event-store.ts';

/** An event and its data as the JSON text that is stored. */
export interface Admitted {
  readonly event: NewEvent;
  readonly data: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** U+0000 and lone surrogates, as JSON.stringify escapes them: PostgreSQL can hold neither. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/**
 * What every adapter asks of an append before it looks at the stream, so that all refuse the same.
 * @throws TooLarge for too many events or one that is too big
 * @throws InvalidEvent for no event at all, or one that the store cannot hold
 */
export function admit(events: readonly NewEvent[]): readonly Admitted[] {
  if (events.length === 0) throw new InvalidEvent('an append needs at least one event');
  if (events.length > maxBatch) throw new TooLarge(`an append may hold at most ${maxBatch} events, not ${events.length}`);
  if (new Set(events.map(({ id }) => id)).size < events.length) throw new InvalidEvent('two events of one append have the same id');
  return events.map(admitOne);
}

function admitOne(event: NewEvent): Admitted {
  const whole = JSON.stringify(event);
  const bytes = Buffer.byteLength(whole);
  if (bytes > maxEventBytes) throw new TooLarge(`an event may have at most ${maxEventBytes} bytes, not ${bytes}`);
  if (unstorable.test(whole)) throw new InvalidEvent(`the event ${event.type} holds a character that cannot be stored`);
  if (!uuid.test(event.id)) throw new InvalidEvent(`the id of the event ${event.type} is not a UUID`);
  if (![event.occurredAt, event.recordedAt, event.schemaVersion].every(Number.isSafeInteger)) {
    throw new InvalidEvent(`an instant or the schema version of the event ${event.type} is not a whole number`);
  }
  return { event, data: JSON.stringify(event.data) };
}
