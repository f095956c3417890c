// A visitor's shift, and the one home that the visitor may be in (domain reference 5.16, I-8).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already, refuse } from '../kernel/decision.ts';
import { At, Code, type EventOf, type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import { type Instant, minute } from '../kernel/time.ts';

const shift = {
  visitorId: Id,
  areaId: Id,
  skills: z.array(Code).max(40),
  states: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .max(60),
  supplies: z.array(Code).max(100),
  at: At,
};
const presence = { visitorId: Id, visitId: Id };

// --- events

export const events = {
  VisitorShiftOpened: event(shift, 'visitorId'),
  VisitorShiftClosed: event({ visitorId: Id, at: At }, 'visitorId'),
  VisitorPresenceOpened: event({ ...presence, at: At, expiresAt: At.optional() }, 'visitId'),
  VisitorPresenceClosed: event({ ...presence, at: At }, 'visitId'),
} satisfies EventSchemas;
type VisitorEvent = EventOf<typeof events>;

// --- state

export interface Shift {
  readonly areaId: string;
  readonly skills: readonly string[];
  readonly states: readonly string[];
  readonly supplies: readonly string[];
  readonly from: Instant;
}
export interface Visitor {
  /** The shift that is open. */
  readonly shift?: Shift;
  /** How many shifts were ever opened; names the shift that a decision has seen. */
  readonly shifts: number;
  /** The home the visitor is in; a claim to it that no arrival has confirmed ends by itself. */
  readonly present?: { readonly visitId: string; readonly expiresAt?: Instant };
}
export const initial: Visitor = { shifts: 0 };

export function evolve(visitor: Visitor, { type, data }: Happened<VisitorEvent>): Visitor {
  switch (type) {
    case 'VisitorShiftOpened': {
      const { areaId, skills, states, supplies, at: from } = data;
      return { ...visitor, shifts: visitor.shifts + 1, shift: { areaId, skills, states, supplies, from } };
    }
    case 'VisitorShiftClosed': {
      const { shift: _ended, ...rest } = visitor;
      return rest;
    }
    case 'VisitorPresenceOpened':
      return { ...visitor, present: { visitId: data.visitId, ...(data.expiresAt !== undefined && { expiresAt: data.expiresAt }) } };
    case 'VisitorPresenceClosed': {
      const { present: _left, ...rest } = visitor;
      return rest;
    }
  }
}

// --- decisions

export const commands = {
  OpenVisitorShift: { roles: ['V', 'D'], data: z.strictObject(shift) },
  CloseVisitorShift: { roles: ['V', 'D'], data: z.strictObject({ visitorId: Id, at: At }) },
  OpenVisitorPresence: { roles: ['T'], data: z.strictObject({ ...presence, confirms: z.literal(true).optional() }) },
  CloseVisitorPresence: { roles: ['T'], data: z.strictObject(presence) },
} satisfies CommandSpecs;

/** How long a claim stands whose arrival is not recorded. The arrival is, as a rule, recorded within the second. */
const claimLasts = 15 * minute;

export const decide: Decisions<typeof commands, Visitor, VisitorEvent> = {
  OpenVisitorShift: (visitor, { data, actor }) => {
    if (actor.role === 'V' && actor.id !== data.visitorId) return refuse('not-your-role');
    return visitor.shift ? refuse('not-allowed-in-state') : accept({ type: 'VisitorShiftOpened', data });
  },

  CloseVisitorShift: (visitor, { data, actor }) => {
    if (actor.role === 'V' && actor.id !== data.visitorId) return refuse('not-your-role');
    return visitor.shift ? accept({ type: 'VisitorShiftClosed', data }) : refuse('not-allowed-in-state');
  },

  // Claimed before the arrival is decided, and confirmed once it stands: a claim whose decision fails ends by itself.
  OpenVisitorPresence: ({ present }, { data: { visitorId, visitId, confirms } }, { at, now }) => {
    const isSame = present?.visitId === visitId;
    const isOver = present?.expiresAt !== undefined && present.expiresAt <= now;
    const opened = { visitorId, visitId, at };
    if (confirms && !isSame) return present && !isOver ? refuse('visitor-elsewhere') : already;
    if (confirms) return present?.expiresAt === undefined ? already : accept({ type: 'VisitorPresenceOpened', data: opened });
    if (isSame && !isOver) return already;
    if (present && !isOver) return refuse('visitor-elsewhere');
    return accept({ type: 'VisitorPresenceOpened', data: { ...opened, expiresAt: now + claimLasts } });
  },

  CloseVisitorPresence: ({ present }, { data }, { at }) =>
    present?.visitId === data.visitId ? accept({ type: 'VisitorPresenceClosed', data: { ...data, at } }) : already,
};
