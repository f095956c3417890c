import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { clock, schedule } from '../clocks.ts';
import type { Obligation } from '../obligation.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { beneath, isBeforeFill, openIds, type Prescription } from './state.ts';

export function plan(journey: Journey): StagePlan {
  const prescriptions = Object.entries(journey.prescription.byId);
  return {
    deadlines: prescriptions.flatMap(([rxId, rx]) => [...sendingLate(journey, rxId, rx), ...pharmacyLate(journey, rxId, rx)]),
    effects: prescriptions.flatMap(([rxId, rx]) => [...safetyCheck(rxId, rx), ...send(journey, rxId, rx), ...query(journey, rxId, rx)]),
  };
}

/** Nobody knows whether the network has it, or it surely has not: a person calls the pharmacy. */
const callPharmacy: Elapse[string] = (journey, { name, entityId, dueAt }, context) => [
  { type: 'SlaBreached', data: { clock: name, entityId, dueAt } },
  ...taskUnlessOpen(journey, 'pharmacyCall', entityId, context),
];

/** What each of the stage's deadlines leads to. */
export const elapse: Elapse = { 'rx.send': callPharmacy, 'rx.reconcile': callPharmacy };

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

function pharmacyLate(journey: Journey, rxId: string, rx: Prescription): readonly Deadline[] {
  const { acceptedAt, acceptDueAt } = rx;
  if (beneath(rx) === 'AcceptedByNetwork' && acceptedAt !== undefined)
    return [{ name: 'rx.verify', entityId: rxId, dueAt: acceptedAt + clock(journey, 'rx.verify') }];
  return isBeforeFill(rx) && acceptDueAt !== undefined ? [{ name: 'rx.accept', entityId: rxId, dueAt: acceptDueAt }] : [];
}

function safetyCheck(rxId: string, { check }: Prescription): readonly Effect[] {
  if (check?.status !== 'running') return [];
  return [{ id: `rx-check.${check.checkId}`, attempt: 1, kind: 'check-rx-safety', entityId: rxId }];
}

/** One attempt, then one for each offset of the schedule after the first certain failure. */
function send(journey: Journey, rxId: string, { status, sending }: Prescription): readonly Effect[] {
  const { attempts, failures, failedAt, refused } = sending;
  if (status !== 'Signed' || refused) return [];
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
