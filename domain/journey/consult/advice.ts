// Advice of a clinician, in any stage of the journey (domain reference 5.2).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { licenceBasis } from '../licence-gate.ts';
import type { Journey } from '../state.ts';

export const commands = {
  // The licence gate of `clinical` would stop emergency advice, which is always allowed.
  GiveAdvice: {
    roles: ['C'],
    facts: ['clinician'],
    data: z.strictObject({ kind: Code, textRef: Ref, citesResults: z.array(Id).max(20).default([]) }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  GiveAdvice: ({ intake, lab }, { type, data, actor }, { facts: { clinician }, at, newId }) => {
    const licence = licenceBasis(clinician, intake.location?.state ?? '', at);
    if (!licence && data.kind !== 'emergency')
      return refuse<JourneyEvent>('licence-not-valid-here', {
        type: 'ClinicalActRefused',
        data: { commandType: type, entityId: 'journey', clinicianId: actor.id, reason: 'licence-not-valid-here' },
      });
    if (!data.citesResults.every((resultId) => lab.results[resultId])) return refuse('entity-unknown');
    return accept({
      type: 'ClinicalAdviceGiven',
      data: { adviceId: newId('advice'), ...data, ...(licence && { licenceBasis: licence }) },
    });
  },
};
