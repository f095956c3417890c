import type { FactName } from '../domain/journey/facts.ts';
import * as journeys from '../domain/journey/index.ts';
import { mayTouch } from '../domain/journey/relation.ts';
import type { AnyEvent, Happened } from '../domain/kernel/event.ts';
import { type FaultCode, faults, type RefusalCode, refusals } from '../domain/kernel/refusals.ts';
import { journeyStream } from '../domain/kernel/stream.ts';
import { type EventStore, type NewEvent, type StoredEvent, VersionConflict } from '../store/event-store.ts';
import type { Clock } from '../store/ports.ts';
import type { Answer, CommandMessage } from '../workflows/messages.ts';
import type { LoadClaim } from './claims.ts';
import type { LoadFacts } from './facts.ts';
import { entityId, eventId } from './ids.ts';
import type { Activities } from './index.ts';
import { createJourneys, type Loaded, withEvents } from './journeys.ts';
import { stepOf } from './step.ts';

export interface ExecuteDependencies {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly loadFacts: LoadFacts;
  readonly loadClaim: LoadClaim;
  /** The run that asks; '' outside of one. */
  readonly runId: () => string;
  /** Told of a rule that threw; ids only. */
  readonly report: (defect: { readonly journeyId: string; readonly commandId: string; readonly error: unknown }) => void;
}

/** Times that a command is decided again because another run appended first. */
const maxConflicts = 20;

/** The only writer of journey streams: folds, decides, appends, and says what the run has to do next. */
export function createExecute(parts: ExecuteDependencies): Pick<Activities, 'open' | 'execute'> {
  const cache = createJourneys(parts.store);

  return {
    async open(journeyId, setAside) {
      const { journey } = await cache.load(journeyId);
      return stepOf(journey, { accepted: true, revision: journey.revision, position: 0, events: [] }, parts.clock, setAside);
    },

    async execute(journeyId, message, setAside) {
      for (let tries = 0; tries < maxConflicts; tries += 1) {
        const loaded = await cache.load(journeyId);
        const known = recorded(loaded, message.id);
        if (known) return stepOf(loaded.journey, known, parts.clock, setAside, message);
        try {
          const { after, answer } = await decideAndAppend(parts, journeyId, message, loaded);
          cache.remember(journeyId, after);
          return await stepOf(after.journey, answer, parts.clock, setAside, message);
        } catch (error) {
          if (!(error instanceof VersionConflict)) throw error;
        }
      }
      throw new Error('the journey changes faster than a command can be decided');
    },
  };
}

interface Taken {
  readonly after: Loaded;
  readonly answer: Answer;
}

async function decideAndAppend(parts: ExecuteDependencies, journeyId: string, message: CommandMessage, loaded: Loaded): Promise<Taken> {
  const { journey } = loaded;
  const now = await parts.clock.now();
  const at = message.occurredAt ?? now;
  const spec = journeys.commands[message.type];
  const data = spec?.data.safeParse(message.data);
  const unfit = !spec || !data ? 'command-unknown' : unfitness(journey, message, { at, now, readable: data.success, source: spec.source });
  if (unfit || !spec || !data?.success) return unchanged(loaded, unfit ?? 'input-invalid');

  const command = { type: message.type, data: data.data, actor: message.actor };
  const claim = await parts.loadClaim(journey, command, { at, commandId: message.id });
  // The standing rules read the pathway after every command.
  const names = [...new Set<FactName>([...(spec.facts ?? []), 'pathway'])];
  const { facts, basis } = await parts.loadFacts(names, { journey, command, at });
  const stream = journeyStream(journeyId);
  const decided = attempt(parts, journeyId, message.id, () =>
    journeys.decide(journey, command, {
      facts: { ...facts, ...(claim && { claim }) } as journeys.Given['facts'],
      basis,
      now,
      at,
      commandId: message.id,
      newId: (label) => entityId(stream, message.id, label),
      eventId: (ordinal) => eventId(stream, message.id, ordinal),
    }),
  );
  if (!decided) return unchanged(loaded, 'internal-error');
  if (decided.events.length === 0 && decided.refusal) return unchanged(loaded, decided.refusal);
  if (decided.events.length === 0)
    return { after: loaded, answer: { accepted: true, revision: journey.revision, position: 0, events: [] } };
  return append(parts, { journeyId, message, recordedAt: now }, loaded, decided);
}

