import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningTemporal, startTemporal } from '../../dev/embedded/temporal.ts';

const variable = 'CARETRAIL_TEST_TEMPORAL';
const logFile = join(tmpdir(), `temporal-of-caretrail-tests-${process.pid}.log`);

/** For jest's global set-up: one server for all test files; each takes a task queue of its own. */
export async function startTemporalForTests(): Promise<RunningTemporal> {
  const server = await startTemporal({ inMemory: true, log: logFile });
  process.env[variable] = server.address;
  return server;
}

/** For jest's global tear-down. */
export async function stopTemporalForTests(server: RunningTemporal): Promise<void> {
  await server.stop();
  await rm(logFile, { force: true });
}

/** Address of the server of this run. */
export function temporalAddress(): string {
  const address = process.env[variable];
  if (!address) throw new Error('no Temporal for the tests: run them through jest, whose global set-up starts it');
  return address;
}
