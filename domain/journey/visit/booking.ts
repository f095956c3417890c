// The window of a visit: held, booked, moved, confirmed, given back.
import { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import { SlotId } from '../../reference/capacity.ts';
import { bookers, latestStart, whyNotBooked, whyNotHeld, whyNotMoved } from '../claims.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts, Pathway, SlotFact } from '../facts.ts';
import type { Journey } from '../state.ts';
import type { FeePolicy } from './events.ts';
import { onVisit } from './on-visit.ts';
import { atThePlace, booked, goesToPatient, isTerminal, slotOf, unbooked, type Visit } from './visit.ts';

const visit = { visitId: Id };

export const commands = {
  HoldSlot: { roles: bookers, facts: ['slot', 'claim'], data: z.strictObject({ ...visit, slotId: SlotId }) },
  ReleaseSlot: { roles: bookers, data: z.strictObject(visit) },
  BookVisit: { roles: bookers, facts: ['claim', 'pathway'], data: z.strictObject(visit) },
  RescheduleVisit: {
    roles: bookers,
    facts: ['slot', 'claim', 'pathway'],
    data: z.strictObject({ ...visit, slotId: SlotId, reason: Code.optional() }),
  },
  ConfirmVisit: { roles: bookers, data: z.strictObject(visit) },
  CancelVisit: { roles: [...bookers, 'C', 'T'], data: z.strictObject({ ...visit, reason: Code }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  HoldSlot: (journey, command, { facts: { slot, claim }, at }) =>
    onVisit(journey, command, [...unbooked, 'Held'], (known) => {
      const { visitId, slotId } = command.data;
      if (known.slot?.slotId === slotId) return already;
      const reason = whyNotHeld(journey, known, { slot, at });
      if (reason === 'window-outside-limits') return outsideLimits(journey, visitId, known, slot);
      if (reason) return refuse(reason);
      if (!claim?.granted) return refuse('slot-taken');
      const expiresAt = at + clock(journey, 'slot.hold');
      return accept({ type: 'SlotHeld', data: { visitId, slotId, window: slot.window, expiresAt } });
    }),

  ReleaseSlot: (journey, command) =>
    onVisit(journey, command, ['Held'], ({ slot }) =>
      slot ? accept({ type: 'SlotReleased', data: slotOf(command.data.visitId, slot) }) : refuse('not-allowed-in-state'),
    ),

  BookVisit: (journey, command, { facts: { claim, pathway }, at }) =>
    onVisit(journey, command, [...unbooked, 'Held'], (known) => {
      const reason = whyNotBooked(journey, known, at);
      if (reason) return refuse(reason);
      if (!known.slot || !claim?.granted) return refuse('hold-expired');
      const feePolicy = feePolicyOf(journey, pathway, known.slot.window.from);
      return accept({ type: 'VisitScheduled', data: { ...slotOf(command.data.visitId, known.slot), by: command.actor.id, feePolicy } });
    }),

  RescheduleVisit: (journey, command, { facts: { slot, claim, pathway }, at }) =>
    onVisit(journey, command, booked, (known) => {
      const { visitId, slotId, reason } = command.data;
      if (!known.slot || known.slot.slotId === slotId) return already;
      // whoever asks, past the outer limit the faster routes are offered, and the old window stands.
      if (slot.placeMatches && slot.window.from > latestStart(journey, known)) return tooLate(journey, visitId, known, slot);
      const forbidden = whyNotMoved(journey, known, { slot, at });
      if (forbidden) return refuse(forbidden);
      if (!claim?.granted) return refuse('slot-taken');
      const { holdExpiresAt: _booked, ...from } = known.slot;
      const moved = { visitId, slotId, window: slot.window, from, by: command.actor.id, n: known.moves + 1 };
      const feePolicy = feePolicyAfterMove(known, feePolicyOf(journey, pathway, slot.window.from), at);
      return accept({ type: 'VisitRescheduled', data: { ...moved, feePolicy, ...(reason && { reason }) } });
    }),

  ConfirmVisit: (journey, command) =>
    onVisit(journey, command, [...booked, 'EnRoute'], (known) => {
      if (!goesToPatient(known)) return refuse('not-allowed-in-state');
      return known.confirmed ? already : accept({ type: 'VisitConfirmed', data: command.data });
    }),

  // A visitor who is there ends the visit or breaks it off instead.
  CancelVisit: (journey, command, { at }) =>
    onVisit(journey, command, 'any', (known) => {
      if (known.status === 'Cancelled') return already;
      if (isTerminal(known) || atThePlace.includes(known.status)) return refuse('not-allowed-in-state');
      const { visitId, reason } = command.data;
      return accept(...visitCancelled(visitId, known, { actor: command.actor, reason, at }));
    }),
};

interface Cancelling {
  readonly actor: Actor;
  readonly reason: string;
  readonly at: Instant;
}

/**
 * The events that end one visit which nobody wants any more, for `CancelVisit` and for the end of a whole journey (domain reference
 * 5.12). Where the visitor or the patient has come already, the visit is broken off; a visit that has ended is left alone.
 */
export function visitCancelled(visitId: string, visit: Visit, { actor, reason, at }: Cancelling): readonly JourneyEvent[] {
  const { status, slot, visitorId, openTasks } = visit;
  if (isTerminal(visit)) return [];
  if (atThePlace.includes(status)) return visitAborted(visitId, openTasks, 'patientWithdrew');
  const turnedBack = status === 'EnRoute' && visitorId;
  return [
    { type: 'VisitCancelled', data: { visitId, by: actor.id, reason, feeDecision: feeDecision(visit, actor, at) } },
    ...(slot ? [{ type: 'SlotReleased', data: slotOf(visitId, slot) } as const] : []),
    ...(turnedBack ? [{ type: 'VisitorTurnedBack', data: { visitId, visitorId, reason } } as const] : []),
  ];
}

/** A visit that is broken off leaves none of its tasks open. */
export const visitAborted = (
  visitId: string,
  openTasks: readonly string[],
  reason: 'unsafe' | 'emergency' | 'identity' | 'patientWithdrew',
): readonly JourneyEvent[] => [
  { type: 'VisitAborted', data: { visitId, reason } },
  ...openTasks.map((taskRef): JourneyEvent => ({ type: 'VisitTaskSkipped', data: { visitId, taskRef, reason: 'aborted' } })),
];

/** Only a patient or a proxy who cancels late pays, and only what the booking said. */
function feeDecision({ feePolicy }: Visit, { role }: Actor, at: Instant): { readonly free: boolean; readonly feeCents: number } {
  const late = (role === 'P' || role === 'X') && feePolicy !== undefined && at > feePolicy.freeUntil;
  return late ? { free: feePolicy.feeCents === 0, feeCents: feePolicy.feeCents } : { free: true, feeCents: 0 };
}

const feePolicyOf = (journey: Journey, { contract: { terms } }: Pathway, windowFrom: Instant): FeePolicy => ({
  freeUntil: windowFrom - clock(journey, 'visit.freecancel'),
  feeCents: terms.cancellationFeeCents,
});

/** A window that is moved too late to be cancelled for free is not made free again by the move. */
function feePolicyAfterMove({ feePolicy: before }: Visit, after: FeePolicy, at: Instant): FeePolicy {
  return before && at > before.freeUntil ? { ...after, freeUntil: Math.min(before.freeUntil, after.freeUntil) } : after;
}

/** where capacity cannot meet the limit, the next faster route is offered. */
function outsideLimits(journey: Journey, visitId: string, known: Visit, slot: SlotFact): Decision<JourneyEvent> {
  const { earliest } = slot;
  if (earliest !== undefined && earliest <= latestStart(journey, known)) return refuse('window-outside-limits');
  return tooLate(journey, visitId, known, slot);
}

function tooLate(journey: Journey, visitId: string, known: Visit, { earliest }: SlotFact): Decision<JourneyEvent> {
  const limit = latestStart(journey, known);
  const fasterRoutes = goesToPatient(known) ? ['clinicSite', 'urgentCare'] : ['urgentCare'];
  return accept({
    type: 'VisitRefusedTooLate',
    data: { visitId, limit, fasterRoutes, ...(earliest !== undefined && { earliestSlot: earliest }) },
  });
}
