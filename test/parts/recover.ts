import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestSystem } from './system.ts';

/** `npm run recover` on this system; what it printed. @throws Error when it fails */
export async function recover({ settings }: TestSystem): Promise<string> {
  const { databaseUrl, temporal: address, taskQueue = '', keyFile, built = 'dist' } = settings;
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    CARETRAIL_DATABASE_WRITER_URL: databaseUrl('writer'),
    CARETRAIL_TEMPORAL_ADDRESS: address,
    CARETRAIL_TASK_QUEUE: taskQueue,
    CARETRAIL_KEY_FILE: keyFile,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [resolve(built, 'dev/recover.js')], { env });
  return stdout;
}
