// What the pharmacy asks the prescriber: a change, a refill.
import { z } from 'zod';
import { afterOpenTime } from '../../kernel/calendar.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { taskUnlessOpen } from '../work/open-tasks.ts';
import { mayRefill } from './controlled-substances.ts';
import { reports } from './events.ts';
import { act, fact, isDoseCritical, onKnown, onPrescribed, refuseAct, rx } from './prescribing.ts';
import { mayBecome } from './standing.ts';

const answer = { decision: z.enum(['approved', 'denied']), reasonCode: Code.optional() };

export const commands = {
  RecordPharmacyChange: { ...fact, data: reports.RecordPharmacyChange },
  AnswerPharmacyChange: { ...act, data: z.strictObject({ ...rx, changeId: Id, ...answer }) },
  RecordRefillRequest: { ...fact, data: reports.RecordRefillRequest },
  AnswerRefill: { ...act, data: z.strictObject({ ...rx, refillId: Id, ...answer }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordPharmacyChange: (journey, { data }, { facts: { pathway }, at }) =>
    onKnown(journey, data.rxId, (known) => {
      if (known.changes[data.changeId]) return already;
      const length = clock(journey, isDoseCritical(journey, pathway, [data.rxId]) ? 'rx.change.critical' : 'rx.change');
      const due = { 'rx.change': afterOpenTime(at, length, pathway.template.operationsCalendar) };
      const inTime = mayBecome(known, 'VerifiedByPharmacy');
      return accept({ type: 'PharmacyChangeRequested', data: { ...data, ...(inTime && { basis: { due } }) } });
    }),

  AnswerPharmacyChange: (journey, { type, data, actor }, { facts: { clinician } }) =>
    onPrescribed(journey, { type, actor, rxId: data.rxId, clinician }, ({ changes }) => {
      const { rxId, changeId, decision, reasonCode } = data;
      const asked = changes[changeId];
      if (!asked) return refuse('entity-unknown');
      if (!asked.open) return refuse('not-allowed-in-state');
      const answered = { rxId, changeId, kind: asked.kind, ...(reasonCode && { reason: reasonCode }) };
      return accept({ type: decision === 'approved' ? 'PharmacyChangeApproved' : 'PharmacyChangeDenied', data: answered });
    }),

  // A refill is often asked for when nobody looks at the journey any more: then it is somebody's work.
  RecordRefillRequest: (journey, { data }, context) =>
    onKnown(journey, data.rxId, ({ refills }) => {
      if (refills[data.refillId]) return already;
      const seen = journey.closing.closed ? taskUnlessOpen(journey, 'callback', data.rxId, context) : [];
      return accept<JourneyEvent>({ type: 'RefillRequested', data }, ...seen);
    }),

  AnswerRefill: (journey, { type, data, actor }, { facts: { clinician }, at }) =>
    onPrescribed(journey, { type, actor, rxId: data.rxId, clinician }, (known) => {
      const { rxId, refillId, decision, reasonCode } = data;
      const asked = known.refills[refillId];
      if (!asked) return refuse('entity-unknown');
      if (asked !== 'requested') return refuse('not-allowed-in-state');
      const answered = { rxId, refillId, ...(reasonCode && { reason: reasonCode }) };
      if (decision === 'denied') return accept({ type: 'RefillDenied', data: answered });
      return mayRefill(known, at) ? accept({ type: 'RefillApproved', data: answered }) : refuseAct('scope-exceeded', { type, actor }, rxId);
    }),
};
