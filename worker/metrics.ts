// What a worker counts. Labels are names and codes of the domain, never an id and nothing about a person.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Activities } from '../activities/index.ts';
import { Code } from '../domain/kernel/event.ts';
import type { Deadline } from '../domain/kernel/plan.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Checkpoints, Clock, Inbox } from '../store/ports.ts';

/** What of a journey's activities is counted, and what others report. The registry is a value: whoever made it serves it. */
export interface WorkerMetrics {
  readonly registry: Registry;
  /** The same activities, each call of which is counted. */
  counted(activities: Activities, clock: Clock): Activities;
  /** One flush of the store has stored so many events. */
  flushed(events: number): void;
  /** A run was told to read its Step again, because something was due and nobody had done it. */
  runRefreshed(): void;
  /** From now on each scrape asks how far the readers are behind. */
  watchReaders(parts: ReaderParts): void;
}

interface ReaderParts {
  readonly store: EventStore;
  readonly inbox: Inbox;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
}

const second = 1_000;

/** Fresh counters; `process` adds those of the process itself, which a second registry in the same process must leave out. */
export function createWorkerMetrics({ process = false }: { readonly process?: boolean } = {}): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  if (process) collectDefaultMetrics({ register: registry });
  const flushes = new Histogram({
    name: 'caretrail_store_flush_events',
    help: 'Events that one flush of the store has stored.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    registers,
  });
  const refreshed = new Counter({
    name: 'caretrail_runs_refreshed_total',
    help: 'Runs that were told to read their Step again because due work was not done.',
    registers,
  });
  return {
    registry,
    counted: (activities, clock) => ({
      ...activities,
      execute: countedExecute(activities.execute, clock, registry),
      perform: countedPerform(activities.perform, registry),
    }),
    flushed: (events) => flushes.observe(events),
    runRefreshed: () => refreshed.inc(),
    watchReaders: (parts) => watchReaders(parts, registry),
  };
}

function countedExecute(execute: Activities['execute'], clock: Clock, registry: Registry): Activities['execute'] {
  const registers = [registry];
  const decided = new Counter({
    name: 'caretrail_commands_decided_total',
    help: 'Commands that journeys decided, by name, where they came in, and answer: accepted, or the code of the refusal.',
    labelNames: ['command', 'source', 'answer'],
    registers,
  });
  const took = new Histogram({
    name: 'caretrail_command_decided_seconds',
    help: 'Time to decide a command and to record what follows.',
    labelNames: ['source'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers,
  });
  const late = new Histogram({
    name: 'caretrail_deadline_late_seconds',
    help: 'How long after it was due a deadline was given, in journey time.',
    labelNames: ['clock'],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600, 86_400],
    registers,
  });
  return async (journeyId, message, setAside) => {
    const end = took.startTimer({ source: message.source });
    const step = await execute(journeyId, message, setAside);
    end();
    const { answer } = step;
    // An unknown command is no name of ours: a label made of it would be made of what somebody sent.
    const command = !answer.accepted && answer.code === 'command-unknown' ? 'unknown' : message.type;
    decided.inc({ command, source: message.source, answer: answer.accepted ? 'accepted' : answer.code });
    if (message.source === 'timer' && answer.accepted && answer.events.length > 0) {
      const { name, dueAt } = message.data as Deadline;
      late.observe({ clock: name }, Math.max(0, (await clock.now()) - dueAt) / second);
    }
    return step;
  };
}

function countedPerform(perform: Activities['perform'], registry: Registry): Activities['perform'] {
  const effects = new Counter({
    name: 'caretrail_effects_total',
    help: 'Attempts of effects, by kind and outcome: as the partner answered, handed-over if it answers later, error if the attempt broke off.',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  });
  return async (journeyId, effect) => {
    try {
      const answered = await perform(journeyId, effect);
      effects.inc({ kind: effect.kind, outcome: answered ? outcomeOf(answered.data) : 'handed-over' });
      return answered;
    } catch (error) {
      effects.inc({ kind: effect.kind, outcome: 'error' });
      throw error;
    }
  };
}

/** The code by which the outcome is recorded; an own act has none. */
function outcomeOf(data: unknown): string {
  const { outcome, status } = data as { readonly outcome?: unknown; readonly status?: unknown };
  return Code.safeParse(outcome ?? status).data ?? 'done';
}

/** Messages that one look at the inbox counts. */
const countedMessages = 1_000;

interface Lag {
  readonly reader: string;
  readonly entries: number;
  readonly seconds: number;
}

async function lags({ store, inbox, checkpoints, clock }: ReaderParts): Promise<readonly Lag[]> {
  const [owed, received, head, now] = await Promise.all([checkpoints.load('owed'), checkpoints.load('inbox'), store.head(), clock.now()]);
  const messages = await inbox.read(received, countedMessages);
  let oldest: number | undefined;
  for await (const event of store.readAll({ after: owed, limit: 1 })) oldest = event.recordedAt;
  const age = (since: number | undefined): number => (since === undefined ? 0 : Math.max(0, now - since) / second);
  return [
    { reader: 'owed', entries: Math.max(0, head - owed), seconds: age(oldest) },
    { reader: 'inbox', entries: messages.length, seconds: age(messages[0]?.receivedAt) },
  ];
}

function watchReaders(parts: ReaderParts, registry: Registry): void {
  const watched = (name: string, help: string, valueFrom: (lag: Lag) => number): Gauge<'reader'> =>
    new Gauge({
      name,
      help,
      labelNames: ['reader'],
      registers: [registry],
      async collect() {
        for (const lag of await lags(parts)) this.set({ reader: lag.reader }, valueFrom(lag));
      },
    });
  watched(
    'caretrail_reader_lag_seconds',
    'Age of the oldest entry that a reader has not dealt with, in journey time.',
    ({ seconds }) => seconds,
  );
  watched(
    'caretrail_reader_lag_entries',
    `Entries that a reader has not dealt with: events of the log, or messages of the inbox (${countedMessages} at most).`,
    ({ entries }) => entries,
  );
}
