import * as journeys from '../domain/journey/index.ts';
import { openChildren, overlays, superState } from '../domain/journey/super-state.ts';
import { system } from '../domain/kernel/actor.ts';
import { type Deadline, deadlineId, type Effect, type Plan } from '../domain/kernel/plan.ts';
import { day } from '../domain/kernel/time.ts';
import type { Clock } from '../store/ports.ts';
import type { Answer, CommandMessage, SetAside, Step } from '../workflows/messages.ts';

/** A runner's timer does not reach into the far future: on the way to a later instant the journey is read again. */
const longestWait = 365 * day;

/** The pause before a deadline that failed for a defect is given again: a minute, doubled each time, at most an hour. */
const pauseOf = (times: number): number => Math.min(3_600_000, 60_000 * 2 ** times);

/** What the run has to do next, from the journey's plan: the effects that are due and the earliest instant to wake at. */
export async function stepOf(
  journey: journeys.Journey,
  answer: Answer,
  clock: Clock,
  before: readonly SetAside[],
  given?: CommandMessage,
): Promise<Step> {
  const plan = planOf(journey);
  if (!plan) return waiting(answer, before);
  const { deadlines, effects } = plan;
  const now = await clock.now();
  const due = effects.filter(({ notBefore }) => notBefore === undefined || notBefore <= now);
  // A deadline that still stands after its command was given has a broken rule: it waits, so that it starves no other.
  // One that came a moment too early has not been given.
  const early = !answer.accepted && answer.code === 'occurred-in-future';
  const stuck = !early && deadlines.some((deadline) => deadlineId(deadline) === given?.id && deadline.dueAt <= now);
  const standing = before.filter(({ commandId }) => deadlines.some((deadline) => deadlineId(deadline) === commandId));
  const setAside = stuck && given ? putAside(standing, given.id, Date.now()) : standing;
  const next = withinReach(await nextOf(deadlines, effects, clock, { now, setAside }), Date.now());
  return {
    answer,
    effects: due,
    ...(next && { next }),
    done: deadlines.length === 0 && effects.length === 0,
    stage: superState(journey),
    details: detailsOf(journey, plan),
    setAside,
  };
}

/** Undefined when the rules that plan are broken: the run then waits for their mending, and its commands are answered meanwhile. */
function planOf(journey: journeys.Journey): Plan | undefined {
  try {
    return journeys.plan(journey);
  } catch {
    return undefined;
  }
}

const waiting = (answer: Answer, setAside: readonly SetAside[]): Step => ({
  answer,
  effects: [],
  next: { wakeAt: Date.now() + pauseOf(0) },
  done: false,
  stage: 'unknown',
  details: '**Waits for a rule to be mended**',
  setAside,
});

/** Sets a deadline aside for a growing pause of real time. */
function putAside(setAside: readonly SetAside[], commandId: string, realNow: number): readonly SetAside[] {
  const times = setAside.find((entry) => entry.commandId === commandId)?.times ?? 0;
  return [...setAside.filter((entry) => entry.commandId !== commandId), { commandId, until: realNow + pauseOf(times), times: times + 1 }];
}

/** Whichever comes first: the earliest deadline that is not set aside, an effect with a time, or the end of a pause. */
async function nextOf(
  deadlines: readonly Deadline[],
  effects: readonly Effect[],
  clock: Clock,
  { now, setAside }: { now: number; setAside: readonly SetAside[] },
): Promise<Step['next'] | undefined> {
  const pauses = setAside.filter(({ until }) => until > Date.now());
  const first = earliest(deadlines.filter((deadline) => !pauses.some(({ commandId }) => commandId === deadlineId(deadline))));
  const later = effects.flatMap(({ notBefore }) => (notBefore !== undefined && notBefore > now ? [notBefore] : []));
  // On a frozen clock nothing comes by itself but what is due already.
  const realTime = async (at: number): Promise<number | undefined> => (at <= now ? 0 : clock.realTimeOf(at));
  const deadlineAt = first && (await realTime(first.dueAt));
  const reads = [later.length > 0 ? await realTime(Math.min(...later)) : undefined, ...pauses.map(({ until }) => until)].filter(
    (at) => at !== undefined,
  );
  const readAt = reads.length > 0 ? Math.min(...reads) : undefined;
  if (first && deadlineAt !== undefined && (readAt === undefined || deadlineAt <= readAt))
    return { wakeAt: deadlineAt, command: elapseDeadline(first) };
  return readAt === undefined ? undefined : { wakeAt: readAt };
}

/** What comes later than any timer reaches is a reading of the Step on the way there. */
const withinReach = (next: Step['next'], realNow: number): Step['next'] =>
  next && next.wakeAt - realNow > longestWait ? { wakeAt: realNow + longestWait } : next;

const earliest = (deadlines: readonly Deadline[]): Deadline | undefined => deadlines.toSorted((a, b) => a.dueAt - b.dueAt)[0];

const elapseDeadline = (deadline: Deadline): CommandMessage => ({
  id: deadlineId(deadline),
  type: 'ElapseDeadline',
  data: deadline,
  actor: system,
  source: 'timer',
  occurredAt: deadline.dueAt,
});

/** What the Temporal UI shows of the journey: ids and codes alone. */
function detailsOf(journey: journeys.Journey, { deadlines, effects, owner }: Plan): string {
  const stands = [superState(journey), ...overlays(journey)].join(', ');
  const waits = deadlines
    .toSorted((a, b) => a.dueAt - b.dueAt)
    .map(({ name, entityId, dueAt }) => `- ${name} of ${entityId} at ${new Date(dueAt).toISOString()}`);
  const calls = effects.map(({ kind, entityId, attempt }) => `- ${kind} of ${entityId}, attempt ${attempt}`);
  const open = openChildren(journey).map((entityId) => `- ${entityId}`);
  return [
    `**${stands}**, revision ${journey.revision}, ${owner ? `with role ${owner.role}` : 'with nobody'}`,
    ...listed('Open', open),
    ...listed('Waits for', waits),
    ...listed('Calls', calls),
  ].join('\n');
}

/** A heading over what there is; nothing for nothing. */
const listed = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? ['', `**${heading}**`, '', ...lines] : [];
