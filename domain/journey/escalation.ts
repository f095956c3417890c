// Escalations (domain reference 5.16): each rung is acknowledged, or the next one is called.
import { z } from 'zod';
import { type Role, staff } from '../kernel/actor.ts';
import type { CommandSpecs, Decisions, NewId } from '../kernel/command.ts';
import { accept, already, refuse } from '../kernel/decision.ts';
import { type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import type { Deadline, StagePlan } from '../kernel/plan.ts';
import type { Instant } from '../kernel/time.ts';
import type { ClockName } from '../templates/template.ts';
import { clock } from './clocks.ts';
import type { JourneyEvent } from './events.ts';
import type { FactName, Facts } from './facts.ts';
import type { Elapse } from './stage.ts';
import type { Journey } from './state.ts';

// --- events

export const events = {
  EscalationAcknowledged: event({ escalationId: Id, by: Id }, 'escalationId'),
} satisfies EventSchemas;

// --- state

export interface Escalation {
  readonly ladder: string;
  readonly rung: number;
  readonly raisedAt: Instant;
  readonly acknowledged: boolean;
  readonly recipientRole: Role;
  /** The task or the emergency case that it is about, if it is about one: it ends with it. */
  readonly about?: string;
  /** The rung that was called because nobody answered for this one. */
  readonly followedBy?: string;
}
export type Escalations = Readonly<Record<string, Escalation>>;
export const initial: Escalations = {};

export function evolve(escalations: Escalations, { type, data, occurredAt: raisedAt }: Happened<JourneyEvent>): Escalations {
  switch (type) {
    case 'EscalationRaised': {
      const { escalationId, ladder, rung, recipientRole, about, follows } = data;
      const raised = { ladder, rung, raisedAt, recipientRole, acknowledged: false, ...(about && { about }) };
      const added = { ...escalations, [escalationId]: raised };
      const before = unanswered(escalations).find(([id, known]) =>
        follows === undefined ? known.ladder === ladder && known.rung === rung - 1 && known.about === about : id === follows,
      );
      return before ? { ...added, [before[0]]: { ...before[1], followedBy: escalationId } } : added;
    }
    case 'EscalationAcknowledged':
      return acknowledged(escalations, data.escalationId);
    default:
      return escalations;
  }
}

/** Those that nobody has answered and no further rung has taken over, the oldest first. */
const unanswered = (escalations: Escalations): readonly (readonly [string, Escalation])[] =>
  Object.entries(escalations)
    .filter(([, known]) => !known.acknowledged && known.followedBy === undefined)
    .toSorted(([, a], [, b]) => a.raisedAt - b.raisedAt);

/** Whoever answers, answers for the rungs that were called after theirs too. */
function acknowledged(escalations: Escalations, escalationId: string): Escalations {
  const known = escalations[escalationId];
  if (!known) return escalations;
  const after = { ...escalations, [escalationId]: { ...known, acknowledged: true } };
  return known.followedBy === undefined ? after : acknowledged(after, known.followedBy);
}

// --- decisions

export const commands = {
  AcknowledgeEscalation: { roles: [...staff, 'V'], afterClose: true, data: z.strictObject({ escalationId: Id }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  AcknowledgeEscalation: ({ escalation }, { data: { escalationId }, actor }) => {
    const known = escalation[escalationId];
    if (!known) return refuse('entity-unknown');
    return known.acknowledged ? already : accept({ type: 'EscalationAcknowledged', data: { escalationId, by: actor.id } });
  },
};

interface Ladder {
  /** How long a rung has to answer. */
  readonly answerIn: ClockName;
  readonly rungs: readonly { readonly recipientRole: Role; readonly channel: string }[];
}

/** The ladders whose rungs are timed by the answer; a ladder that is not named here is timed by what raised it. */
const ladders = {
  onCall: ladder('C', 'M'),
  director: ladder('M'),
  coordination: ladder('K', 'O'),
  dispatch: ladder('D', 'S', 'O'),
  ruleOwner: ladder('W', 'M'),
  duress: {
    answerIn: 'escalation.duress',
    rungs: [
      { recipientRole: 'S', channel: 'call' },
      { recipientRole: 'O', channel: 'call' },
      { recipientRole: 'S', channel: 'emergencyServices' },
    ],
  },
} as const satisfies Readonly<Record<string, Ladder>>;

/** The first is paged; whoever stands above is called. */
function ladder(first: Role, ...above: readonly Role[]): Ladder {
  const calls = above.map((recipientRole) => ({ recipientRole, channel: 'call' }));
  return { answerIn: 'escalation.ack', rungs: [{ recipientRole: first, channel: 'page' }, ...calls] };
}

/** The ladder above whoever owns a task. */
export function ladderAbove(owner: Role): keyof typeof ladders {
  if (owner === 'C' || owner === 'M') return 'onCall';
  if (owner === 'D' || owner === 'V' || owner === 'S') return 'dispatch';
  return owner === 'W' ? 'ruleOwner' : 'coordination';
}

const ladderOf = (name: string): Ladder | undefined => (Object.hasOwn(ladders, name) ? ladders[name as keyof typeof ladders] : undefined);

/** The first call of a ladder, about a task, about an emergency case, or about nothing else than the journey. */
export const escalationRaised = (name: keyof typeof ladders, newId: NewId, about?: string): JourneyEvent =>
  rungOf(name, ladders[name], { rung: 1, ...(about && { about }) }, newId);

/** A broken promise that calls somebody up, about what its clock runs for. */
export const breachCalledUp = (
  { name, entityId, dueAt }: Deadline,
  ladderName: keyof typeof ladders,
  newId: NewId,
): readonly JourneyEvent[] => [
  { type: 'SlaBreached', data: { clock: name, entityId, dueAt } },
  escalationRaised(ladderName, newId, entityId),
];

function rungOf(
  name: string,
  { rungs }: Ladder,
  call: { readonly rung: number; readonly about?: string; readonly follows?: string },
  newId: NewId,
): JourneyEvent {
  const { recipientRole, channel } = rungs[call.rung - 1] ?? { recipientRole: 'S', channel: 'call' };
  return { type: 'EscalationRaised', data: { escalationId: newId('escalation'), ladder: name, recipientRole, channel, ...call } };
}

// --- plan

/** Who was called up and has not answered, while what it is about is open. A ladder that times its own rungs is not among them. */
export const calledUp = ({ escalation, work, emergency }: Journey): readonly (readonly [string, Escalation])[] =>
  unanswered(escalation).filter(([, { ladder: name, about }]) => {
    const stands = about === undefined || work.tasks[about]?.status === 'open' || emergency.open?.caseId === about;
    return ladderOf(name) && stands;
  });

export const plan = (journey: Journey): StagePlan => ({
  deadlines: calledUp(journey).flatMap(([entityId, { ladder: name, rung, raisedAt }]) => {
    const known = ladderOf(name);
    if (!known || rung >= known.rungs.length) return [];
    return [{ name: 'escalation.ack', entityId, dueAt: raisedAt + clock(journey, known.answerIn) }];
  }),
  effects: [],
});

export const elapse: Elapse = {
  'escalation.ack': ({ escalation }, { entityId }, { newId }) => {
    const known = escalation[entityId];
    const rungs = known && ladderOf(known.ladder);
    if (!rungs) return [];
    const { ladder: name, rung, about } = known;
    return [rungOf(name, rungs, { rung: rung + 1, follows: entityId, ...(about && { about }) }, newId)];
  },
};
