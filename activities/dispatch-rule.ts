import type { VisitorFact } from '../domain/journey/facts.ts';
import type { Journey } from '../domain/journey/index.ts';
import type { Visit } from '../domain/journey/visit/state.ts';
import { whyUnfit } from '../domain/journey/visitor-fitness.ts';

/**
 * Whom to send: of those on shift who fit, the one with the fewest skills to spare, so that rare skills stay free. When nobody fits,
 * the one who comes nearest, so that the refusal says what is missing; undefined when nobody is on shift.
 */
export function chooseVisitor(journey: Journey, visit: Visit, onShift: readonly VisitorFact[]): string | undefined {
  const ranked = onShift.map((visitor) => ({
    visitorId: visitor.visitorId,
    declined: Number(visit.dispatch.declinedBy.includes(visitor.visitorId)),
    unfit: Number(whyUnfit(journey, visit, visitor) !== undefined),
    lacking: missing(visit.skills, visitor.skills),
    spare: missing(visitor.skills, visit.skills),
  }));
  const [best] = ranked.toSorted(
    (a, b) =>
      a.declined - b.declined || a.unfit - b.unfit || a.lacking - b.lacking || a.spare - b.spare || (a.visitorId < b.visitorId ? -1 : 1),
  );
  return best?.visitorId;
}

const missing = (wanted: readonly string[], held: readonly string[]): number => wanted.filter((item) => !held.includes(item)).length;
