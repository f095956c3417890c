import type { Outcome } from './closing/events.ts';
import { waivedBy } from './closing/outcomes.ts';
import { obligations as deliveries } from './delivery/plan.ts';
import { obligations as questions } from './follow-up/plan.ts';
import { obligations as labOrders } from './lab/plan.ts';
import type { Obligation } from './obligation.ts';
import { obligations as prescriptions } from './prescription/plan.ts';
import type { Journey } from './state.ts';
import { obligations as visits } from './visit/plan.ts';

/** What forbids closure, by whom it concerns. Charges (10) are captured by the decision that earns them, so none is ever outstanding. */
const sources: readonly ((journey: Journey) => readonly Obligation[])[] = [own, visits, labOrders, prescriptions, deliveries, questions];

/** Everything that still forbids closure with this outcome (domain reference 4.3). */
export function unmet(journey: Journey, outcome: Outcome): readonly Obligation[] {
  const waived = waivedBy(outcome);
  return sources.flatMap((source) => source(journey)).filter(({ item }) => !waived.includes(item));
}

/** The items that belong to no stage: emergency case (6), survey (9) and open tasks (13). */
function own({ emergency, closing, work }: Journey): readonly Obligation[] {
  const tasks = Object.entries(work.tasks).filter(([, { status, outlivesClosure }]) => status === 'open' && !outlivesClosure);
  return [
    ...(emergency.open ? [{ item: 6, entityId: emergency.open.caseId }] : []),
    ...(closing.survey ? [] : [{ item: 9, entityId: 'survey' }]),
    ...tasks.map(([entityId]) => ({ item: 13, entityId })),
  ];
}
