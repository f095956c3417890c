import { declareEmergency } from '../emergency.ts';
import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { booked, isTerminal, slotOf, unbooked, type Visit } from './state.ts';

/** A visit's part in the end of its journey: called off until somebody is with the patient, then ended safely. */
export function visitCalledOff(journey: Journey, visitId: string, ending: Ending): readonly JourneyEvent[] {
  const visit = journey.visit.byId[visitId];
  if (!visit || isTerminal(visit)) return [];
  if (visit.status === 'EnRoute') return turnedBack(visitId, visit, ending);
  if ([...unbooked, ...booked, 'Held'].includes(visit.status)) return cancelled(visitId, visit, ending);
  return ending.cause === 'died' ? diedAtVisit(journey, visitId, visit, ending) : leftInPeace(visitId, visit);
}

function cancelled(visitId: string, visit: Visit, { by, reason, cause, at }: Ending): readonly JourneyEvent[] {
  const released: JourneyEvent[] = visit.slot ? [{ type: 'SlotReleased', data: slotOf(visitId, visit.slot) }] : [];
  const feeCents = cause === 'died' ? 0 : feeAt(visit, at);
  return [{ type: 'VisitCancelled', data: { visitId, by, reason, feeDecision: { free: feeCents === 0, feeCents } } }, ...released];
}

/** Free until the cut-off, that instant included; then what the policy of the booking says. */
const feeAt = ({ feePolicy }: Visit, at: number): number => (feePolicy && at > feePolicy.freeUntil ? feePolicy.feeCents : 0);

/** After a death the visitor is told first. */
function turnedBack(visitId: string, visit: Visit, ending: Ending): readonly JourneyEvent[] {
  const { visitorId } = visit;
  const back: JourneyEvent[] = visitorId ? [{ type: 'VisitorTurnedBack', data: { visitId, visitorId, reason: ending.reason } }] : [];
  const called = cancelled(visitId, visit, ending);
  return ending.cause === 'died' ? [...back, ...called] : [...called, ...back];
}

/** What is left undone is skipped; the visitor leaves, and the lone-worker timer runs until then. */
function leftInPeace(visitId: string, { status, openTasks }: Visit): readonly JourneyEvent[] {
  if (status === 'InProgress' && openTasks.length === 0) return [{ type: 'VisitEnded', data: { visitId, openTasks: [] } }];
  return [{ type: 'VisitAborted', data: { visitId, reason: 'patientWithdrew' } }, ...skipped(visitId, openTasks, 'patientWithdrew')];
}

/** A death in the presence of a visitor is an emergency case; the visitor stays until it is handed off. */
function diedAtVisit(journey: Journey, visitId: string, { openTasks }: Visit, { at, newId }: Ending): readonly JourneyEvent[] {
  const declared = journey.emergency.open ? [] : [declareEmergency(journey, { caseId: newId('emergency'), trigger: 'death-at-visit', at })];
  return [...declared, { type: 'VisitAborted', data: { visitId, reason: 'emergency' } }, ...skipped(visitId, openTasks, 'emergency')];
}

const skipped = (visitId: string, openTasks: readonly string[], reason: string): readonly JourneyEvent[] =>
  openTasks.map((taskRef) => ({ type: 'VisitTaskSkipped', data: { visitId, taskRef, reason } }));
