import { startPostgresForTests } from './postgres.ts';
import { startTemporalForTests } from './temporal.ts';

/** Starts what all test files share; the address of each part goes into the environment. */
export default async function globalSetup(): Promise<void> {
  const [postgres, temporal] = await Promise.all([startPostgresForTests(), startTemporalForTests()]);
  globalThis.caretrailTestParts = { postgres, temporal };
}
