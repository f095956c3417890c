// The places at which processes die, and where a play of J-1 passes them.
import type { ProcessName } from '../../dev/embedded/processes.ts';
import type { TestSystem } from '../parts/system.ts';

/** Which process passes each place. docs/reliability.md says what stands on either side of it. */
export const points: Readonly<Record<string, ProcessName>> = {
  'api.authenticated': 'api',
  'api.accepted': 'api',
  'api.replying': 'api',
  'inbox.received': 'api',
  'run.starts': 'worker',
  'run.continues': 'worker',
  'execute.decided': 'worker',
  'execute.committed': 'worker',
  'perform.begins': 'worker',
  'perform.begun': 'worker',
  'perform.done': 'worker',
  'perform.settled': 'worker',
  'owed.sends': 'worker',
  'owed.sent': 'worker',
  'inbox.sends': 'worker',
  'inbox.sent': 'worker',
  'view.written': 'projections',
  'view.committed': 'projections',
};

/** What counts only while a client waits for the answer to its command. */
const onlyWhileWaiting: readonly string[] = ['run.continues'];

/** One passing of a place in a play: during which step, and the how many-th since that step began. */
export interface Hit {
  readonly point: string;
  readonly step: number;
  readonly nth: number;
  /** Only what passes with this, such as a view. */
  readonly about?: string;
}

/** The hits of each place, in the order in which a play passed them. */
export type Hits = ReadonlyMap<string, readonly Hit[]>;

/** Counts what a play passes. */
export interface Counting {
  readonly onStep: (step: number) => void;
  hits(): Hits;
}

export function counting(system: Pick<TestSystem, 'passed'>): Counting {
  const before = system.passed().length;
  const beginnings: number[] = [];
  return {
    onStep: () => void beginnings.push(system.passed().length - before),
    hits() {
      const hits = new Map<string, Hit[]>();
      const inStep = new Map<string, number>();
      let isWaiting = false;
      for (const [index, passed] of system.passed().slice(before).entries()) {
        const [point = ''] = passed.split('/');
        if (point.startsWith('api.')) isWaiting = point === 'api.authenticated';
        const step = beginnings.findLastIndex((beginning) => beginning <= index);
        // What comes before the first step only prepares the play.
        if (step < 0) continue;
        const nth = (inStep.get(`${point} ${step}`) ?? 0) + 1;
        inStep.set(`${point} ${step}`, nth);
        if (isWaiting || !onlyWhileWaiting.includes(point)) hits.set(point, [...(hits.get(point) ?? []), { point, step, nth }]);
      }
      return hits;
    },
  };
}

/** The first, the middle and the last hit of a place; fewer if there are fewer. */
export function threeOf(hits: Hits, point: string): readonly Hit[] {
  const all = hits.get(point) ?? [];
  const places = new Set([0, Math.floor(all.length / 2), all.length - 1]);
  return [...places].flatMap((place) => all[place] ?? []);
}
