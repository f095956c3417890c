// What became of the sending, and of the questions about it.
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept } from '../../kernel/decision.ts';
import { schedule } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { completed, taskUnlessOpen } from '../work/open-tasks.ts';
import { reports, transmissionOutcomes } from './events.ts';
import { fact, onKnown } from './prescribing.ts';

export const commands = {
  RecordRxTransmission: { ...fact, data: reports.RecordRxTransmission },
  RecordRxReconciliation: { ...fact, roles: ['A', 'K'], data: reports.RecordRxReconciliation },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordRxTransmission: (journey, { data: { outcome, ...sent } }) =>
    onKnown(journey, sent.rxId, () =>
      accept({ type: transmissionOutcomes[outcome], data: { ...sent, ...(outcome === 'refused' && { outcome }) } }),
    ),

  RecordRxReconciliation: (journey, { data, actor }, context) =>
    onKnown(journey, data.rxId, ({ status, sending }) => {
      const byQuery = actor.role === 'A';
      const attempt = data.attempt ?? Math.max(1, sending.queries + (byQuery ? 1 : 0));
      const by = data.by ?? (byQuery ? undefined : actor.id);
      const reconciled: JourneyEvent = { type: 'PrescriptionReconciled', data: { ...data, attempt, ...(by && { by }) } };
      const fresh = byQuery && status === 'SendUnconfirmed' && attempt > sending.queries;
      const last = fresh && data.outcome === 'unknown' && sending.unknowns + 1 >= schedule(journey, 'rx.reconcile').length;
      const asked = last ? taskUnlessOpen(journey, 'pharmacyCall', data.rxId, context) : [];
      const told = byQuery || data.outcome === 'unknown' ? [] : completed(journey, 'pharmacyCall', data.outcome, data.rxId);
      return accept<JourneyEvent>(reconciled, ...asked, ...told);
    }),
};
