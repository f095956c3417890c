import type { Context } from '../kernel/command.ts';
import type { RedFlagRule } from '../templates/template.ts';
import { crisisTextShown, declareEmergency, emergencyTextShown } from './emergency/decide.ts';
import type { JourneyEvent } from './events.ts';
import type { Facts } from './facts.ts';
import type { Journey } from './state.ts';
import { taskOpened } from './work/decide.ts';

type Answers = Readonly<Record<string, boolean | string | number>>;

/** The signed rules that these answers raise. A rule that cannot be evaluated counts as raised. */
export const screen = (rules: readonly RedFlagRule[], answers: Answers): readonly RedFlagRule[] =>
  rules.filter(({ item, equals }) => typeof answers[item] !== 'boolean' || answers[item] === equals);

/** a danger is answered in the same decision, before any provider sees the answers. */
export function answerToFlags(
  journey: Journey,
  raised: readonly RedFlagRule[],
  { facts, at, newId }: Context<Pick<Facts, 'pathway'>>,
): readonly JourneyEvent[] {
  const crisis = raised.some(({ severity }) => severity === 'crisis');
  const shown = (caseId?: string) => (crisis ? crisisTextShown(caseId) : emergencyTextShown(facts.pathway.template, caseId));
  const worst = raised.find(({ severity }) => severity !== 'urgent');
  if (!worst) return [shown(), taskOpened(journey, 'urgentCall', { taskId: newId('task'), at, cites: raised.map(({ ruleId }) => ruleId) })];
  // The danger is known already; what to do is said again.
  if (journey.emergency.open) return [shown(journey.emergency.open.caseId)];
  const declared = declareEmergency(journey, { caseId: newId('emergency'), trigger: worst.ruleId, at });
  return [declared, shown(declared.data.caseId)];
}
