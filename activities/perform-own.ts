// Effects that call nobody: the system's own next step.

import type { Visit } from '../domain/journey/visit/state.ts';
import { isoOf } from '../domain/kernel/calendar.ts';
import { journeyStream } from '../domain/kernel/stream.ts';
import { areaOf, capacityOf } from '../domain/reference/capacity.ts';
import { chooseVisitor } from './dispatch-rule.ts';
import type { Performer } from './perform.ts';
import { attemptKey, once } from './perform-once.ts';

/** The decision reads from the roster which of the two it is. */
export const verifyProxy: Performer = async ({ effect }) => ({ type: 'VerifyProxy', data: { proxyId: effect.entityId, kind: 'parent' } });

export const sendCheckIn: Performer = async ({ effect }) => ({ type: 'SendCheckIn', data: { n: Number(effect.entityId) } });

/** A patient who chose another pharmacy does not want the first one to go on (R-16). */
export const cancelForReroute: Performer = async ({ effect }) => ({
  type: 'CancelPrescription',
  data: { rxId: effect.entityId, reason: 'reroute' },
});

export const requestNextLeg: Performer = async ({ effect }) => ({ type: 'RequestDelivery', data: { deliveryId: effect.entityId } });

/** Nobody is on shift; the refusal of this name says so on the journey. */
const nobody = 'nobody';

export const assignVisitor: Performer = async ({ journey, effect, parts }) => {
  const visitId = effect.entityId;
  const visit = journey.visit.byId[visitId];
  if (!visit?.slot || visit.visitorId) return null;
  const onShift = await parts.visitorsOnShift(areaOf(capacityOf(visit.slot.slotId)));
  return { type: 'AssignVisitor', data: { visitId, visitorId: chooseVisitor(journey, visit, onShift) ?? nobody } };
};

/** The ledger keeps the reference, so that a repeat shares the text that is there already. */
export const shareSummary: Performer = async ({ journeyId, journey, effect, parts }) => {
  const visitId = effect.entityId;
  const visit = journey.visit.byId[visitId];
  const patientId = journey.intake.request?.patientId;
  if (!visit || !patientId || visit.summaryRef) return null;
  const kept = await once(parts, attemptKey(journeyId, effect), effect.attempt, {
    send: async () => ({ outcome: 'succeeded', answer: await parts.vault.put(patientId, journeyStream(journeyId), summaryOf(visit)) }),
    state: (called) =>
      called.outcome === 'succeeded' ? { type: 'ShareVisitSummary', data: { visitId, summaryRef: called.answer } } : null,
  });
  return kept && { type: kept.type, data: kept.data };
};

/** A receipt names patient, date, service, amount and provider, so that a health account can pay back (domain reference 5.1). */
export const issueReceipt: Performer = async ({ journeyId, journey, effect, parts }) => {
  const chargeId = effect.entityId;
  const charge = journey.money.charges[chargeId];
  const copay = journey.money.copays[chargeId];
  const patientId = journey.intake.request?.patientId;
  if (!charge || copay?.status !== 'charged' || !patientId) return null;
  const kept = await once(parts, attemptKey(journeyId, effect), effect.attempt, {
    send: async () => {
      const patient = (await parts.people.person(patientId))?.name ?? patientId;
      const provider = charge.clinicianId ?? journey.intake.price?.groupId ?? '';
      const text = receiptOf({ patient, provider, cents: copay.cents, code: charge.code, on: isoOf(charge.at) });
      return { outcome: 'succeeded', answer: await parts.vault.put(patientId, journeyStream(journeyId), text) };
    },
    state: (called) => (called.outcome === 'succeeded' ? { type: 'IssueReceipt', data: { chargeId, receiptRef: called.answer } } : null),
  });
  return kept && { type: kept.type, data: kept.data };
};

interface Receipt {
  readonly patient: string;
  readonly provider: string;
  readonly cents: number;
  readonly code: string;
  readonly on: string;
}

const receiptOf = ({ patient, provider, cents, code, on }: Receipt): string =>
  [`Patient: ${patient}`, `Date: ${on}`, `Service: ${code}`, `Amount paid: $${(cents / 100).toFixed(2)}`, `Provider: ${provider}`].join(
    '\n',
  );

function summaryOf({ place, tasks, openTasks, endedAt }: Visit): string {
  const done = tasks.filter(({ taskRef }) => !openTasks.includes(taskRef)).map(({ kind }) => kind);
  const left = tasks.filter(({ taskRef }) => openTasks.includes(taskRef)).map(({ kind }) => kind);
  return [
    `Visit (${place})${endedAt === undefined ? '' : `, ended ${isoOf(endedAt)}`}.`,
    ...(done.length > 0 ? [`Done: ${done.join(', ')}.`] : []),
    ...(left.length > 0 ? [`Still to do: ${left.join(', ')}.`] : []),
  ].join('\n');
}
