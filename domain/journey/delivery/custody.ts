// The item itself: how warm it was on the way, and what a pharmacist decides of one that came back.
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Id, Ref } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts, Pathway } from '../facts.ts';
import { medicineOf } from '../prescription/prescribing.ts';
import { isWanted } from '../prescription/standing.ts';
import type { Journey } from '../state.ts';
import { completed, taskUnlessOpen } from '../work/open-tasks.ts';
import { Celsius } from './events.ts';
import { type Delivery, type DeliveryStatus, statusOf } from './state.ts';

const delivery = { deliveryId: Id, leg: z.int().min(1).max(1_000).optional() };

export const commands = {
  RecordDeliveryTemperature: {
    roles: ['A', 'K'],
    source: 'courier',
    facts: ['pathway'],
    afterClose: true,
    data: z.strictObject({ ...delivery, celsius: Celsius }),
  },
  DecideReturnedItem: {
    roles: ['A', 'K'],
    source: 'pharmacy',
    facts: ['pathway'],
    data: z.strictObject({ ...delivery, decision: z.enum(['quarantined', 'destroyed', 'restocked']), pharmacistRef: Ref.optional() }),
  },
} satisfies CommandSpecs<FactName>;

const decisions = {
  quarantined: { type: 'ReturnedItemQuarantined', state: 'Quarantined' },
  destroyed: { type: 'ReturnedItemDestroyed', state: 'Destroyed' },
  restocked: { type: 'ReturnedItemRestocked', state: 'Restocked' },
} as const;

/** A pharmacist has the item in hand, or it is on its way there. */
const back: readonly DeliveryStatus[] = ['Returning', 'ReturnedToPharmacy', 'Quarantined'];

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordDeliveryTemperature: (journey, { data: { deliveryId, celsius } }, context) => {
    const known = journey.delivery.byId[deliveryId];
    if (!known) return refuse('entity-unknown');
    const limit = limitBroken(journey, known, context.facts.pathway, celsius);
    const logged: JourneyEvent = {
      type: 'DeliveryTemperatureLogged',
      data: { deliveryId, celsius, ...(limit !== undefined && { limit }) },
    };
    if (limit === undefined) return accept(logged);
    const excursion: JourneyEvent = { type: 'DeliveryExcursionDetected', data: { deliveryId, celsius, limit } };
    return accept<JourneyEvent>(logged, excursion, ...taskUnlessOpen(journey, 'pharmacistDecision', deliveryId, context));
  },

  DecideReturnedItem: (journey, { data: { deliveryId, decision, pharmacistRef } }, context) => {
    const known = journey.delivery.byId[deliveryId];
    if (!known) return refuse('entity-unknown');
    if (!pharmacistRef) return refuse('pharmacist-missing');
    const { type, state } = decisions[decision];
    if (statusOf(known) === state) return already;
    if (!back.includes(statusOf(known))) return refuse('not-allowed-in-state');
    const decided: JourneyEvent = { type, data: { deliveryId, pharmacistRef } };
    if (decision === 'quarantined') return accept(decided);
    // it is not sent out again, so the clinician decides how a patient who waits for it goes on.
    const waiting = known.rxIds.filter((rxId) => isWanted(journey.prescription.byId[rxId]));
    return accept<JourneyEvent>(
      decided,
      ...completed(journey, 'pharmacistDecision', decision, deliveryId),
      ...waiting.flatMap((rxId) => taskUnlessOpen(journey, 'callback', rxId, context)),
    );
  },
};

/** The limit of the label, of any of the medicines, that this temperature breaks. */
function limitBroken({ prescription: { byId } }: Journey, { rxIds }: Delivery, pathway: Pathway, celsius: number): number | undefined {
  const limits = rxIds.flatMap((rxId) => {
    const storage = medicineOf(pathway, byId[rxId]?.rxnorm ?? '')?.storage;
    if (!storage || (celsius >= storage.from && celsius <= storage.to)) return [];
    return [celsius < storage.from ? storage.from : storage.to];
  });
  return limits[0];
}
