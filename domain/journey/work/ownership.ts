// Who owns a journey, and whether it is on hold (domain reference 5.16).
import { z } from 'zod';
import { roles, staff } from '../../kernel/actor.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { At, Code, Id } from '../../kernel/event.ts';
import type { Deadline } from '../../kernel/plan.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';

const holders = ['K', 'C', 'M'] as const;

export const commands = {
  AssignJourneyOwner: {
    roles: [...staff, 'T'],
    afterClose: true,
    data: z.strictObject({ owner: z.strictObject({ role: z.enum(roles), id: Id }), reason: Code }),
  },
  HoldJourney: { roles: holders, data: z.strictObject({ reason: Code, until: At }) },
  ReleaseJourneyHold: { roles: holders, data: z.strictObject({ reason: Code }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  AssignJourneyOwner: ({ work }, { data: { owner, reason } }) => {
    const { id: ownerId, role: ownerRole } = owner;
    const from = work.owner?.id;
    if (from === ownerId && work.owner?.role === ownerRole) return already;
    return accept({ type: 'JourneyOwnerAssigned', data: { ownerRole, ownerId, reason, ...(from && { from }) } });
  },

  // A hold says that nothing is to be hurried; it stops no clock.
  HoldJourney: (_journey, { data }, { at }) => (data.until <= at ? refuse('until-in-the-past') : accept({ type: 'JourneyHeld', data })),

  ReleaseJourneyHold: ({ work: { hold } }, { data: { reason } }) =>
    hold ? accept({ type: 'JourneyHoldReleased', data: { reason, until: hold.until } }) : refuse('not-allowed-in-state'),
};

/** A hold has an end. */
export const holdEnd = ({ work: { hold } }: Journey): readonly Deadline[] =>
  hold ? [{ name: 'hold.end', entityId: 'hold', dueAt: hold.until }] : [];

export const elapse: Elapse = {
  'hold.end': (_journey, { dueAt: until }) => [{ type: 'JourneyHoldReleased', data: { reason: 'ended', until } }],
};
