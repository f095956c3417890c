import { startPostgresForTests } from './postgres.ts';

/** Starts what all test files share; the address of each part goes into the environment. */
export default async function globalSetup(): Promise<void> {
  globalThis.caretrailTestParts = { postgres: await startPostgresForTests() };
}
