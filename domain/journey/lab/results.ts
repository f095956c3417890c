// A result on its way to whoever must know it: reviewed, released, told (domain reference 5.5).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { windowAfterResult } from '../follow-up/window.ts';
import type { Journey } from '../state.ts';
import type { Result } from './state.ts';

const result = { resultId: Id, version: z.int().min(1) };
type Version = { readonly resultId: string; readonly version: number };

export const commands = {
  ReviewResult: { roles: ['C'], clinical: true, facts: ['clinician'], data: z.strictObject({ ...result, decision: Code.optional() }) },
  HoldResultRelease: { roles: ['C'], clinical: true, facts: ['clinician'], data: z.strictObject({ ...result, basisRef: Ref.optional() }) },
  ReleaseResult: { roles: ['C'], clinical: true, facts: ['clinician'], data: z.strictObject(result) },
  InformPatientOfResult: { roles: ['C', 'K', 'T'], data: z.strictObject({ ...result, channel: Code }) },
  RecordResultViewed: {
    roles: ['A'],
    source: 'portal',
    afterClose: true,
    data: z.strictObject({ ...result, channel: Code.default('app') }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  ReviewResult: (journey, { data, actor }, { at }) =>
    onNewest(journey, data, ({ reviewedAt, orderId }) => {
      if (reviewedAt !== undefined) return already;
      const reviewed: JourneyEvent = { type: 'ResultReviewed', data: { ...data, clinicianId: actor.id } };
      return accept(reviewed, ...windowAfterResult(journey, orderId, at));
    }),

  // no blanket delay; a hold has a named clinician and a reason of its own, and ends before the patient is told.
  HoldResultRelease: (journey, { data, actor }) =>
    onNewest(journey, data, ({ heldBy, informedAt }) => {
      if (!data.basisRef) return refuse('basis-missing');
      if (heldBy) return already;
      if (informedAt !== undefined) return refuse('not-allowed-in-state');
      const { resultId, basisRef } = data;
      return accept({ type: 'ResultReleaseHeld', data: { resultId, clinicianId: actor.id, basisRef } });
    }),

  ReleaseResult: (journey, { data, actor }) =>
    onNewest(journey, data, ({ heldBy }) =>
      heldBy ? accept({ type: 'ResultReleased', data: { resultId: data.resultId, clinicianId: actor.id } }) : already,
    ),

  InformPatientOfResult: (journey, { data, actor }) =>
    onNewest(journey, data, ({ informedAt, heldBy }) => {
      if (informedAt !== undefined) return already;
      if (heldBy) return refuse('not-allowed-in-state');
      return accept({ type: 'PatientInformedOfResult', data: { ...data, by: actor.id } });
    }),

  // An older version may have been looked at, too.
  RecordResultViewed: ({ lab }, { data }) =>
    lab.results[data.resultId] ? accept({ type: 'PatientViewedResult', data }) : refuse('entity-unknown'),
};

/** An act on a result is an act on its newest version. */
function onNewest(
  { lab }: Journey,
  { resultId, version }: Version,
  act: (known: Result) => Decision<JourneyEvent>,
): Decision<JourneyEvent> {
  const known = lab.results[resultId];
  if (!known) return refuse('entity-unknown');
  return known.version === version ? act(known) : refuse('not-allowed-in-state');
}
