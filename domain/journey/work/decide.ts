import { z } from 'zod';
import { roles, staff } from '../../kernel/actor.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { At, Code, Id, Ref } from '../../kernel/event.ts';
import { hour, type Instant } from '../../kernel/time.ts';
import { TaskKind } from '../../templates/template.ts';
import { slaOf } from '../clocks.ts';
import { openConsults } from '../consult/state.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { NotSent } from './events.ts';
import * as incidents from './incidents.ts';
import * as ownership from './ownership.ts';
import type { Task } from './state.ts';

const worker = [...staff, 'V'] as const;
const task = { taskId: Id };

export const commands = {
  ...incidents.commands,
  ...ownership.commands,
  OpenTask: { roles: worker, afterClose: true, data: z.strictObject({ ...task, kind: TaskKind, cites: z.array(Id).max(50).default([]) }) },
  ClaimTask: { roles: worker, afterClose: true, data: z.strictObject(task) },
  ReleaseTask: { roles: worker, afterClose: true, data: z.strictObject(task) },
  ReassignTask: { roles: worker, afterClose: true, data: z.strictObject({ ...task, owner: Id, reason: Code }) },
  SnoozeTask: { roles: worker, afterClose: true, data: z.strictObject({ ...task, until: At }) },
  CompleteTask: { roles: worker, afterClose: true, data: z.strictObject({ ...task, resultCode: Code }) },
  CancelTask: { roles: worker, afterClose: true, data: z.strictObject({ ...task, reason: Code }) },
  AddNote: { roles: worker, afterClose: true, data: z.strictObject({ noteRef: Ref, visibility: z.enum(['team', 'patient']) }) },
  RecordContactAttempt: {
    roles: worker,
    afterClose: true,
    data: z.strictObject({ purpose: Code, to: Code, channel: Code, outcome: Code }),
  },
  RecordNotice: {
    roles: ['A'],
    afterClose: true,
    data: z.strictObject({
      noticeId: Id,
      status: z.enum(['sent', 'delivered', 'failed']),
      kind: Code,
      recipientRole: z.enum(roles),
      channel: Code,
      textVersion: z.int().min(1),
      reason: Code.optional(),
      attempt: z.int().min(1).max(1_000).optional(),
      outcome: NotSent.optional(),
    }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  ...incidents.decide,
  ...ownership.decide,

  OpenTask: (journey, { data }, { at }) =>
    journey.work.tasks[data.taskId] ? refuse('not-allowed-in-state') : accept(taskOpened(journey, data.kind, { ...data, at })),

  // One winner per claim; the loser reads on the task who won.
  ClaimTask: ({ work }, { data: { taskId }, actor }) =>
    onOpenTask(work.tasks[taskId], ({ ownerId }) => {
      if (ownerId === actor.id) return already;
      if (ownerId) return refuse('already-claimed');
      return accept({ type: 'TaskClaimed', data: { taskId, ownerId: actor.id } });
    }),

  ReleaseTask: ({ work }, { data: { taskId }, actor }) =>
    onOpenTask(work.tasks[taskId], ({ ownerId }) =>
      ownerId === actor.id ? accept({ type: 'TaskReleased', data: { taskId, ownerId } }) : refuse('not-allowed-in-state'),
    ),

  ReassignTask: ({ work }, { data: { taskId, owner, reason } }) =>
    onOpenTask(work.tasks[taskId], ({ ownerId: from }) =>
      accept({ type: 'TaskReassigned', data: { taskId, ownerId: owner, reason, ...(from && { from }) } }),
    ),

  // Snoozing hides a task from its owner for a while; it never moves the due time.
  SnoozeTask: ({ work }, { data: { taskId, until }, actor }) =>
    onOpenTask(work.tasks[taskId], () => accept({ type: 'TaskSnoozed', data: { taskId, until, ownerId: actor.id } })),

  CompleteTask: ({ work, consult }, { data }) =>
    onOpenTask(work.tasks[data.taskId], ({ kind, cites }) => {
      const expires = kind === 'safetyReview' && data.resultCode === 'expire';
      const open = openConsults(consult).map(({ consultId }) => consultId);
      const expired = cites
        .filter((cited) => expires && open.includes(cited))
        .map((consultId): JourneyEvent => ({ type: 'ConsultExpired', data: { consultId, reason: 'safetyReview' } }));
      return accept<JourneyEvent>({ type: 'TaskCompleted', data }, ...expired);
    }),

  CancelTask: ({ work }, { data: { taskId, reason } }) =>
    onOpenTask(work.tasks[taskId], () => accept({ type: 'TaskCancelled', data: { taskId, resultCode: reason } })),

  AddNote: (_journey, { data }, { newId }) => accept({ type: 'NoteAdded', data: { noteId: newId('note'), ...data } }),

  RecordContactAttempt: ({ work }, { data, actor }) =>
    accept({ type: 'ContactAttempted', data: { ...data, n: work.contacts + 1, by: actor.id } }),

  RecordNotice: ({ work }, { data: { status, attempt, outcome, ...notice } }) => {
    if (status === 'failed')
      return accept({ type: 'NoticeFailed', data: { ...notice, ...(attempt && { attempt }), ...(outcome && { outcome }) } });
    const isOut = work.answered[notice.noticeId] === 'sent';
    if (status === 'sent') return isOut ? already : accept({ type: 'NoticeSent', data: notice });
    // A receipt that overtakes the answer says, too, that it went out.
    const out = isOut ? [] : [{ type: 'NoticeSent', data: notice } as const];
    return accept<JourneyEvent>(...out, { type: 'NoticeDelivered', data: notice });
  },
};

function onOpenTask(known: Task | undefined, decideFor: (open: Task) => Decision<JourneyEvent>): Decision<JourneyEvent> {
  if (!known) return refuse('entity-unknown');
  return known.status === 'open' ? decideFor(known) : refuse('not-allowed-in-state');
}

const outliving: readonly TaskKind[] = ['postEdFollowUp', 'urgentCall', 'ruleReview'];

/** Whose a task is, and how soon, in a journey that started before there was its kind (default): coordination answers (3.1). */
const unforeseen = { ownerRole: 'K', dueIn: hour } as const;

/** A task with the owner role and the due time that the journey's SLA set gives to its kind. */
export function taskOpened(
  journey: Journey,
  kind: TaskKind,
  { taskId, at, cites }: { taskId: string; at: Instant; cites: readonly string[] },
): JourneyEvent {
  const { ownerRole, dueIn } = slaOf(journey).tasks[kind] ?? unforeseen;
  return {
    type: 'TaskOpened',
    data: { taskId, kind, ownerRole, dueAt: at + dueIn, cites: [...cites], outlivesClosure: outliving.includes(kind) },
  };
}
