import type { CommandSpec } from '../domain/kernel/command.ts';
import type { FaultCode, RefusalCode } from '../domain/kernel/refusals.ts';
import type { Instant } from '../domain/kernel/time.ts';
import { aggregates, type Category, isCategory, streamOf, targetIn } from '../domain/reference/index.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Clock, Vault } from '../store/ports.ts';
import type { Answer, CommandMessage } from '../workflows/messages.ts';
import { entityId, eventId } from './ids.ts';
import { createJourneys } from './journeys.ts';
import { createRecorder, type Judgement, refused } from './recorder.ts';
import type { Folded, References } from './references.ts';
import { createRosterImport } from './roster.ts';
import { createStreamFacts, type LoadStreamFacts } from './stream-facts.ts';

export interface StreamsDependencies {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly references: References;
  /** Keys the commitments to the texts of messages. */
  readonly commitmentKey: string;
  /** Told of a rule that threw; ids only. */
  readonly report: (defect: { readonly stream: string; readonly commandId: string; readonly error: unknown }) => void;
}

export interface Streams {
  /** Gives a command to a stream that is no journey. A repeated command id brings the recorded answer back. */
  execute(category: string, id: string, message: CommandMessage): Promise<Answer>;
}

/** The only writer of the streams that are no journeys: folds, loads the facts, decides, appends. */
export function createStreams(parts: StreamsDependencies): Streams {
  const { store, clock, vault, references, commitmentKey } = parts;
  const recorder = createRecorder({ store, references });
  const importRows = createRosterImport({ recorder, vault });
  const loadFacts = createStreamFacts({ vault, journeys: createJourneys(store, 500), importRows, commitmentKey });

  return {
    async execute(category, id, message) {
      if (!isCategory(category)) return refused('command-unknown', 0, []);
      // Read once: a message counts as received when its command came in, however often it is decided.
      const now = await clock.now();
      const at = occurredAt(message, now);
      const { id: commandId, type: commandType, actor, source, causationId = message.id } = message;
      const recording = { commandId, commandType, actor, source, causationId, occurredAt: at, recordedAt: now };
      return recorder.record({ category, id }, recording, (folded) => judge({ parts, loadFacts, category, id, message, now, at }, folded));
    },
  };
}

/** Clocks of two machines differ by a little; what one of our own streams owes must not fail for that. */
const occurredAt = ({ occurredAt: given, actor }: CommandMessage, now: Instant): Instant =>
  given === undefined ? now : actor.role === 'T' ? Math.min(given, now) : given;

interface Case {
  readonly parts: StreamsDependencies;
  readonly loadFacts: LoadStreamFacts;
  readonly category: Category;
  readonly id: string;
  readonly message: CommandMessage;
  readonly now: Instant;
  readonly at: Instant;
}

async function judge(given: Case, folded: Folded<unknown>): Promise<Judgement> {
  const { category, message, loadFacts, now, at } = given;
  const { commands } = aggregates[category];
  const spec = Object.hasOwn(commands, message.type) ? commands[message.type] : undefined;
  if (!spec) return unjudged('command-unknown');
  const parsed = spec.data.safeParse(message.data);
  if (!parsed.success) return unjudged('input-invalid');
  const unfit = unfitness(given, spec, parsed.data, folded);
  if (unfit) return unjudged(unfit);
  const data = parsed.data as Readonly<Record<string, string>>;
  const { facts, basis } = await loadFacts(spec.facts ?? [], { state: folded.state, data, message, now, at });
  return { ...decide(given, folded, { data, facts }), basis };
}

const unjudged = (code: RefusalCode | FaultCode): Judgement => ({ accepted: false, code, events: [] });

/** What is wrong with a command before any rule has looked at it. */
function unfitness(
  { category, id, message, now, at }: Case,
  { roles }: CommandSpec,
  data: unknown,
  { version }: Folded<unknown>,
): RefusalCode | FaultCode | undefined {
  if (at > now) return 'occurred-in-future';
  if (!roles.includes(message.actor.role)) return 'not-your-role';
  if ((targetIn(category, data) ?? id) !== id) return 'entity-unknown';
  return message.expectedRevision !== undefined && message.expectedRevision !== version ? 'stale-version' : undefined;
}

/** A rule that throws is a defect of ours, not an outage: it must not be tried for ever. */
function decide(
  { parts, category, id, message, now, at }: Case,
  { state }: Folded<unknown>,
  { data, facts }: { readonly data: unknown; readonly facts: unknown },
): Judgement {
  const stream = streamOf(category, id);
  const rule = aggregates[category].decide[message.type];
  const command = { type: message.type, data, actor: message.actor };
  const newId = (label: string): string => entityId(stream, message.id, label);
  const context = { facts, now, at, newId, eventId: (ordinal: number): string => eventId(stream, message.id, ordinal) };
  try {
    return rule?.(state as never, command as never, context as never) ?? unjudged('command-unknown');
  } catch (error) {
    parts.report({ stream, commandId: message.id, error });
    return unjudged('internal-error');
  }
}
