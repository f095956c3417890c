import type { Clock } from './ports.ts';

/** The clock of production: journey time is real time. */
export const systemClock: Clock = {
  now: async () => Date.now(),
  realTimeOf: async (at) => at,
};
