import { declareEmergency } from '../emergency/decide.ts';
import { isDeathKnown } from '../emergency/state.ts';
import type { Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { visitAborted, visitCancelled } from './booking.ts';
import { atThePlace, isTerminal, type Visit } from './visit.ts';

/** A visit's part in the end of its journey: called off until somebody is with the patient, then ended safely. */
export function visitCalledOff(journey: Journey, visitId: string, ending: Ending): readonly JourneyEvent[] {
  const visit = journey.visit.byId[visitId];
  if (!visit || isTerminal(visit)) return [];
  if (!atThePlace.includes(visit.status)) return calledOff(visitId, visit, ending);
  return ending.cause === 'died' ? diedAtVisit(journey, visitId, visit, ending) : leftInPeace(visitId, visit, ending);
}

/** After a death the visitor is told first. */
function calledOff(visitId: string, visit: Visit, ending: Ending): readonly JourneyEvent[] {
  const events = visitCancelled(visitId, visit, ending);
  if (ending.cause !== 'died') return events;
  const told = events.filter(({ type }) => type === 'VisitorTurnedBack');
  return [...told, ...events.filter((event) => !told.includes(event))];
}

/** A visit whose work is done has ended; else what is left undone is skipped. The visitor leaves, and the lone-worker timer runs until then. */
function leftInPeace(visitId: string, visit: Visit, ending: Ending): readonly JourneyEvent[] {
  const done = visit.status === 'InProgress' && visit.openTasks.length === 0;
  return done ? [{ type: 'VisitEnded', data: { visitId, openTasks: [] } }] : visitCancelled(visitId, visit, ending);
}

/**
 * A death in the presence of a visitor is an emergency case; the visitor stays until it is handed off. A death that a case has ended with
 * had its case: nobody is called out for the dead again.
 */
function diedAtVisit(journey: Journey, visitId: string, { openTasks }: Visit, { at, newId }: Ending): readonly JourneyEvent[] {
  const hadCase = journey.emergency.open !== undefined || isDeathKnown(journey.emergency);
  const declared = hadCase ? [] : [declareEmergency(journey, { caseId: newId('emergency'), trigger: 'death-at-visit', at })];
  return [...declared, ...visitAborted(visitId, openTasks, 'emergency')];
}
