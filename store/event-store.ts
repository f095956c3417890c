import type { Actor } from '../domain/kernel/actor.ts';
import type { AnyEvent } from '../domain/kernel/event.ts';
import type { Instant } from '../domain/kernel/time.ts';

/** An event on its way into a stream: the envelope of the domain reference, section 3.4, but for what the store gives out. */
export interface NewEvent extends AnyEvent {
  /** UUID version 5 over stream, command and ordinal: a repeat has the same id. */
  readonly id: string;
  readonly schemaVersion: number;
  /** What the event is about within its stream; the stream's own id where it is about the whole. */
  readonly entityId: string;
  readonly occurredAt: Instant;
  /** By the clock that the recorder read, so that a journey clock holds for it too. */
  readonly recordedAt: Instant;
  /** IANA time zone of the patient, '' where there is none. */
  readonly zone: string;
  readonly actor: Actor;
  readonly commandId: string;
  readonly commandType: string;
  /** The command or event that led to this command. */
  readonly causationId: string;
  readonly correlationId: string;
  /** The Temporal workflow that recorded it; '' outside of one. */
  readonly workflowId: string;
  readonly runId: string;
  /** `<templateId>@<version>`; '' outside a journey. */
  readonly templateVersion: string;
  /** Where the command came in: api, inbox, owed, timer, effect. */
  readonly source: string;
  /** The employer whose data it is; '' for reference data that belongs to nobody. */
  readonly tenant: string;
  readonly patient: string;
  /** Set when the command was refused and left this event all the same. */
  readonly refusalCode?: string;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** 1 for the first event of the stream. */
  readonly version: number;
  /** 1 for the first event of the store; gapless, in commit order. */
  readonly position: number;
}

/** What an event says, without what tells how it came to be recorded. */
export type EventContent = Omit<StoredEvent, 'schemaVersion' | 'causationId' | 'correlationId' | 'workflowId' | 'runId' | 'source'>;

/** What the stream must look like for an append to be taken. */
export type Expected = 'any' | 'none' | 'exists' | { readonly version: number };

export interface Appended {
  /** Version of the stream's last appended event. */
  readonly version: number;
  /** Position of that event. */
  readonly position: number;
  /**
   * Every event was there already, under the same id; nothing was written. Whoever expects the very version that the stream is at is taken to
   * repeat nothing: an id that stands already is then an InvalidEvent.
   */
  readonly duplicate: boolean;
}

export interface StreamRange {
  /** First version to read, inclusive; default the first, backwards the last. */
  readonly from?: number;
  readonly backwards?: boolean;
  readonly limit?: number;
}

export interface EventFilter {
  /** Only streams whose name begins with one of these. */
  readonly streamPrefixes?: readonly string[];
  readonly types?: readonly string[];
}

export interface LogRange {
  /** Position after which to read; default 0. */
  readonly after?: number;
  readonly filter?: EventFilter;
  readonly limit?: number;
}

/** One of so many parts of about the same size into which all streams fall; a stream is always in the same one. */
export interface Share {
  /** From 0 to `of` - 1. */
  readonly nth: number;
  readonly of: number;
}

/** A stretch of the log between two positions. */
export interface LogSpan {
  readonly after: number;
  /** The last position to read. */
  readonly upTo: number;
  /** Only the streams of this part; default all. */
  readonly share?: Share | undefined;
}

export interface StreamDescription {
  readonly version: number;
  readonly closed: boolean;
}

/** Every event of the system, in order. Appends are all-or-nothing and idempotent by event id. */
export interface EventStore {
  /**
   * @throws VersionConflict when the stream is not as expected and the events are not in it already
   * @throws StreamClosed after `close`
   * @throws TooLarge for an event over `maxEventBytes` or more than `maxBatch` events
   * @throws InvalidEvent when there is no event, the store cannot hold one, or its id stands in another stream
   * @throws Unavailable when the outcome is not known; repeat with the same ids
   */
  append(stream: string, events: readonly NewEvent[], expected: Expected): Promise<Appended>;
  readStream(stream: string, range?: StreamRange): AsyncIterable<StoredEvent>;
  readAll(range?: LogRange): AsyncIterable<StoredEvent>;
  /** What is said in a stretch of the log, in one piece: for whoever reads much of it and says how much at a time. @throws Unavailable */
  readSpan(span: LogSpan): Promise<readonly EventContent[]>;
  /**
   * History, then live, without a gap or a repeat, until the signal aborts.
   * @throws Unavailable when the store is lost; subscribe again after the last event
   */
  subscribe(options: { readonly after: number; readonly filter?: EventFilter; readonly signal: AbortSignal }): AsyncIterable<StoredEvent>;
  /** Position of the newest event, 0 in an empty store. */
  head(): Promise<number>;
  /** A stream without events has version 0. */
  describe(stream: string): Promise<StreamDescription>;
  /** Refuses every later append to the stream; reading goes on. */
  close(stream: string): Promise<void>;
}

export const maxEventBytes = 256 * 1024;
export const maxBatch = 500;

export class VersionConflict extends Error {
  readonly current: number;
  constructor(stream: string, current: number) {
    super(`the stream ${stream} is at version ${current}`);
    this.name = 'VersionConflict';
    this.current = current;
  }
}
export class StreamClosed extends Error {
  constructor(stream: string) {
    super(`the stream ${stream} is closed`);
    this.name = 'StreamClosed';
  }
}
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
