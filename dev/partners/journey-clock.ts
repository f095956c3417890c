// Stand-ins live in journey time, so that what they do later comes when a test or a demonstration gets there.
import type { Instant } from '../../domain/kernel/time.ts';

export interface PartnerClock {
  now(): Promise<Instant>;
  /** Undefined while the API does not say. */
  heard(): Promise<Instant | undefined>;
}

/** The API's journey clock; real time until it has answered once, its last word while it is away. */
export function apiClock(apiUrl: string | undefined): PartnerClock {
  let last: Instant | undefined;
  const heard = async (): Promise<Instant | undefined> => {
    const at = apiUrl === undefined ? Date.now() : await read(apiUrl);
    last = at ?? last;
    return at;
  };
  return { heard, now: async () => (await heard()) ?? last ?? Date.now() };
}

async function read(apiUrl: string): Promise<Instant | undefined> {
  try {
    const response = await fetch(`${apiUrl}/dev/clock`, { signal: AbortSignal.timeout(1_000) });
    const { now } = (await response.json()) as { readonly now?: unknown };
    const at = typeof now === 'string' ? Date.parse(now) : now;
    return typeof at === 'number' && Number.isFinite(at) ? at : undefined;
  } catch {
    return undefined;
  }
}
