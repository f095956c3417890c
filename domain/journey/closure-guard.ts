import type { Obligation } from './stage.ts';
import type { Journey } from './state.ts';

/** Outcomes that waive the survey (9) and the follow-up window (11), domain reference 4.3. */
const waiving: readonly string[] = ['Cancelled', 'Abandoned', 'Refused', 'EmergencyHandedOff'];

/** Everything that still forbids closure with this outcome (domain reference 4.3). */
export function unmet(journey: Journey, outcome: string, obligations: (journey: Journey) => readonly Obligation[]): readonly Obligation[] {
  const waived = waiving.includes(outcome) ? [9, 11] : [];
  return [...own(journey), ...obligations(journey)].filter(({ item }) => !waived.includes(item));
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