interface Fitness {
  readonly at: number;
  readonly now: number;
  readonly readable: boolean;
  readonly source: string | undefined;
}

/** What is wrong with a command before any rule has looked at it. */
function unfitness(
  journey: journeys.Journey,
  { actor, expectedRevision }: CommandMessage,
  { at, now, readable, source }: Fitness,
): RefusalCode | FaultCode | undefined {
  if (!readable) return 'input-invalid';
  if (at > now) return 'occurred-in-future';
  if (!mayTouch(journey, actor, source)) return 'entity-unknown';
  return expectedRevision !== undefined && expectedRevision !== journey.revision ? 'stale-version' : undefined;
}

const unchanged = (loaded: Loaded, code: RefusalCode | FaultCode): Taken => ({
  after: loaded,
  answer: refusal(code, loaded.journey.revision, []),
});

/** A rule that throws is a defect of ours, not an outage: it must not be tried for ever. */
function attempt<T>({ report }: ExecuteDependencies, journeyId: string, commandId: string, rule: () => T): T | undefined {
  try {
    return rule();
  } catch (error) {
    report({ journeyId, commandId, error });
    return undefined;
  }
}

interface Recording {
  readonly journeyId: string;
  readonly message: CommandMessage;
  readonly recordedAt: number;
}

async function append(
  { store, runId }: ExecuteDependencies,
  recording: Recording,
  loaded: Loaded,
  { events, refusal: code, journey }: journeys.Decided,
): Promise<Taken> {
  const { revision } = loaded.journey;
  const stream = journeyStream(recording.journeyId);
  const envelopes = events.map((event) => envelope(event, recording, journey, { runId: runId(), ...(code && { refusalCode: code }) }));
  const { position } = await store.append(stream, envelopes, { version: revision });
  const first = position - envelopes.length + 1;
  const stored = envelopes.map((event, i): StoredEvent => ({ ...event, stream, version: revision + i + 1, position: first + i }));
  return { after: withEvents(loaded, stored), answer: answerOf(stored, code) };
}

/** The envelope of the domain reference, section 3.4. A refused start has no request: its command says whose it was. */
function envelope(
  event: Happened,
  { journeyId, message, recordedAt }: Recording,
  { intake }: journeys.Journey,
  more: { runId: string; refusalCode?: string },
): NewEvent {
  const { request } = intake;
  const asked = message.data as { readonly employerId?: string; readonly patientId?: string };
  return {
    ...event,
    ...more,
    schemaVersion: 1,
    entityId: entityOf(event, journeyId),
    recordedAt,
    zone: request?.zone ?? '',
    causationId: message.causationId ?? message.id,
    correlationId: journeyId,
    workflowId: journeyStream(journeyId),
    templateVersion: request ? `${request.templateId}@${request.templateVersion}` : '',
    source: message.source,
    tenant: request?.employerId ?? asked.employerId ?? '',
    patient: request?.patientId ?? asked.patientId ?? '',
  };
}

/** The answer to a command that has left events before. */
function recorded({ byCommand }: Loaded, commandId: string): Answer | undefined {
  const left = byCommand.get(commandId);
  return left && answerOf(left.events, left.refusalCode as RefusalCode | undefined);
}

function answerOf(stored: readonly StoredEvent[], code: RefusalCode | undefined): Answer {
  const last = stored.at(-1);
  const events = stored.map(({ id, type, entityId: entity }) => ({ id, type, entityId: entity }));
  if (code) return refusal(code, last?.version ?? 0, events);
  return { accepted: true, revision: last?.version ?? 0, position: last?.position ?? 0, events };
}

const refusal = (
  code: RefusalCode | FaultCode,
  revision: number,
  events: readonly { id: string; type: string; entityId: string }[],
): Answer => ({
  accepted: false,
  code,
  ...{ ...refusals, ...faults }[code],
  revision,
  events,
});

/** What the event is about: the id that its schema names, else the journey. */
function entityOf({ type, data }: AnyEvent, journeyId: string): string {
  const key = journeys.events[type as keyof typeof journeys.events]?.meta()?.['entity'];
  const value = typeof key === 'string' ? (data as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : journeyId;
}
