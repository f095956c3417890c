import { nextRound } from '../../kernel/calendar.ts';
import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { latestStart } from '../claims.ts';
import { clock, schedule } from '../clocks.ts';
import type { Obligation } from '../obligation.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { elapse as elapseInTheHome, loneWorker } from './lone-worker.ts';
import { atThePlace, booked, goesToPatient, isTerminal, slotOf, unbooked, type Visit } from './visit.ts';

export function plan(journey: Journey): StagePlan {
  const visits = Object.entries(journey.visit.byId).map(([visitId, visit]): Known => ({ ...visit, visitId }));
  const open = visits.filter((visit) => !isTerminal(visit));
  return {
    deadlines: [
      ...open.flatMap((visit) => [...lead(journey, visit), ...untilArrival(journey, visit)]),
      ...visits.flatMap((visit) => loneWorker(journey, visit.visitId, visit)),
    ],
    effects: [
      ...open.flatMap((visit) => [...dispatch(journey, visit), ...reminders(journey, visit)]),
      ...visits.flatMap((visit) => summary(journey, visit)),
    ],
  };
}

type Known = Visit & { readonly visitId: string };

/** What each of the stage's deadlines leads to. */
export const elapse: Elapse = {
  'slot.hold': ({ visit: { byId } }, { entityId: visitId, dueAt: expiresAt }) => {
    const slot = byId[visitId]?.slot;
    return slot ? [{ type: 'SlotHoldExpired', data: { ...slotOf(visitId, slot), expiresAt } }] : [];
  },
  'visit.unconfirmed': (_journey, { entityId: visitId }) => [{ type: 'VisitConfirmationMissed', data: { visitId } }],
  'visit.late': ({ visit: { byId } }, { entityId: visitId }) => {
    const visitorId = byId[visitId]?.visitorId;
    return [{ type: 'VisitorDelayed', data: { visitId, reason: 'window-ended', ...(visitorId && { visitorId }) } }];
  },
  ...elapseInTheHome,
};

/** A visit that is not over, and a visitor in a home, forbid closure. */
export const obligations = ({ visit: { byId } }: Journey): readonly Obligation[] =>
  Object.entries(byId).flatMap(([entityId, visit]) => [
    ...(isTerminal(visit) ? [] : [{ item: 1, entityId }]),
    ...(visit.timer ? [{ item: 5, entityId }] : []),
  ]);

/** Due instants that lie after the instant at which their clock starts; the others are skipped. */
const dueAfter = (start: number, name: string, { visitId: entityId }: Known, dueAt: number): readonly Deadline[] =>
  dueAt > start ? [{ name, entityId, dueAt }] : [];

/** Care that was ordered is to begin in time; a window that begins by then has met it. */
function lead(journey: Journey, visit: Known): readonly Deadline[] {
  const { requestedAt, notBefore, slot, status } = visit;
  const dueAt = Math.max(requestedAt, notBefore) + clock(journey, 'visit.lead');
  const isPromised = slot !== undefined && slot.holdExpiresAt === undefined && slot.window.from <= dueAt;
  return isPromised || atThePlace.includes(status) ? [] : [{ name: 'visit.lead', entityId: visit.visitId, dueAt }];
}

function untilArrival(journey: Journey, visit: Known): readonly Deadline[] {
  const { status, slot, requestedAt, scheduledAt } = visit;
  const book = Math.min(requestedAt + clock(journey, 'visit.book'), latestStart(journey, visit));
  if (unbooked.includes(status)) return dueAfter(requestedAt, 'visit.book', visit, book);
  if (!slot) return [];
  if (slot.holdExpiresAt !== undefined) {
    return [...dueAfter(requestedAt, 'visit.book', visit, book), { name: 'slot.hold', entityId: visit.visitId, dueAt: slot.holdExpiresAt }];
  }
  if (scheduledAt === undefined || !(booked.includes(status) || status === 'EnRoute')) return [];
  const asked = goesToPatient(visit) && !visit.confirmed && !visit.confirmationMissed;
  return [
    ...(asked ? dueAfter(scheduledAt, 'visit.unconfirmed', visit, slot.window.from - clock(journey, 'visit.unconfirmed')) : []),
    ...(visit.late ? [] : dueAfter(scheduledAt, 'visit.late', visit, slot.window.to)),
  ];
}

/** The rule looks for a visitor in rounds. A round that led to nothing is never the next one too. */
function dispatch(journey: Journey, visit: Known): readonly Effect[] {
  const { visitId, status, visitorId, scheduledAt } = visit;
  const { failures, lastAt } = visit.dispatch;
  if (!goesToPatient(visit) || !booked.includes(status) || visitorId || scheduledAt === undefined) return [];
  const notBefore = nextRound((lastAt ?? scheduledAt) + 1, clock(journey, 'dispatch.round'));
  return [{ id: `assign.${visitId}`, attempt: failures + 1, kind: 'assign-visitor', entityId: visitId, notBefore }];
}

function reminders(journey: Journey, visit: Known): readonly Effect[] {
  const { visitId, status, slot, scheduledAt, confirmed } = visit;
  if (!goesToPatient(visit) || !booked.includes(status) || confirmed || !slot || scheduledAt === undefined) return [];
  return schedule(journey, 'visit.reminder').flatMap((offset, i) => {
    const noticeId = `${visitId}.reminder-${i + 1}`;
    const notBefore = slot.window.from - offset;
    if (notBefore <= scheduledAt || journey.work.answered[noticeId]) return [];
    return [{ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId, notBefore }];
  });
}

function summary(journey: Journey, visit: Known): readonly Effect[] {
  const { visitId, endedAt, leftAt, summaryRef } = visit;
  const from = goesToPatient(visit) ? leftAt : endedAt;
  if (endedAt === undefined || from === undefined || summaryRef) return [];
  const notBefore = from + clock(journey, 'visit.summary');
  return [{ id: `summary.${visitId}`, attempt: 1, kind: 'share-summary', entityId: visitId, notBefore }];
}
