// The first day of J-1 as the activities decide it, without a runner: real events for the measures that need many.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createClaims } from '../../activities/claims.ts';
import { createExecute } from '../../activities/execute.ts';
import { createFacts } from '../../activities/facts.ts';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import { templates } from '../../domain/templates/index.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import { commitmentKeyOf, loadKeyFile } from '../../store/key-file.ts';
import type { Clock } from '../../store/ports.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openVault } from '../../store/postgres/vault.ts';
import { openPlay } from './caller.ts';
import type { Setting } from './setting.ts';

const journeyId = 'bench-played';

/** The events of one journey of J-1 up to its delivery. @throws Error when a command is refused */
export async function playedEvents(setting: Setting): Promise<readonly StoredEvent[]> {
  const { writer, keyFile, castFor, reference } = setting;
  const masterKey = await loadKeyFile(keyFile);
  const store = openEventStore(writer);
  const instant = new AsyncLocalStorage<number>();
  const now = (): number => instant.getStore() ?? Date.now();
  const clock: Clock = { now: async () => now(), realTimeOf: async (at) => at };
  const vault = openVault(writer, masterKey);
  const references = createReferences(store);
  const report = ({ error }: { readonly error: unknown }): never => {
    throw error;
  };
  const streams = createStreams({ store, clock, vault, references, commitmentKey: commitmentKeyOf(masterKey), report });
  const { load: loadFacts } = createFacts({ references, vault, clock, templates });
  const loadClaim = createClaims(streams.execute, loadFacts);
  const { execute } = createExecute({ store, clock, loadFacts, loadClaim, runId: () => 'bench', report });
  const play = openPlay({
    journeyId,
    cast: castFor(0),
    reference,
    isIdle: false,
    send: async (id, message) => (await instant.run(message.occurredAt ?? Date.now(), () => execute(id, message, []))).answer,
  });
  while (await play.next());
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(journeyStream(journeyId))) events.push(event);
  return events;
}
