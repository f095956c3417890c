import { suppliesFor } from '../templates/visit-supplies.ts';
import type { VisitorFact } from './facts.ts';
import type { Journey } from './state.ts';
import type { Visit } from './visit/state.ts';

type Needs = Pick<Visit, 'skills' | 'tasks'>;

/** Why a visitor lacks the licence or the skills for a visit; undefined if nothing is lacking. */
export function beyondScope({ intake }: Journey, { skills }: Pick<Needs, 'skills'>, visitor: VisitorFact): string | undefined {
  if (!visitor.states.includes(intake.location?.state ?? '')) return 'licence-missing';
  return skills.every((skill) => visitor.skills.includes(skill)) ? undefined : 'skill-missing';
}

/** Why a visitor may not be sent, asked at the assignment and again at the departure; undefined if nothing forbids it. */
export function whyUnfit(journey: Journey, visit: Needs, visitor: VisitorFact): string | undefined {
  if (!visitor.onShift) return 'off-shift';
  const supplied = visit.tasks.every(({ kind }) => suppliesFor[kind]?.some((supply) => visitor.supplies.includes(supply)) ?? true);
  return beyondScope(journey, visit, visitor) ?? (supplied ? undefined : 'supplies-missing');
}
