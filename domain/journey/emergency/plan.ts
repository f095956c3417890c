import type { Deadline, StagePlan } from '../../kernel/plan.ts';
import type { Instant } from '../../kernel/time.ts';
import { clock, schedule } from '../clocks.ts';
import { breachCalledUp } from '../escalation.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import type { EmergencyCase, Owed } from './state.ts';

/** The clocks of the open case, of urgent calls and of visits to an emergency department; the last two outlive the journey. */
export function plan(journey: Journey): StagePlan {
  const { open } = journey.emergency;
  return { deadlines: [...(open ? caseClocks(journey, open) : []), ...urgentCalls(journey), ...edFollowUps(journey)], effects: [] };
}

/** A call that nobody made calls up whoever is on call and then the director; what is owed after it is the director's at once. */
export const elapse: Elapse = {
  'redflag.call': (_journey, deadline, { newId }) => breachCalledUp(deadline, 'onCall', newId),
  'emergency.call': (_journey, deadline, { newId }) => breachCalledUp(deadline, 'onCall', newId),
  'emergency.callback': (_journey, deadline, { newId }) => breachCalledUp(deadline, 'director', newId),
  'emergency.contact': (_journey, deadline, { newId }) => breachCalledUp(deadline, 'director', newId),
  'emergency.welfare': (_journey, deadline, { newId }) => breachCalledUp(deadline, 'director', newId),
};

const clocks = {
  callback: 'emergency.callback',
  secondCallback: 'emergency.callback',
  contact: 'emergency.contact',
  welfare: 'emergency.welfare',
} as const satisfies Readonly<Record<Owed['duty'], string>>;

function caseClocks(journey: Journey, { caseId, called, callDueAt, owed }: EmergencyCase): readonly Deadline[] {
  const first = called ? [] : [{ name: 'emergency.call', entityId: caseId, dueAt: callDueAt }];
  if (!owed) return first;
  const due = dueOf(journey, owed);
  // An instant that was past already when the duty came to be is skipped (domain reference, section 8).
  if (due < owed.from) return first;
  const name = clocks[owed.duty];
  return [...first, { name, entityId: caseId, dueAt: due + clock(journey, name) }];
}

/** When a duty is due; its clock gives the minutes from then to the breach. */
function dueOf(journey: Journey, { duty, since }: Owed): Instant {
  if (duty === 'contact') return since;
  const [first = 0, second = first] = schedule(journey, duty === 'welfare' ? 'emergency.welfare' : 'emergency.callback');
  return since + (duty === 'secondCallback' ? second : first);
}

/** The first attempt to call stops the clock, not only the completion of the task. */
const urgentCalls = ({ emergency: { uncalled } }: Journey): readonly Deadline[] =>
  Object.entries(uncalled).map(([entityId, { dueAt }]) => ({ name: 'redflag.call', entityId, dueAt }));

const edFollowUps = ({ work: { tasks } }: Journey): readonly Deadline[] =>
  Object.entries(tasks)
    .filter(([, { kind, status }]) => kind === 'postEdFollowUp' && status === 'open')
    .map(([entityId, { dueAt }]) => ({ name: 'ed.followup', entityId, dueAt }));
