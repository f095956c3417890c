// Tasks, owners, holds, notes, notices, escalations, incidents, marks on clocks and refused acts, which any stage may need (domain reference 5.16).
import { z } from 'zod';
import { roles } from '../../kernel/actor.ts';
import { At, Code, type EventSchemas, event, Id, Ref } from '../../kernel/event.ts';
import { TaskKind } from '../../templates/template.ts';

const Role = z.enum(roles);
const task = { taskId: Id };
const incident = { incidentId: Id, category: Code, entityId: Id, findingRef: Ref.optional() };
const notice = { noticeId: Id, kind: Code, recipientRole: Role, channel: Code, textVersion: z.int().min(1), reason: Code.optional() };

/** A refusal stands; what failed, or may have failed, is tried again. */
export const NotSent = z.enum(['refused', 'failed', 'unknown']);

export const events = {
  TaskOpened: event(
    {
      ...task,
      kind: TaskKind,
      ownerRole: Role,
      ownerId: Id.optional(),
      dueAt: At,
      cites: z.array(Id).max(50),
      outlivesClosure: z.boolean(),
    },
    'taskId',
  ),
  TaskClaimed: event({ ...task, ownerId: Id, from: Id.optional() }, 'taskId'),
  TaskReleased: event({ ...task, ownerId: Id }, 'taskId'),
  TaskReassigned: event({ ...task, ownerId: Id, from: Id.optional(), reason: Code }, 'taskId'),
  TaskSnoozed: event({ ...task, ownerId: Id, until: At }, 'taskId'),
  TaskCompleted: event({ ...task, resultCode: Code }, 'taskId'),
  TaskCancelled: event({ ...task, resultCode: Code }, 'taskId'),
  JourneyOwnerAssigned: event({ ownerRole: Role, ownerId: Id, from: Id.optional(), reason: Code }),
  JourneyHeld: event({ reason: Code, until: At }),
  JourneyHoldReleased: event({ reason: Code, until: At.optional() }),
  NoteAdded: event({ noteId: Id, noteRef: Ref, visibility: z.enum(['team', 'patient']) }, 'noteId'),
  ContactAttempted: event({ purpose: Code, n: z.int().min(1), to: Code, channel: Code, outcome: Code, by: Id }),
  NoticeSent: event(notice, 'noticeId'),
  NoticeDelivered: event(notice, 'noticeId'),
  // What became of which attempt says whether it is tried again; without an outcome it is not.
  NoticeFailed: event({ ...notice, attempt: z.int().min(1).optional(), outcome: NotSent.optional() }, 'noticeId'),
  SlaBreached: event({ clock: Code, entityId: Id, dueAt: At }, 'entityId'),
  EscalationRaised: event(
    {
      escalationId: Id,
      ladder: Code,
      rung: z.int().min(1),
      recipientRole: Role,
      recipientId: Id.optional(),
      channel: Code,
      about: Id.optional(),
      follows: Id.optional(),
    },
    'escalationId',
  ),
  IncidentOpened: event(incident, 'incidentId'),
  IncidentClosed: event(incident, 'incidentId'),
  ClinicalActRefused: event({ commandType: Code, entityId: Id, clinicianId: Id, reason: Code }, 'entityId'),
} satisfies EventSchemas;
