import type { Role } from '../../kernel/actor.ts';
import type { Happened } from '../../kernel/event.ts';
import type { Deadline } from '../../kernel/plan.ts';
import type { Instant } from '../../kernel/time.ts';
import type { NoticeRule, TaskKind } from '../../templates/template.ts';
import type { JourneyEvent } from '../events.ts';

export interface Task {
  readonly kind: TaskKind;
  readonly status: 'open' | 'completed' | 'cancelled';
  readonly ownerRole: Role;
  readonly ownerId?: string;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly cites: readonly string[];
  readonly outlivesClosure: boolean;
  readonly resultCode?: string;
}

/** A notice that an event asked for and that no outcome event has answered yet. */
export interface WantedNotice extends NoticeRule {
  readonly noticeId: string;
}

export interface Work {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly wanted: Readonly<Record<string, WantedNotice>>;
  /** Notices that went out, or that will not: reminders are not repeated. */
  readonly answered: Readonly<Record<string, true>>;
  /** Notices that are tried again: the last attempt that did not succeed, and when the first did not. */
  readonly failing: Readonly<Record<string, { readonly attempt: number; readonly since: Instant }>>;
  /** Due times that `SlaBreached` has marked; a clock fires once for each. */
  readonly breached: Readonly<Record<string, true>>;
  readonly contacts: number;
}
export const initial: Work = { tasks: {}, wanted: {}, answered: {}, failing: {}, breached: {}, contacts: 0 };

export const breachKey = ({ name, entityId, dueAt }: Deadline): string => `${name}:${entityId}:${dueAt}`;

export function evolve(work: Work, happened: Happened<JourneyEvent>, rules: readonly NoticeRule[]): Work {
  const wanted = rules.filter(({ event }) => event === happened.type).map((rule) => ({ ...rule, noticeId: noticeIdOf(happened.id, rule) }));
  const after = evolveOwn(work, happened);
  if (wanted.length === 0) return after;
  return { ...after, wanted: { ...after.wanted, ...Object.fromEntries(wanted.map((notice) => [notice.noticeId, notice])) } };
}

/** The event is the intent, so its id and the kind name the notice. */
const noticeIdOf = (eventId: string, { kind, recipientRole }: NoticeRule): string => `${eventId}.${kind}.${recipientRole}`;

function evolveOwn(work: Work, { type, data, occurredAt: openedAt }: Happened<JourneyEvent>): Work {
  const change = (taskId: string, patch: Partial<Task>): Work => {
    const task = work.tasks[taskId];
    return task ? { ...work, tasks: { ...work.tasks, [taskId]: { ...task, ...patch } } } : work;
  };
  switch (type) {
    case 'TaskOpened': {
      const { taskId, basis: _basis, licenceBasis: _licenceBasis, ownerId, ...task } = data;
      return { ...work, tasks: { ...work.tasks, [taskId]: { ...task, openedAt, status: 'open', ...(ownerId && { ownerId }) } } };
    }
    case 'TaskClaimed':
    case 'TaskReassigned':
      return change(data.taskId, { ownerId: data.ownerId });
    case 'TaskReleased': {
      const known = work.tasks[data.taskId];
      if (!known) return work;
      const { ownerId: _released, ...task } = known;
      return { ...work, tasks: { ...work.tasks, [data.taskId]: task } };
    }
    case 'TaskCompleted':
      return change(data.taskId, { status: 'completed', resultCode: data.resultCode });
    case 'TaskCancelled':
      return change(data.taskId, { status: 'cancelled', resultCode: data.resultCode });
    // A receipt that overtakes the answer says the same and more.
    case 'NoticeSent':
    case 'NoticeDelivered':
      return noticeAnswered(work, data.noticeId);
    case 'NoticeFailed':
      return data.outcome === 'failed' || data.outcome === 'unknown'
        ? noticeFailing(work, data, openedAt)
        : noticeAnswered(work, data.noticeId);
    case 'SlaBreached':
      return {
        ...work,
        breached: { ...work.breached, [breachKey({ name: data.clock, entityId: data.entityId, dueAt: data.dueAt })]: true },
      };
    case 'ContactAttempted':
      return { ...work, contacts: work.contacts + 1 };
    default:
      return work;
  }
}

function noticeAnswered(work: Work, noticeId: string): Work {
  const { [noticeId]: _wanted, ...wanted } = work.wanted;
  const { [noticeId]: _failing, ...failing } = work.failing;
  return { ...work, wanted, failing, answered: { ...work.answered, [noticeId]: true } };
}

/** A late word of an attempt that is over, or of a notice that went out, moves nothing. */
function noticeFailing(
  work: Work,
  { noticeId, attempt = 1 }: { readonly noticeId: string; readonly attempt?: number | undefined },
  at: Instant,
): Work {
  const before = work.failing[noticeId];
  if (work.answered[noticeId] || attempt <= (before?.attempt ?? 0)) return work;
  return { ...work, failing: { ...work.failing, [noticeId]: { attempt, since: before?.since ?? at } } };
}
