import type { Transition } from './shapes.ts';

/** A stage of the journey with the time that it took so far. */
export interface Stage {
  readonly state: string;
  readonly spentMs: number;
  /** How often the journey came into it. */
  readonly entered: number;
  readonly standing: 'ahead' | 'past' | 'here';
}

/** The stages in their usual order, with the time spent in each up to an instant. */
export function stagesOf(order: readonly string[], transitions: readonly Transition[], until: number): readonly Stage[] {
  const spent = new Map<string, number>();
  const entered = new Map<string, number>();
  const seen = transitions.filter(({ occurredAt }) => occurredAt <= until);
  let at = 0;
  for (const [i, { superState, occurredAt }] of seen.entries()) {
    // What was recorded late takes no time away from the stage in which it came to be known.
    at = Math.max(at, occurredAt);
    const leftAt = Math.max(at, seen[i + 1]?.occurredAt ?? until);
    spent.set(superState, (spent.get(superState) ?? 0) + leftAt - at);
    if (seen[i - 1]?.superState !== superState) entered.set(superState, (entered.get(superState) ?? 0) + 1);
  }
  const here = seen.at(-1)?.superState;
  return order.map((state) => ({
    state,
    spentMs: spent.get(state) ?? 0,
    entered: entered.get(state) ?? 0,
    standing: state === here ? 'here' : entered.has(state) ? 'past' : 'ahead',
  }));
}
