// The safety check, its alerts and their overrides.
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { reports } from './events.ts';
import { act, fact, onKnown, onUnsigned, rx } from './prescribing.ts';
import { needsSecond } from './safety-check.ts';
import { isUnsigned } from './standing.ts';

const reason = { reasonCode: Code.optional() };

export const commands = {
  RequestRxSafetyCheck: { ...act, data: z.strictObject(rx) },
  RecordRxSafetyCheck: { ...fact, source: 'safety', data: reports.RecordRxSafetyCheck },
  OverrideRxSafetyAlert: { ...act, data: z.strictObject({ ...rx, alertId: Id, ...reason }) },
  OverrideMissingRxCheck: { ...act, data: z.strictObject({ ...rx, ...reason }) },
  ApproveRxOverride: { ...act, data: z.strictObject({ ...rx, alertId: Id, ...reason }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RequestRxSafetyCheck: (journey, { data: { rxId } }, { newId }) =>
    onKnown(journey, rxId, (known) => {
      if (!isUnsigned(known)) return refuse('not-allowed-in-state');
      if (known.check?.status === 'running') return already;
      return accept({ type: 'RxSafetyCheckRequested', data: { rxId, checkId: newId('check') } });
    }),

  RecordRxSafetyCheck: (journey, { data: { rxId, checkId, outcome, databaseVersion, reason: why, alerts } }, { newId }) =>
    onKnown(journey, rxId, ({ checkIds }) => {
      if (!checkIds.includes(checkId)) return refuse('entity-unknown');
      const data = { rxId, checkId, ...(databaseVersion && { databaseVersion }), ...(why && { reason: why }) };
      if (outcome === 'passed') return accept({ type: 'RxSafetyCheckPassed', data });
      if (outcome === 'not-completed') return accept({ type: 'RxSafetyCheckNotCompleted', data });
      return accept(
        ...alerts.map(
          (alert, i): JourneyEvent => ({
            type: 'RxSafetyAlertRaised',
            data: { rxId, checkId, alertId: newId(`alert.${i + 1}`), ...alert },
          }),
        ),
      );
    }),

  OverrideRxSafetyAlert: (journey, { type, data: { rxId, alertId, reasonCode }, actor }, { facts: { clinician } }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, ({ alerts }) => {
      const alert = alerts[alertId];
      if (!alert) return refuse('entity-unknown');
      if (alert.overriddenBy) return already;
      const { severity, kind } = alert;
      if (!reasonCode && (severity === 'high' || needsSecond(alert))) return refuse('reason-missing');
      const data = { rxId, alertId, severity, kind, clinicianId: actor.id, ...(reasonCode && { reasonCode }) };
      return accept({ type: 'RxSafetyAlertOverridden', data });
    }),

  OverrideMissingRxCheck: (journey, { type, data: { rxId, reasonCode }, actor }, { facts: { clinician } }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, ({ check }) => {
      if (check?.status === 'overridden') return already;
      if (check?.status === 'completed') return refuse('not-allowed-in-state');
      if (!reasonCode) return refuse('reason-missing');
      return accept({ type: 'RxSafetyCheckOverridden', data: { rxId, reasonCode, clinicianId: actor.id } });
    }),

  ApproveRxOverride: (journey, { type, data: { rxId, alertId, reasonCode }, actor }, { facts: { clinician } }) =>
    onUnsigned(journey, { type, actor, rxId, clinician }, ({ alerts }) => {
      const alert = alerts[alertId];
      if (!alert) return refuse('entity-unknown');
      if (!alert.overriddenBy) return refuse('not-allowed-in-state');
      if (alert.approvedBy) return already;
      if (alert.overriddenBy === actor.id) return refuse('same-person');
      if (!reasonCode) return refuse('reason-missing');
      return accept({ type: 'RxOverrideApproved', data: { rxId, alertId, reasonCode, clinicianId: actor.id } });
    }),
};
