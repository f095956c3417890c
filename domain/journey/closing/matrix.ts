// The matrix of domain reference 5.12: what becomes of all that is open when a journey is to end before its care is done. Each row
// is one function beside its stage's decisions. A provider or a service that cancels gives the stage's own command instead, and
// lost eligibility ends nothing. Results, critical values and emergency cases are nobody's to cancel: they hold the closure up.
import { consultBrokenOff } from '../consult/broken-off.ts';
import { deliveryCalledOff } from '../delivery/called-off.ts';
import type { Cause, Ending } from '../ending.ts';
import type { JourneyEvent } from '../events.ts';
import { windowFalls } from '../follow-up/window.ts';
import { labOrderCalledOff } from '../lab/called-off.ts';
import { prescriptionCalledOff } from '../prescription/called-off.ts';
import type { Journey } from '../state.ts';
import { visitCalledOff } from '../visit/called-off.ts';
import { tasksFall } from '../work/open-tasks.ts';
import type { Child } from './state.ts';

type Row = (journey: Journey, id: string, ending: Ending) => readonly JourneyEvent[];

const rows: Readonly<Record<Child['kind'], Row>> = {
  consult: consultBrokenOff,
  visit: visitCalledOff,
  labOrder: labOrderCalledOff,
  prescription: prescriptionCalledOff,
  delivery: deliveryCalledOff,
};

/** Messaging ends at once for these; after a mere cancellation the closing rule ends it. */
const silencing: readonly Cause[] = ['withdrawn', 'died'];

/** The act that asks for the end and all that follows from it, in the order in which the children were opened. */
export function ends(journey: Journey, act: JourneyEvent, ending: Ending): readonly JourneyEvent[] {
  const falling = journey.intake.acceptedAt === undefined ? tasksFall(journey) : [];
  const children = journey.closing.children.flatMap(({ kind, id }) => rows[kind](journey, id, ending));
  return [...falling, act, ...once(children), ...(silencing.includes(ending.cause) ? windowFalls(journey) : [])];
}

/** A delivery is stopped with the first of the prescriptions that it carries. */
const once = (events: readonly JourneyEvent[]): readonly JourneyEvent[] =>
  events.filter(
    ({ type, data }, i) =>
      type !== 'DeliveryStopRequested' ||
      events.findIndex((other) => other.type === type && other.data.deliveryId === data.deliveryId) === i,
  );
