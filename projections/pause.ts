import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, but no longer than until the signal aborts. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);
