// From one clinician to another: a hand-over stays with the giver until somebody accepts it.
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import type { ClinicianFact, FactName, Facts } from '../facts.ts';
import { licenceBasis, licenceRefused, licenceVerified } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { held, whileOpen } from './holder.ts';
import { openConsults } from './state.ts';

const consult = { consultId: Id };

export const commands = {
  RequestHandover: { roles: ['C'], data: z.strictObject({ ...consult, to: Id.optional(), reason: Code }) },
  AcceptHandover: { roles: ['C'], facts: ['clinician'], data: z.strictObject(consult) },
  DeclineHandover: { roles: ['C'], data: z.strictObject({ ...consult, reason: Code.optional() }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  // Needs no licence: a warm hand-over is always allowed.
  RequestHandover: ({ consult: { byId } }, { data: { consultId, to, reason }, actor }) =>
    held(byId[consultId], actor.id, () => {
      if (to === actor.id) return refuse('not-allowed-in-state');
      const whom = to ? { to } : { toRole: 'C' as const };
      return accept({ type: 'ConsultHandoverRequested', data: { consultId, from: actor.id, reason, ...whom } });
    }),

  AcceptHandover: ({ consult: { byId }, intake }, { data: { consultId }, actor }, { facts: { clinician }, at }) =>
    whileOpen(byId[consultId], ({ handover, clinicianId: from }) => {
      if (!handover || !from || from === actor.id) return refuse('not-allowed-in-state');
      if (handover.to !== undefined && handover.to !== actor.id) return refuse('not-your-role');
      const state = intake.location?.state ?? '';
      const basis = licenceBasis(clinician, state, at);
      if (!basis) return refuse('licence-not-valid-here', licenceRefused(actor.id, state));
      return accept<JourneyEvent>(licenceVerified(basis), {
        type: 'ConsultHandoverAccepted',
        data: { consultId, from, to: actor.id, groupId: basis.groupId, reason: handover.reason },
      });
    }),

  DeclineHandover: ({ consult: { byId } }, { data: { consultId, reason }, actor }) =>
    whileOpen(byId[consultId], ({ handover }) => {
      if (!handover || handover.from === actor.id) return refuse('not-allowed-in-state');
      if (handover.to !== undefined && handover.to !== actor.id) return refuse('not-your-role');
      const declined = { consultId, from: handover.from, to: actor.id, ...(reason && { reason }) };
      return accept({ type: 'ConsultHandoverDeclined', data: declined });
    }),
};

/** R-20 where the patient has moved: whoever holds a consult may go on, or has to hand it over. */
export const licencesAfterMove = (
  { consult }: Journey,
  state: string,
  { holders, at }: { readonly holders: readonly ClinicianFact[]; readonly at: Instant },
): readonly JourneyEvent[] =>
  openConsults(consult).flatMap(({ consultId, clinicianId: from }): JourneyEvent[] => {
    if (from === undefined) return [];
    const holder = holders.find(({ clinicianId }) => clinicianId === from);
    const basis = holder && licenceBasis(holder, state, at);
    if (basis) return [licenceVerified(basis)];
    return [licenceRefused(from, state), { type: 'ConsultHandoverRequested', data: { consultId, from, toRole: 'C', reason: 'licence' } }];
  });
