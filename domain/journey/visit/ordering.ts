// From the wish for a visit to a place that may be visited.
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import { homeSafety, homeSafetyItems, homeSafetyVersion } from '../../templates/home-safety.ts';
import { latestStart } from '../claims.ts';
import type { JourneyEvent } from '../events.ts';
import type { AreaFact, FactName, Facts, HomeSafetyFact } from '../facts.ts';
import type { Journey } from '../state.ts';
import { superState } from '../super-state.ts';
import { ordered } from './events.ts';
import { onVisit } from './on-visit.ts';
import { goesToPatient, isTerminal, slotOf, unbooked, type Visit } from './visit.ts';

/** What an order for a visit carries. */
export const VisitOrder = z.strictObject(ordered);
type VisitOrder = z.output<typeof VisitOrder>;

const visit = { visitId: Id };

export const commands = {
  RequestVisit: { roles: ['C', 'K', 'P', 'X', 'T'], facts: ['area', 'homeSafety'], data: VisitOrder },
  ChooseAlternative: { roles: ['P', 'X', 'K'], facts: ['area'], data: z.strictObject({ ...visit, alternative: Code }) },
  ScreenHomeSafety: { roles: ['P', 'X', 'K'], data: z.strictObject({ ...visit, answers: z.record(z.enum(homeSafetyItems), z.boolean()) }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RequestVisit: (journey, { data, actor }, { facts, newId }) => {
    const reason = whyNotRequested(journey, data, facts.homeSafety) ?? (actor.role === 'C' ? undefined : whyNotYet(journey));
    return reason ? refuse(reason) : accept(...visitRequested(journey, data, { visitId: newId('visit'), area: facts.area }));
  },

  ChooseAlternative: (journey, command, { facts, newId }) =>
    onVisit(journey, command, unbooked, (known) => {
      const { visitId, alternative } = command.data;
      if (!known.alternatives.includes(alternative) || !withinOurselves.includes(alternative)) return refuse('alternative-not-offered');
      // A coordinator writes down what the patient chose.
      const chosenBy = command.actor.role === 'X' ? 'proxy' : 'patient';
      const chosen: JourneyEvent = { type: 'AlternativeChosen', data: { visitId, alternative, chosenBy } };
      if (alternative !== 'clinicSite') return accept(chosen);
      const { siteId: _elsewhere, ...order } = orderOf(known);
      const instead = { ...order, place: 'clinicSite' as const, replaces: visitId };
      return accept(chosen, ...visitRequested(journey, instead, { visitId: newId('visit'), area: facts.area }));
    }),

  ScreenHomeSafety: (journey, command) =>
    onVisit(journey, command, ['AreaChecked', 'SafetyScreened', 'Held'], ({ slot }) => {
      const { visitId, answers } = command.data;
      const flags = homeSafetyItems.filter((item) => answers[item] === homeSafety[item].unsafe);
      const forbidding = flags.find((item) => homeSafety[item].forbids);
      const screened = { visitId, formVersion: homeSafetyVersion, flags };
      if (!forbidding) return accept({ type: 'HomeSafetyScreened', data: screened });
      const released: JourneyEvent[] = slot ? [{ type: 'SlotReleased', data: slotOf(visitId, slot) }] : [];
      return accept<JourneyEvent>({ type: 'VisitDeclinedUnsafe', data: { ...screened, reason: forbidding } }, ...released);
    }),
};

/** Alternatives that need no partner: our own clinic, or care without a visit. The others need a referral. */
const withinOurselves: readonly string[] = ['clinicSite', 'virtualOnly'];

/** What was once ordered, as it is ordered again for the tasks that are still open. */
const orderOf = ({ place, siteId, reasonCode, tasks, openTasks, skills, plannedMin, notBefore, notAfter }: Visit): VisitOrder => ({
  place,
  reasonCode,
  tasks: tasks.filter(({ taskRef }) => openTasks.includes(taskRef)),
  skills,
  plannedMin,
  notBefore,
  notAfter,
  ...(siteId && { siteId }),
});

/** True for a home that nobody is to be sent to while a flag says so. */
export const isFlagged = ({ place }: Pick<VisitOrder, 'place'>, { scopes }: HomeSafetyFact): boolean =>
  place === 'home' && scopes.includes('clinicOnly');

/** Why this visit may not be ordered: a flag on the home, or a visit or a test that it names and nobody knows. */
function whyNotRequested(
  { visit: { byId }, lab }: Journey,
  order: Pick<VisitOrder, 'place' | 'replaces' | 'tasks'>,
  flags: HomeSafetyFact,
): RefusalCode | undefined {
  if (isFlagged(order, flags)) return 'safety-flag';
  const replaced = order.replaces === undefined ? undefined : byId[order.replaces];
  if (order.replaces !== undefined && !replaced) return 'entity-unknown';
  if (replaced && !isTerminal(replaced)) return 'not-allowed-in-state';
  const tests = order.tasks.flatMap(({ kind, orderId }) => (kind === 'pointOfCareTest' && orderId !== undefined ? [orderId] : []));
  return tests.every((orderId) => lab.orders[orderId]) ? undefined : 'entity-unknown';
}

/** A visit follows a clinician's decision; after a second no-show a clinician looks at the risk before anything else. */
function whyNotYet(journey: Journey): RefusalCode | undefined {
  const decided = ['Planned', 'InCare', 'FollowUp', 'Closing'].includes(superState(journey));
  const atRisk = Object.values(journey.work.tasks).some(({ kind, status }) => kind === 'riskReview' && status === 'open');
  return decided && !atRisk ? undefined : 'not-allowed-in-state';
}

/** An order for a visit as it is recorded; at home and in an office the area is checked in the same decision. */
export function visitRequested(
  journey: Journey,
  order: VisitOrder,
  { visitId, area }: { readonly visitId: string; readonly area: AreaFact },
): readonly JourneyEvent[] {
  const { place, siteId, reasonCode, tasks, skills, plannedMin, notBefore, replaces } = order;
  const placed = { visitId, place, reasonCode, tasks, skills, plannedMin, notBefore, notAfter: latestStart(journey, order) };
  const requested: JourneyEvent = { type: 'VisitRequested', data: { ...placed, ...(siteId && { siteId }), ...(replaces && { replaces }) } };
  return goesToPatient(order) ? [requested, areaChecked(visitId, place, area)] : [requested];
}

function areaChecked(visitId: string, place: VisitOrder['place'], { areaId, version: areaVersion, open, places }: AreaFact): JourneyEvent {
  const checked = { visitId, areaId, areaVersion };
  if (open && places.includes(place)) return { type: 'ServiceAreaConfirmed', data: { ...checked, alternatives: [] } };
  const alternatives = [...(open && places.includes('clinicSite') ? ['clinicSite'] : []), 'partnerClinic', 'urgentCare', 'virtualOnly'];
  return { type: 'ServiceAreaRejected', data: { ...checked, reason: open ? 'place-not-served' : 'area-closed', alternatives } };
}
