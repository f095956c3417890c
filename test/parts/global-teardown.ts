import type { EmbeddedPostgres } from '../../dev/embedded/postgres.ts';
import type { RunningTemporal } from '../../dev/embedded/temporal.ts';
import { stopPostgresForTests } from './postgres.ts';
import { stopTemporalForTests } from './temporal.ts';

declare global {
  /** What the set-up started, for the tear-down of the same process. */
  var caretrailTestParts: { readonly postgres: EmbeddedPostgres; readonly temporal: RunningTemporal } | undefined;
}

/** Stops what the set-up started and deletes what it wrote. */
export default async function globalTeardown(): Promise<void> {
  const parts = globalThis.caretrailTestParts;
  if (parts) await Promise.all([stopPostgresForTests(parts.postgres), stopTemporalForTests(parts.temporal)]);
}
