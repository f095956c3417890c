import { useEffect, useState, useSyncExternalStore } from 'preact/compat';
import { journeyNow, type Live, onLive, readLive } from './live.ts';

/** The state of the line. */
export const useLive = (): Live => useSyncExternalStore(onLive, readLive);

/** Journey time, again every second; undefined until the service has told it. */
export function useNow(): number | undefined {
  const { clock } = useLive();
  const [, redraw] = useState(0);
  const runs = clock !== undefined && clock.scale > 0;
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(() => redraw((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, [runs]);
  return clock && journeyNow();
}
