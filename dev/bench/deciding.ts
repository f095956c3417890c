// Commands decided and stored as production does it, but each as of an instant of the caller's choice: a day of care is played in seconds.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool } from 'pg';
import { createClaims } from '../../activities/claims.ts';
import { createExecute } from '../../activities/execute.ts';
import { createFacts } from '../../activities/facts.ts';
import type { Activities } from '../../activities/index.ts';
import { createReferences } from '../../activities/references.ts';
import { createStreams, type Streams } from '../../activities/streams.ts';
import { templates } from '../../domain/templates/index.ts';
import type { EventStore } from '../../store/event-store.ts';
import { commitmentKeyOf } from '../../store/key-file.ts';
import type { Clock } from '../../store/ports.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openVault } from '../../store/postgres/vault.ts';

export interface DecidingParts {
  /** Of the writer's role. */
  readonly pool: Pool;
  readonly masterKey: Buffer;
  readonly runId: () => string;
}

export interface Deciding extends Pick<Activities, 'open' | 'execute'> {
  readonly store: EventStore;
  readonly streams: Streams;
  /** Does the work as of this instant; as of now without one. */
  asOf<T>(at: number | undefined, work: () => Promise<T>): Promise<T>;
}

/** Composes the rules with the store. What goes wrong is thrown, and never set aside. */
export function openDeciding({ pool, masterKey, runId }: DecidingParts): Deciding {
  const store = openEventStore(pool);
  const instant = new AsyncLocalStorage<number>();
  const now = (): number => instant.getStore() ?? Date.now();
  const clock: Clock = { now: async () => now(), realTimeOf: async (at) => Date.now() + at - now() };
  const vault = openVault(pool, masterKey);
  const references = createReferences(store);
  const report = ({ error }: { readonly error: unknown }): never => {
    throw error;
  };
  const streams = createStreams({ store, clock, vault, references, commitmentKey: commitmentKeyOf(masterKey), report });
  const { load: loadFacts } = createFacts({ references, vault, clock, templates });
  const loadClaim = createClaims(streams.execute, loadFacts);
  const execute = createExecute({ store, clock, loadFacts, loadClaim, runId, report });
  return { ...execute, store, streams, asOf: (at, work) => instant.run(at ?? Date.now(), work) };
}
