// Whose work it is when a courier's word is no good news: nobody who waits for a medicine is lost.
import type { Context } from '../../kernel/command.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { Facts } from '../facts.ts';
import { inHandAfterAll } from '../prescription/dispensing.ts';
import { isDoseCritical } from '../prescription/prescribing.ts';
import { isWanted } from '../prescription/standing.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { type Delivery, moves, proofOf, recipientChecked, statusOf } from './state.ts';

interface Heard {
  readonly deliveryId: string;
  readonly delivery: Delivery;
  readonly event: JourneyEvent;
}
type Work = (journey: Journey, heard: Heard, context: Context<Pick<Facts, 'pathway'>>) => readonly JourneyEvent[];

/** Tasks that a courier's word opens. What comes too late to move the delivery opens none. */
export const followsFrom: Work = (journey, heard, context) => {
  const { delivery, event } = heard;
  if (statusOf(delivery) === 'Delivered') return [];
  switch (event.type) {
    case 'DeliveryAttempted':
      return event.data.n >= clock(journey, 'delivery.attempts') ? problem(journey, heard, context) : [];
    case 'DeliveryCompleted':
      // a hand-over without its recipient check is looked into.
      if (!recipientChecked(delivery.handling, proofOf(event.data))) return problem(journey, heard, context);
      return inHandAfterAll(journey, delivery.rxIds, context);
    case 'DeliveryLost':
    case 'DeliveryRefused':
    case 'DeliveryCancelled':
      return moves(delivery, event) ? stranded(journey, heard, context) : [];
    case 'DeliveryReturned':
      if (!moves(delivery, event)) return [];
      return [...taskUnlessOpen(journey, 'pharmacistDecision', heard.deliveryId, context), ...toldIfCritical(journey, heard, context)];
    default:
      return [];
  }
};

/** A dispatcher finds another way, unless the courier only did what we asked for. */
const stranded: Work = (journey, heard, context) => {
  const { delivery, event } = heard;
  const asWished = delivery.legs[delivery.leg]?.stopped === true && event.type !== 'DeliveryLost';
  return asWished ? [] : [...problem(journey, heard, context), ...toldIfCritical(journey, heard, context)];
};

const problem: Work = (journey, { deliveryId }, context) => taskUnlessOpen(journey, 'deliveryProblem', deliveryId, context);

/** Therapy that a delay endangers is the clinician's matter. */
const toldIfCritical: Work = (journey, { delivery }, context) => {
  const [rxId] = delivery.rxIds;
  const critical =
    delivery.rxIds.some((id) => isWanted(journey.prescription.byId[id])) && isDoseCritical(journey, context.facts.pathway, delivery.rxIds);
  return critical && rxId !== undefined ? taskUnlessOpen(journey, 'callback', rxId, context) : [];
};
