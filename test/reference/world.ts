import { createFacts } from '../../activities/facts.ts';
import { eventId } from '../../activities/ids.ts';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import { templates } from '../../domain/templates/index.ts';
import type { EventStore, StoredEvent } from '../../store/event-store.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import { KeyDestroyed, type Vault } from '../../store/ports.ts';
import type { Answer, CommandMessage } from '../../workflows/messages.ts';
import { noon, person } from './scenario.ts';

/** The streams and the facts over a store in memory, with a clock that stands still until a test moves it. */
export function createWorld(store: EventStore = memoryEventStore()) {
  const time = { now: noon };
  const clock = { now: async () => time.now, realTimeOf: async () => undefined };
  const vault = memoryVault();
  const defects: unknown[] = [];
  const references = createReferences(store);
  const streams = createStreams({ store, clock, vault, references, commitmentKey: 'test', report: (defect) => defects.push(defect) });
  let commands = 0;

  return {
    store,
    vault,
    time,
    defects,
    references,
    streams,
    facts: createFacts({ references, vault, clock, templates }),
    /** Gives a command under a new id, or under one that the test chooses. */
    give(category: string, id: string, type: string, data: object, more: Partial<CommandMessage> = {}): Promise<Answer> {
      commands += 1;
      const actor = person('T', 'caretrail');
      return streams.execute(category, id, { id: `command-${commands}`, type, data, actor, source: 'api', ...more });
    },
    async read(stream: string): Promise<readonly StoredEvent[]> {
      const events: StoredEvent[] = [];
      for await (const event of store.readStream(stream)) events.push(event);
      return events;
    },
    /** Puts an event into a stream past every rule. */
    async write(stream: string, type: string, data: object): Promise<void> {
      const { version } = await store.describe(stream);
      await store.append(stream, [{ ...envelope, id: eventId(stream, 'written', version), type, data, occurredAt: time.now }], 'any');
    },
  };
}
export type World = ReturnType<typeof createWorld>;

const envelope = {
  schemaVersion: 1,
  entityId: 'x',
  recordedAt: noon,
  zone: '',
  actor: person('T', 'caretrail'),
  commandId: 'written',
  commandType: 'Written',
  causationId: '',
  correlationId: '',
  workflowId: '',
  runId: '',
  templateVersion: '',
  source: 'seed',
  tenant: '',
  patient: '',
} as const;

function memoryVault(): Vault {
  const texts = new Map<string, string>();
  const destroyed = new Set<string>();
  return {
    register: async (subject) => `key-of-${subject}`,
    async put(subject, _stream, text) {
      const reference = `ref-${texts.size + 1}`;
      texts.set(`${subject}/${reference}`, text);
      return reference;
    },
    async get(subject, reference) {
      if (destroyed.has(subject)) throw new KeyDestroyed();
      return texts.get(`${subject}/${reference}`);
    },
    async destroyKey(subject) {
      destroyed.add(subject);
    },
  };
}

/** A contract that J-1's employer might have. */
export const contract = {
  employerId: 'e1',
  contractId: 'k1',
  effectiveOn: noon,
  terms: {
    states: ['WA'],
    groupIds: ['g1'],
    rateVersion: 1,
    billing: [],
    undeterminedPolicy: 'proceed',
    labPayer: 'employer',
    cancellationFeeCents: 0,
  },
} as const;
