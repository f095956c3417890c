import { findChromium } from '../../dev/chromium.ts';
import { startPostgresForTests } from './postgres.ts';
import { startTemporalForTests } from './temporal.ts';

/** Starts what all test files share; the address of each part goes into the environment. */
export default async function globalSetup(): Promise<void> {
  const [postgres, temporal] = await Promise.all([startPostgresForTests(), startTemporalForTests(), comeByChromium()]);
  globalThis.caretrailTestParts = { postgres, temporal };
}

/** Once, so that no two test files install it at the same time. A file that needs a browser says why there is none. */
async function comeByChromium(): Promise<void> {
  const path = await findChromium().catch(() => undefined);
  if (path) process.env['CHROMIUM_PATH'] = path;
}
