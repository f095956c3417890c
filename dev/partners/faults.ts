// The faults of real partners, on demand: a plan says which of the next calls and messages go wrong, and how. Nothing is left to chance.
import { z } from 'zod';
import type { PartyName } from './party.ts';

const times = z.int().min(1).max(1_000).default(1);
/** Milliseconds. */
const by = z.int().min(0).max(86_400_000).optional();

/** `none` lets calls or messages pass, so that a later line of the plan meets those after them. */
const Fault = z.discriminatedUnion('on', [
  z.strictObject({
    on: z.literal('send'),
    fault: z.enum(['none', 'drop', 'delay', 'refuse', 'fail', 'reset-after-doing', 'answer-twice']),
    times,
    by,
  }),
  z.strictObject({ on: z.literal('query'), fault: z.enum(['none', 'drop', 'delay', 'refuse', 'fail', 'answer-twice']), times, by }),
  z.strictObject({ on: z.literal('message'), fault: z.enum(['none', 'drop', 'delay', 'duplicate', 'reorder']), times, by }),
]);

/** What stands in the body of `PUT /control/<party>/faults`; it replaces the plan that was there. */
export const FaultPlan = z.strictObject({ faults: z.array(Fault).max(50) });
type Fault = z.output<typeof Fault>;

/** What can go wrong: what we send, what we ask, and what the partner tells of its own accord. */
export type Operation = Fault['on'];
type FaultOf<O extends Operation> = Extract<Fault, { on: O }>;

export interface Faults {
  set(party: PartyName, faults: readonly Fault[]): void;
  /** What is left of the plan. */
  left(party: PartyName): readonly Fault[];
  /** The fault of the next call or message; it counts as used. */
  take<O extends Operation>(party: PartyName, on: O): FaultOf<O> | undefined;
}

/** A plan for each party; none at first. */
export function openFaults(): Faults {
  const plans = new Map<PartyName, Fault[]>();
  return {
    set: (party, faults) => void plans.set(party, [...faults]),
    left: (party) => plans.get(party) ?? [],
    take(party, on) {
      const plan = plans.get(party) ?? [];
      const index = plan.findIndex((fault) => fault.on === on);
      const fault = plan[index];
      if (!fault) return undefined;
      plan.splice(index, 1, ...(fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []));
      return fault as FaultOf<typeof on>;
    },
  };
}
