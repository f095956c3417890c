import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import type { TaskKind } from '../../templates/template.ts';
import { clock, schedule } from '../clocks.ts';
import type { Obligation } from '../obligation.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { isBeforeFill, isFilled, isLive, isTerminal, isUnsigned, type Prescription } from './standing.ts';
import { openIds } from './state.ts';

export function plan(journey: Journey): StagePlan {
  const prescriptions = Object.entries(journey.prescription.byId);
  return {
    deadlines: prescriptions.flatMap(([rxId, rx]) => [
      ...sendingLate(journey, rxId, rx),
      ...pharmacyLate(journey, rxId, rx),
      ...answerLate(rxId, rx),
      ...pickupLate(journey, rxId, rx),
    ]),
    effects: prescriptions.flatMap(([rxId, rx]) => [
      ...safetyCheck(rxId, rx),
      ...send(journey, rxId, rx),
      ...query(journey, rxId, rx),
      ...cancel(rxId, rx),
      ...reminders(journey, rxId, rx),
    ]),
  };
}

/** A breach that is somebody's work at once: a call to the pharmacy, another choice, another prescriber. */
const handOver =
  (kind: TaskKind): Elapse[string] =>
  (journey, { name, entityId, dueAt }, context) => [
    { type: 'SlaBreached', data: { clock: name, entityId, dueAt } },
    ...taskUnlessOpen(journey, kind, entityId, context),
  ];

/** What each of the stage's deadlines leads to; an unclaimed pick-up is a breach and the pharmacy's to take back. */
export const elapse: Elapse = {
  'rx.send': handOver('pharmacyCall'),
  'rx.reconcile': handOver('pharmacyCall'),
  'rx.verify': handOver('pharmacyCall'),
  'rx.cancel': handOver('pharmacyCall'),
  'rx.accept': handOver('pharmacyChoice'),
  'rx.change': handOver('callback'),
};

/** What forbids closure: a prescription that has not found its end (4). */
export const obligations = ({ prescription }: Journey): readonly Obligation[] =>
  openIds(prescription).map((entityId) => ({ item: 4, entityId }));

function sendingLate(journey: Journey, rxId: string, { status, sending }: Prescription): readonly Deadline[] {
  const { failedAt, unconfirmedAt } = sending;
  const underWay = status === 'Signed' || status === 'SendUnconfirmed';
  const failed =
    underWay && failedAt !== undefined ? [{ name: 'rx.send', entityId: rxId, dueAt: failedAt + clock(journey, 'rx.send') }] : [];
  if (status !== 'SendUnconfirmed' || unconfirmedAt === undefined || isCalled(journey, rxId, unconfirmedAt)) return failed;
  return [...failed, { name: 'rx.reconcile', entityId: rxId, dueAt: unconfirmedAt + clock(journey, 'rx.reconcile') }];
}

/** The call task of this uncertainty stops its clock. */
const isCalled = ({ work }: Journey, rxId: string, since: number): boolean =>
  Object.values(work.tasks).some(({ kind, cites, openedAt }) => kind === 'pharmacyCall' && cites.includes(rxId) && openedAt >= since);

/** The pharmacy's clocks, which the wish to cancel ends: then that one runs. */
function pharmacyLate(journey: Journey, rxId: string, rx: Prescription): readonly Deadline[] {
  const { reached, cancelling, acceptedAt, acceptDueAt } = rx;
  if (cancelling && cancelling.status !== 'denied') {
    if (isTerminal(rx) || cancelling.dueAt === undefined) return [];
    return [{ name: 'rx.cancel', entityId: rxId, dueAt: cancelling.dueAt }];
  }
  if (reached === 'AcceptedByNetwork' && acceptedAt !== undefined)
    return [{ name: 'rx.verify', entityId: rxId, dueAt: acceptedAt + clock(journey, 'rx.verify') }];
  return isBeforeFill(rx) && acceptDueAt !== undefined ? [{ name: 'rx.accept', entityId: rxId, dueAt: acceptDueAt }] : [];
}

function answerLate(rxId: string, rx: Prescription): readonly Deadline[] {
  if (isFilled(rx) || isTerminal(rx)) return [];
  return Object.values(rx.changes).flatMap(({ open, dueAt }) =>
    open && dueAt !== undefined ? [{ name: 'rx.change', entityId: rxId, dueAt }] : [],
  );
}

const waitsForPickup = ({ status, returned }: Prescription): boolean => status === 'ReadyForPickup' && !returned;

function pickupLate(journey: Journey, rxId: string, rx: Prescription): readonly Deadline[] {
  if (!waitsForPickup(rx) || rx.readyAt === undefined) return [];
  return [{ name: 'rx.pickup', entityId: rxId, dueAt: rx.readyAt + clock(journey, 'rx.pickup') }];
}

function reminders(journey: Journey, rxId: string, rx: Prescription): readonly Effect[] {
  const { readyAt } = rx;
  if (!waitsForPickup(rx) || readyAt === undefined) return [];
  return schedule(journey, 'rx.pickup').flatMap((offset, i) => {
    const noticeId = `${rxId}.pickup-${i + 1}`;
    if (journey.work.answered[noticeId]) return [];
    return [{ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId, notBefore: readyAt + offset }];
  });
}

function safetyCheck(rxId: string, rx: Prescription): readonly Effect[] {
  const { check } = rx;
  if (check?.status !== 'running' || !isUnsigned(rx)) return [];
  return [{ id: `rx-check.${check.checkId}`, attempt: 1, kind: 'check-rx-safety', entityId: rxId }];
}

/** One attempt, then one for each offset of the schedule after the first certain failure; never once somebody wanted it cancelled. */
function send(journey: Journey, rxId: string, { status, sending, cancelling }: Prescription): readonly Effect[] {
  const { attempts, failures, failedAt, refused } = sending;
  if (status !== 'Signed' || refused || cancelling) return [];
  const effect = { id: `rx-send.${rxId}`, attempt: attempts + 1, kind: 'send-prescription', entityId: rxId };
  if (failedAt === undefined) return [effect];
  const offset = schedule(journey, 'rx.send')[failures - 1];
  return offset === undefined ? [] : [{ ...effect, notBefore: failedAt + offset }];
}

/** what may have been done is asked about, never done again. */
function query(journey: Journey, rxId: string, { status, sending }: Prescription): readonly Effect[] {
  const { queries, unknowns, unconfirmedAt } = sending;
  const offset = schedule(journey, 'rx.reconcile')[unknowns];
  if (status !== 'SendUnconfirmed' || unconfirmedAt === undefined || offset === undefined) return [];
  return [{ id: `rx-query.${rxId}`, attempt: queries + 1, kind: 'query-prescription', entityId: rxId, notBefore: unconfirmedAt + offset }];
}

/**
 * The wish goes to the pharmacy until it answers; an unknown answer is waited for, or a person calls. A patient who chose
 * another pharmacy has the first one cancelled.
 */
function cancel(rxId: string, rx: Prescription): readonly Effect[] {
  const { cancelling, rerouteTo } = rx;
  if (!isLive(rx)) return [];
  if (cancelling?.status === 'requested')
    return [{ id: `rx-cancel.${rxId}.${cancelling.n}`, attempt: 1, kind: 'cancel-prescription', entityId: rxId }];
  const freed = rerouteTo !== undefined && !cancelling && !isFilled(rx);
  return freed ? [{ id: `rx-reroute.${rxId}`, attempt: 1, kind: 'cancel-for-reroute', entityId: rxId }] : [];
}
