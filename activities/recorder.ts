import type { Conversation } from '../domain/conversation/index.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { Aggregate } from '../domain/kernel/aggregate.ts';
import type { AnyEvent, EventSchemas, Happened } from '../domain/kernel/event.ts';
import { type FaultCode, faults, type RefusalCode, refusals } from '../domain/kernel/refusals.ts';
import type { Instant } from '../domain/kernel/time.ts';
import { aggregates, type Category, type States, streamOf } from '../domain/reference/index.ts';
import { type EventStore, type NewEvent, type StoredEvent, Unavailable, VersionConflict } from '../store/event-store.ts';
import type { Answer, RecordedEvent } from '../workflows/messages.ts';
import { eventId } from './ids.ts';
import type { Folded, References } from './references.ts';

/** What stands on every event that one command leaves. */
export interface Recording {
  readonly commandId: string;
  readonly commandType: string;
  readonly actor: Actor;
  readonly source: string;
  readonly causationId: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
}

/** A decision or a fault, and the streams and versions that its facts were read from. */
export interface Judgement {
  readonly accepted: boolean;
  readonly code?: RefusalCode | FaultCode;
  readonly events: readonly AnyEvent[];
  readonly basis?: Readonly<Record<string, number>>;
}

export interface Recorder {
  /** Judges one command on the stream as it stands and records what follows. A command id that left events before is not judged again. */
  record<C extends Category>(
    stream: { readonly category: C; readonly id: string },
    recording: Recording,
    judge: (folded: Folded<States[C]>) => Promise<Judgement>,
  ): Promise<Answer>;
}

/** Times that a command is judged again because somebody else appended first. */
const maxConflicts = 20;

export function createRecorder({ store, references }: { readonly store: EventStore; readonly references: References }): Recorder {
  const inTurn = takingTurns();

  return {
    record: ({ category, id }, recording, judge) =>
      inTurn(streamOf(category, id), async () => {
        for (let tries = 0; tries < maxConflicts; tries += 1) {
          const folded = await references.load(category, id);
          const left = folded.byCommand.get(recording.commandId);
          if (left) return answerOf(left);
          const judgement = await judge(folded);
          if (judgement.events.length === 0) return unrecorded(folded, judgement);
          try {
            return await append(store, { category, id }, recording, folded, judgement);
          } catch (error) {
            if (!(error instanceof VersionConflict)) throw error;
          }
        }
        throw new Unavailable('the stream changes faster than a command can be decided');
      }),
  };
}

/** Commands of this process on one stream wait for each other: cheaper than to append, conflict and judge again. */
function takingTurns() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(stream: string, act: () => Promise<T>): Promise<T> => {
    const mine = (last.get(stream) ?? Promise.resolve()).then(act, act);
    const leave = (): void => {
      if (last.get(stream) === mine) last.delete(stream);
    };
    last.set(stream, mine);
    mine.then(leave, leave);
    return mine;
  };
}

async function append<C extends Category>(
  store: EventStore,
  { category, id }: { readonly category: C; readonly id: string },
  recording: Recording,
  { state, version }: Folded<States[C]>,
  { events, code, basis = {} }: Judgement,
): Promise<Answer> {
  const stream = streamOf(category, id);
  const aggregate = aggregates[category] as unknown as Aggregate<States[C]>;
  const happened = events.map((event, ordinal): Happened => {
    const used = ordinal === 0 && Object.keys(basis).length > 0 ? { basis: { facts: { ...basis } } } : {};
    const { commandId, commandType, actor, occurredAt } = recording;
    const data = { ...event.data, ...used };
    return { type: event.type, data, id: eventId(stream, commandId, ordinal), commandId, commandType, actor, occurredAt };
  });
  const after = happened.reduce((before, event) => aggregate.evolve(before, event as never), state);
  const envelopes = happened.map((event): NewEvent => {
    const { tenant, patient, journeyId } = whose({ category, id, state: after, event });
    const more = { tenant, patient, correlationId: journeyId ?? recording.commandId, ...(code && { refusalCode: code }) };
    return { ...envelope(recording), ...event, ...more, entityId: entityOf(aggregate.events, event) ?? id };
  });
  const { position, duplicate } = await store.append(stream, envelopes, { version });
  // Somebody else has recorded this very command meanwhile; the stream says what it left.
  if (duplicate) throw new VersionConflict(stream, version);
  const first = position - envelopes.length + 1;
  return answerOf(envelopes.map((event, i): StoredEvent => ({ ...event, stream, version: version + i + 1, position: first + i })));
}

interface Belonging {
  readonly tenant: string;
  readonly patient: string;
  readonly journeyId?: string;
}

/** Whose data an event is. */
function whose({ category, id, state, event }: { category: Category; id: string; state: unknown; event: AnyEvent }): Belonging {
  switch (category) {
    case 'employer':
      return { tenant: id, patient: '' };
    case 'member':
      return { tenant: (event.data as { readonly employerId: string }).employerId, patient: id };
    case 'patient':
      return { tenant: '', patient: id };
    case 'conversation': {
      const { employerId = '', patientId = '', journeyId = '' } = (state as Conversation).thread ?? {};
      return { tenant: employerId, patient: patientId, journeyId };
    }
    default:
      return { tenant: '', patient: '' };
  }
}

/** What every event of a command has in common; its own fields come on top. */
const envelope = ({ recordedAt, source, causationId }: Recording) => ({
  schemaVersion: 1,
  recordedAt,
  zone: '',
  causationId,
  workflowId: '',
  runId: '',
  templateVersion: '',
  source,
});

/** What the event is about within its stream, if its schema names it. */
function entityOf(schemas: EventSchemas, { type, data }: AnyEvent): string | undefined {
  const key = schemas[type]?.meta()?.entity;
  const named = typeof key === 'string' ? (data as Record<string, unknown>)[key] : undefined;
  return typeof named === 'string' ? named : undefined;
}

/** The answer to a command that left no event. */
const unrecorded = ({ version, position }: Folded<unknown>, { code }: Judgement): Answer =>
  code ? refused(code, version, []) : { accepted: true, revision: version, position, events: [] };

/** The answer to a command that left these events, now or before. */
function answerOf(left: readonly StoredEvent[]): Answer {
  const last = left.at(-1);
  const events = left.map(({ id, type, entityId }) => ({ id, type, entityId }));
  const revision = last?.version ?? 0;
  if (last?.refusalCode) return refused(last.refusalCode as RefusalCode, revision, events);
  return { accepted: true, revision, position: last?.position ?? 0, events };
}

/** The answer to a command that was refused, with its text and what would make it succeed. */
export const refused = (code: RefusalCode | FaultCode, revision: number, events: readonly RecordedEvent[]): Answer => ({
  accepted: false,
  code,
  ...{ ...refusals, ...faults }[code],
  revision,
  events,
});
