import { skillsFor, suppliesFor } from '../templates/visit-supplies.ts';
import type { HomeSafetyFact, VisitorFact } from './facts.ts';
import type { Journey } from './state.ts';
import type { Visit } from './visit/state.ts';

type Needs = Pick<Visit, 'skills' | 'tasks'>;

/** The scope of a flag on a home, and the skill of a shift that two people work together. */
const pairVisit = 'pairVisit';

/** Why a visitor lacks the licence or the skills for a visit, or for one more kind of act there; undefined if nothing is lacking. */
export function beyondScope(
  { intake }: Journey,
  { skills }: Pick<Needs, 'skills'>,
  visitor: VisitorFact,
  act?: keyof typeof skillsFor,
): string | undefined {
  if (!visitor.states.includes(intake.location?.state ?? '')) return 'licence-missing';
  const needed = [...skills, ...(act && skillsFor[act] ? [skillsFor[act]] : [])];
  return needed.every((skill) => visitor.skills.includes(skill)) ? undefined : 'skill-missing';
}

/** Why a visitor may not be sent, asked at the assignment and again at the departure; undefined if nothing forbids it. */
export function whyUnfit(journey: Journey, { skills, tasks }: Needs, visitor: VisitorFact): string | undefined {
  if (!visitor.onShift) return 'off-shift';
  const supplied = tasks.every(({ kind }) => suppliesFor[kind]?.some((supply) => visitor.supplies.includes(supply)) ?? true);
  const needed = [...skills, ...tasks.flatMap(({ kind }) => skillsFor[kind] ?? [])];
  return beyondScope(journey, { skills: needed }, visitor) ?? (supplied ? undefined : 'supplies-missing');
}

/** Why this visitor may not go to a home under a flag: nobody may, or only two people together. */
export function whyFlagged({ place }: Pick<Visit, 'place'>, { scopes }: HomeSafetyFact, { skills }: VisitorFact): string | undefined {
  if (place !== 'home') return undefined;
  const alone = scopes.includes(pairVisit) && !skills.includes(pairVisit);
  return scopes.includes('clinicOnly') || alone ? 'safety-flag' : undefined;
}
