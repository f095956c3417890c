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
  /** Notices that went out or failed: reminders are not repeated. */
  readonly answered: Readonly<Record<string, true>>;
  /** Due times that `SlaBreached` has marked; a clock fires once for each. */
  readonly breached: Readonly<Record<string, true>>;
  readonly contacts: number;
}
export const initial: Work = { tasks: {}, wanted: {}, answered: {}, breached: {}, contacts: 0 };

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
    case 'NoticeSent':
    case 'NoticeFailed': {
      const { [data.noticeId]: _answered, ...wanted } = work.wanted;
      return { ...work, wanted, answered: { ...work.answered, [data.noticeId]: true } };
    }
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
