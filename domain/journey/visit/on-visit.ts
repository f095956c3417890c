// Who may act on a visit, and in which of its states.
import type { Command } from '../../kernel/command.ts';
import { type Decision, refuse } from '../../kernel/decision.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { JourneyEvent } from '../events.ts';
import type { Journey } from '../state.ts';
import { goesToPatient, type LoneWorkerTimer, type Visit, type VisitStatus } from './visit.ts';

export type OnVisit = Command<string, { readonly visitId: string }>;

/** A visitor acts only on visits that are assigned to them; at a site, whoever works there does. */
export function onVisit(
  { visit: { byId } }: Journey,
  { data, actor }: OnVisit,
  allowed: readonly VisitStatus[] | 'any',
  act: (visit: Visit) => Decision<JourneyEvent>,
): Decision<JourneyEvent> {
  const known = byId[data.visitId];
  if (!known) return refuse('entity-unknown');
  if (actor.role === 'V' && goesToPatient(known) && known.visitorId !== actor.id) return refuse('not-your-role');
  return allowed === 'any' || allowed.includes(known.status) ? act(known) : refuse('not-allowed-in-state');
}

/** What a visitor does while in the home, which outlasts the visit. */
export const inHome = (
  journey: Journey,
  command: OnVisit,
  act: (visit: Visit, timer: LoneWorkerTimer) => Decision<JourneyEvent>,
): Decision<JourneyEvent> =>
  onVisit(journey, command, 'any', (known) => (known.timer ? act(known, known.timer) : refuse('not-allowed-in-state')));

/** Refuses an act of care for a licence or a scope, which is recorded. */
export const refuseAct = ({ type, data: { visitId }, actor }: OnVisit, reason: RefusalCode): Decision<JourneyEvent> =>
  refuse(reason, { type: 'ClinicalActRefused', data: { commandType: type, entityId: visitId, clinicianId: actor.id, reason } });
