import type { EmbeddedPostgres } from '../../dev/embedded/postgres.ts';
import { stopPostgresForTests } from './postgres.ts';

declare global {
  /** What the set-up started, for the tear-down of the same process. */
  var caretrailTestParts: { readonly postgres: EmbeddedPostgres } | undefined;
}

/** Stops what the set-up started and deletes what it wrote. */
export default async function globalTeardown(): Promise<void> {
  const parts = globalThis.caretrailTestParts;
  if (parts) await stopPostgresForTests(parts.postgres);
}
