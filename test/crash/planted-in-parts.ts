// Bugs that the faults of the parts have to show: each is planted into a copy of the build.
import type { Planting } from './planted-bugs.ts';

export interface PlantedInPart extends Planting {
  /** The file of `test/faults/` that can show it, and how its test begins. */
  readonly fire: 'partners' | 'postgres' | 'temporal' | 'workers';
  readonly test: string;
}

export const plantedInParts: readonly PlantedInPart[] = [
  {
    name: 'half-recovery',
    says: 'a recovery asks half of the journeys',
    file: 'dev/recover.js',
    text: 'const queue = [...journeys];',
    planted: 'const queue = journeys.slice(journeys.length / 2);',
    fire: 'temporal',
    test: 'Temporal loses its data',
  },
  {
    name: 'unheard-loss',
    says: 'nobody listens to a connection that is lost inside a transaction',
    file: 'store/postgres/pool.js',
    text: "    pool.on('connect', (client) => client.on('error', () => undefined));",
    planted: '',
    fire: 'postgres',
    test: 'PostgreSQL is killed twenty times',
  },
  {
    name: 'late-deadline',
    says: 'a deadline that fires late is recorded as of now',
    file: 'domain/journey/index.js',
    text: 'const asOf = { ...given, at: deadline.dueAt };',
    planted: 'const asOf = { ...given, at: given.now };',
    fire: 'workers',
    test: 'no worker runs for ten hours',
  },
  {
    name: 'ids-of-its-own',
    says: 'each API process makes ids of its own',
    file: 'api/idempotency.js',
    text: 'JSON.stringify(parts)',
    planted: 'JSON.stringify([...parts, process.pid])',
    fire: 'workers',
    test: 'two API processes',
  },
  {
    name: 'cut-as-failed',
    says: 'a call whose line was cut counts as one that never arrived',
    file: 'interop/http.js',
    text: "neverConnected.includes(code) ? 'failed' : 'unknown'",
    planted: "'failed'",
    fire: 'partners',
    test: 'partners that do it and cut',
  },
];
