// A medical group and the states in which it is contracted (domain reference 5.16, R-20).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already } from '../kernel/decision.ts';
import { At, type EventOf, type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import { holdsAt, runs } from './validity.ts';

const contract = { groupId: Id, state: z.string().regex(/^[A-Z]{2}$/), validFrom: At, validUntil: At };

// --- events

export const events = {
  GroupContractOpened: event(contract, 'groupId'),
} satisfies EventSchemas;
type GroupEvent = EventOf<typeof events>;

// --- state

export interface StateContract {
  readonly state: string;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}
export interface Group {
  readonly contracts: readonly StateContract[];
}
export const initial: Group = { contracts: [] };

export function evolve(group: Group, { data: { state, validFrom, validUntil } }: Happened<GroupEvent>): Group {
  return { contracts: [...group.contracts, { state, validFrom, validUntil }] };
}

// --- decisions

export const commands = {
  OpenGroupContract: { roles: ['M', 'O', 'A'], data: z.strictObject(contract).refine(runs, 'ends before it begins') },
} satisfies CommandSpecs;

export const decide: Decisions<typeof commands, Group, GroupEvent> = {
  OpenGroupContract: (group, { data }) => {
    const known = ({ state, validFrom, validUntil }: StateContract): boolean =>
      state === data.state && validFrom === data.validFrom && validUntil === data.validUntil;
    return group.contracts.some(known) ? already : accept({ type: 'GroupContractOpened', data });
  },
};

/** The states in which the group is contracted at an instant. */
export const contractedStates = ({ contracts }: Group, at: Instant): readonly string[] => [
  ...new Set(contracts.filter((held) => holdsAt(held, at)).map(({ state }) => state)),
];
