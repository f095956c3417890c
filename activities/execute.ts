import type { FactName } from '../domain/journey/facts.ts';
import * as journeys from '../domain/journey/index.ts';
import { mayTouch } from '../domain/journey/relation.ts';
import { system } from '../domain/kernel/actor.ts';
import type { CommandSpec } from '../domain/kernel/command.ts';
import type { AnyEvent, Happened } from '../domain/kernel/event.ts';
import { type FaultCode, faults, type RefusalCode, refusals } from '../domain/kernel/refusals.ts';
import { journeyStream } from '../domain/kernel/stream.ts';
import { type EventStore, type NewEvent, type StoredEvent, VersionConflict } from '../store/event-store.ts';
import type { Pass } from '../store/fail-point.ts';
import type { Clock } from '../store/ports.ts';
import type { Answer, CommandMessage } from '../workflows/messages.ts';
import { ask, type LoadClaim, RuleFailed } from './claims.ts';
import type { LoadFacts } from './facts.ts';
import { entityId, eventId } from './ids.ts';
import type { Activities } from './index.ts';
import { createJourneys, type Journeys, type Loaded, withEvents } from './journeys.ts';
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
  readonly pass?: Pass;
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
      const { after, answer } = await take(parts, cache, journeyId, message).catch((error) => {
        if (!(error instanceof RuleFailed)) throw error;
        return defective(parts, cache, { journeyId, message, error });
      });
      return stepOf(after.journey, answer, parts.clock, setAside, message);
    },
  };
}

/** Decides and records one command, or finds what it has left before. @throws RuleFailed when a rule throws */
async function take(parts: ExecuteDependencies, cache: Journeys, journeyId: string, message: CommandMessage): Promise<Taken> {
  for (let tries = 0; tries < maxConflicts; tries += 1) {
    const loaded = await cache.load(journeyId);
    const known = recorded(loaded, message.id);
    if (known) return { after: loaded, answer: known };
    try {
      const taken = await decideAndAppend(parts, journeyId, message, loaded);
      cache.remember(journeyId, taken.after);
      return taken;
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
    }
  }
  throw new Error('the journey changes faster than a command can be decided');
}

interface Defect {
  readonly journeyId: string;
  readonly message: CommandMessage;
  readonly error: RuleFailed;
}

/** A rule threw: nothing of the command is recorded, and the journey is marked once, however often the command comes. */
async function defective(parts: ExecuteDependencies, cache: Journeys, { journeyId, message, error }: Defect): Promise<Taken> {
  parts.report({ journeyId, commandId: message.id, error: error.cause });
  await take(parts, cache, journeyId, incidentOf(journeyId, message)).catch((other) => {
    // The rules that every command meets are broken too: there is no marking it then.
    if (!(other instanceof RuleFailed)) throw other;
    parts.report({ journeyId, commandId: incidentOf(journeyId, message).id, error: other.cause });
  });
  const after = await cache.load(journeyId);
  return { after, answer: refusal('internal-error', after.journey.revision, []) };
}

const incidentOf = (journeyId: string, { id, source }: CommandMessage): CommandMessage => ({
  id: `defect:${id}`,
  type: 'OpenIncident',
  data: { category: 'internalError', entityId: journeyId },
  actor: system,
  source,
  causationId: id,
});

interface Taken {
  readonly after: Loaded;
  readonly answer: Answer;
}

async function decideAndAppend(parts: ExecuteDependencies, journeyId: string, message: CommandMessage, loaded: Loaded): Promise<Taken> {
  const { journey } = loaded;
  const now = await parts.clock.now();
  const at = message.occurredAt ?? now;
  const spec = Object.hasOwn(journeys.commands, message.type) ? journeys.commands[message.type] : undefined;
  const data = spec?.data.safeParse(message.data);
  const isKnown = isKnownTo(journey, message, spec?.source);
  const unfit = spec && data ? unfitness(journey, message, { at, now, readable: data.success, spec, isKnown }) : 'command-unknown';
  if (unfit || !spec || !data?.success)
    return { after: loaded, answer: refusal(unfit ?? 'input-invalid', isKnown ? journey.revision : 0, []) };

  const command = { type: message.type, data: data.data, actor: message.actor };
  const claim = await parts.loadClaim(journey, command, { at, commandId: message.id });
  // The standing rules read the pathway after every command.
  const names = [...new Set<FactName>([...(spec.facts ?? []), 'pathway'])];
  const { facts, basis } = await parts.loadFacts(names, { journey, command, at });
  const stream = journeyStream(journeyId);
  const given: journeys.Given = {
    facts: { ...facts, ...(claim && { claim }) } as journeys.Given['facts'],
    basis,
    now,
    at,
    commandId: message.id,
    newId: (label) => entityId(stream, message.id, label),
    eventId: (ordinal) => eventId(stream, message.id, ordinal),
  };
  const decided = ask(() => journeys.decide(journey, command, given));
  // A journey that nothing can be planned for would never take another command.
  ask(() => journeys.plan(decided.journey));
  if (decided.events.length === 0 && decided.refusal) return { after: loaded, answer: refusal(decided.refusal, journey.revision, []) };
  if (decided.events.length === 0)
    return { after: loaded, answer: { accepted: true, revision: journey.revision, position: 0, events: [] } };
  return append(parts, { journeyId, message, recordedAt: now }, loaded, decided);
}

interface Fitness {
  readonly at: number;
  readonly now: number;
  readonly readable: boolean;
  readonly spec: CommandSpec;
  readonly isKnown: boolean;
}

/** Whether this journey exists for whoever gives the command; one that is yet to start is anybody's. */
const isKnownTo = (journey: journeys.Journey, { type, actor }: CommandMessage, source: string | undefined): boolean =>
  (journey.intake.request !== undefined || type === 'StartJourney') && mayTouch(journey, actor, source);

/** What is wrong with a command before any rule has looked at it. */
function unfitness(
  journey: journeys.Journey,
  { actor, expectedRevision }: CommandMessage,
  { at, now, readable, spec, isKnown }: Fitness,
): RefusalCode | FaultCode | undefined {
  if (!readable) return 'input-invalid';
  if (at > now) return 'occurred-in-future';
  if (!spec.roles.includes(actor.role)) return 'not-your-role';
  if (!isKnown) return 'entity-unknown';
  return expectedRevision !== undefined && expectedRevision !== journey.revision ? 'stale-version' : undefined;
}

interface Recording {
  readonly journeyId: string;
  readonly message: CommandMessage;
  readonly recordedAt: number;
}

async function append(
  { store, runId, pass }: ExecuteDependencies,
  recording: Recording,
  loaded: Loaded,
  { events, refusal: code, journey }: journeys.Decided,
): Promise<Taken> {
  const { revision } = loaded.journey;
  const stream = journeyStream(recording.journeyId);
  const envelopes = events.map((event) => envelope(event, recording, journey, { runId: runId(), ...(code && { refusalCode: code }) }));
  pass?.('execute.decided', recording.message.type);
  const { version, position, duplicate } = await store.append(stream, envelopes, { version: revision });
  pass?.('execute.committed', recording.message.type);
  // Another executor has recorded this very command; what it decided is what counts.
  if (duplicate) throw new VersionConflict(stream, version);
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
  const key = journeys.events[type as keyof typeof journeys.events]?.meta()?.entity;
  const value = typeof key === 'string' ? (data as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : journeyId;
}
