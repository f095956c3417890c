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
  /** Once it was completed: by whom, and when. */
  readonly completedBy?: Role;
  readonly endedAt?: Instant;
}

export interface Incident {
  readonly category: string;
  readonly entityId: string;
  readonly open: boolean;
}

/** A notice that an event asked for and that no outcome event has answered yet. */
export interface WantedNotice extends Omit<NoticeRule, 'recipientRole'> {
  readonly noticeId: string;
  readonly recipientRole: Role;
}

export interface Work {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly wanted: Readonly<Record<string, WantedNotice>>;
  /** Notices that went out, or that will not: reminders are not repeated. */
  readonly answered: Readonly<Record<string, 'sent' | 'failed'>>;
  /** Notices that are tried again: the last attempt that did not succeed, and when the first did not. */
  readonly failing: Readonly<Record<string, { readonly attempt: number; readonly since: Instant }>>;
  /** Due times that `SlaBreached` has marked; a clock fires once for each. */
  readonly breached: Readonly<Record<string, true>>;
  readonly contacts: number;
  /** Attempts since the patient was last reached. */
  readonly unreached: readonly { readonly channel: string; readonly at: Instant }[];
  /** Whom somebody has made answerable for the journey. */
  readonly owner?: { readonly role: Role; readonly id: string };
  readonly hold?: { readonly reason: string; readonly until: Instant };
  readonly incidents: Readonly<Record<string, Incident>>;
  /** Nothing more may reach the patient. */
  readonly silent: boolean;
}
export const initial: Work = {
  tasks: {},
  wanted: {},
  answered: {},
  failing: {},
  breached: {},
  contacts: 0,
  unreached: [],
  incidents: {},
  silent: false,
};

export const breachKey = ({ name, entityId, dueAt }: Deadline): string => `${name}:${entityId}:${dueAt}`;

export function evolve(work: Work, happened: Happened<JourneyEvent>, rules: readonly NoticeRule[]): Work {
  const after = evolveCare(evolveTask(work, happened), happened);
  const asked = rules.filter(({ event, recipientRole }) => event === happened.type && !(after.silent && isPatient(recipientRole)));
  const wanted = asked.map((rule) => ({ ...rule, noticeId: noticeIdOf(happened.id, rule) }));
  const told = [...wanted, ...takenOver(work, happened)];
  if (told.length === 0) return after;
  return { ...after, wanted: { ...after.wanted, ...Object.fromEntries(told.map((notice) => [notice.noticeId, notice])) } };
}

const isPatient = (role: Role): boolean => role === 'P' || role === 'X';

/** The event is the intent, so its id and the kind name the notice. */
const noticeIdOf = (eventId: string, { kind, recipientRole }: Pick<WantedNotice, 'kind' | 'recipientRole'>): string =>
  `${eventId}.${kind}.${recipientRole}`;

/** Whoever had a task before it was taken over is told so. */
function takenOver({ tasks }: Work, { id, type, data }: Happened<JourneyEvent>): readonly WantedNotice[] {
  const ownerRole = type === 'TaskReassigned' && data.from ? tasks[data.taskId]?.ownerRole : undefined;
  if (!ownerRole) return [];
  const rule = { event: type, kind: 'taskTakenOver', recipientRole: ownerRole, channel: 'push', textVersion: 1 } as const;
  return [{ ...rule, noticeId: noticeIdOf(id, rule) }];
}

function evolveTask(work: Work, { type, data, actor, occurredAt: openedAt }: Happened<JourneyEvent>): Work {
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
      return change(data.taskId, { status: 'completed', resultCode: data.resultCode, completedBy: actor.role, endedAt: openedAt });
    case 'TaskCancelled':
      return change(data.taskId, { status: 'cancelled', resultCode: data.resultCode });
    case 'NoticeSent':
    case 'NoticeDelivered':
      return noticeAnswered(work, data.noticeId, 'sent');
    case 'NoticeFailed':
      return data.outcome === 'failed' || data.outcome === 'unknown'
        ? noticeFailing(work, data, openedAt)
        : noticeAnswered(work, data.noticeId, work.answered[data.noticeId] ?? 'failed');
    case 'SlaBreached':
      return {
        ...work,
        breached: { ...work.breached, [breachKey({ name: data.clock, entityId: data.entityId, dueAt: data.dueAt })]: true },
      };
    default:
      return work;
  }
}

/** Who answers for the journey, who was tried to be reached, and what went wrong. */
function evolveCare(work: Work, happened: Happened<JourneyEvent>): Work {
  const { type, data, occurredAt: at } = happened;
  switch (type) {
    case 'ContactAttempted': {
      const unreached = data.outcome === 'reached' ? [] : [...work.unreached, { channel: data.channel, at }];
      return { ...work, contacts: work.contacts + 1, unreached };
    }
    case 'JourneyOwnerAssigned':
      return { ...work, owner: { role: data.ownerRole, id: data.ownerId } };
    case 'JourneyHeld':
      return { ...work, hold: { reason: data.reason, until: data.until } };
    case 'JourneyHoldReleased': {
      const { hold: _over, ...released } = work;
      return released;
    }
    case 'PatientDeathReported':
    case 'JourneyWithdrawn':
      return { ...work, silent: true, wanted: withoutPatient(work.wanted) };
    default:
      return evolveIncident(work, happened);
  }
}

const withoutPatient = (wanted: Work['wanted']): Work['wanted'] =>
  Object.fromEntries(Object.entries(wanted).filter(([, { recipientRole }]) => !isPatient(recipientRole)));

function evolveIncident(work: Work, { type, data }: Happened<JourneyEvent>): Work {
  switch (type) {
    case 'IncidentOpened':
    case 'IncidentClosed': {
      const { incidentId, category, entityId } = data;
      return { ...work, incidents: { ...work.incidents, [incidentId]: { category, entityId, open: type === 'IncidentOpened' } } };
    }
    default:
      return work;
  }
}

function noticeAnswered(work: Work, noticeId: string, how: 'sent' | 'failed'): Work {
  const { [noticeId]: _wanted, ...wanted } = work.wanted;
  const { [noticeId]: _failing, ...failing } = work.failing;
  return { ...work, wanted, failing, answered: { ...work.answered, [noticeId]: how } };
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
