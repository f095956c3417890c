import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import type { ClockName } from '../../templates/template.ts';
import { clock, schedule } from '../clocks.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from '../work/decide.ts';
import { dispositionDecided } from './decide.ts';
import { consultQueued } from './queue.ts';
import { type OpenConsult, openConsults } from './state.ts';

export function plan(journey: Journey): StagePlan {
  const open = openConsults(journey.consult);
  const own = (consult: OpenConsult) => [
    ...firstContact(journey, consult),
    ...patientReply(journey, consult),
    ...chatIdle(journey, consult),
    ...video(journey, consult),
  ];
  return {
    deadlines: [...open.flatMap(own), ...dispositionLimit(journey), ...dispositionApproval(journey)],
    effects: open.flatMap((consult) => [...replyReminders(journey, consult), ...otherWays(journey, consult)]),
  };
}

/** What each of the stage's deadlines leads to. */
export const elapse: Elapse = {
  'video.offer': ({ consult: { byId } }, { entityId: consultId }) => {
    const clinicianId = byId[consultId]?.offer?.clinicianId;
    return clinicianId ? [{ type: 'ConsultOfferLapsed', data: { consultId, clinicianId } }] : [];
  },
  // The clinician did not come back to the same patient in time: the next one takes over, before everybody else.
  'video.reconnect': (journey, { entityId: consultId }, { facts: { pathway }, at }) => {
    const known = journey.consult.byId[consultId];
    if (!known) return [];
    const { modality, reasonCode } = known;
    return [consultQueued(journey, pathway.template, { consultId, modality, reasonCode, priority: 'head' }, at)];
  },
  'chat.idle': (journey, { entityId, dueAt }, { newId }) => {
    const since = journey.consult.byId[entityId]?.idleSince ?? dueAt;
    const rung = schedule(journey, 'chat.idle').filter((offset) => since + offset <= dueAt).length;
    const recipientRole = idleRungs[rung - 1] ?? 'C';
    return [
      { type: 'SlaBreached', data: { clock: 'chat.idle', entityId, dueAt } },
      { type: 'EscalationRaised', data: { escalationId: newId('escalation'), ladder: 'chat.idle', rung, recipientRole, channel: 'push' } },
    ];
  },
  'patient.reply': (journey, { entityId, dueAt }, { newId }) => [
    taskOpened(journey, 'safetyReview', { taskId: newId('task'), at: dueAt, cites: [entityId] }),
  ],
  // Level 3 asks for a clinician's word within minutes; without one the safer level holds.
  'disposition.approval': (journey, _deadline, context) =>
    dispositionDecided(
      journey,
      { dispositionId: context.newId('disposition'), level: 2, rationaleRef: 'rule', byRule: 'disposition.approval' },
      context,
    ),
};

/** Whom each rung of a silent chat wakes: its clinician, operations, whoever is on call. */
const idleRungs = ['C', 'O', 'C'] as const;

/** The clocks from the queue to the first contact, by modality. */
function firstContact(journey: Journey, consult: OpenConsult): readonly Deadline[] {
  const { consultId, modality, modalitySince, queuedAt, startedAt, firstResponseAt, awaySince, awayFor } = consult;
  const due = (name: ClockName): Deadline => ({ name, entityId: consultId, dueAt: consult.due[name] ?? queuedAt + clock(journey, name) });
  const started = startedAt !== undefined;
  const answered = firstResponseAt !== undefined;
  const wait = { ...due('video.wait'), dueAt: due('video.wait').dueAt + awayFor };
  const ofModality = [
    ...(modality === 'async' && !answered ? [due('async.first')] : []),
    ...(modality === 'chat' && !answered ? [due('chat.first')] : []),
    ...(modality === 'video' && !started && awaySince === undefined ? [wait] : []),
  ];
  // A clock that would have been over before the consult got its modality never began.
  return [...(started ? [] : [due('consult.firstcontact')]), ...ofModality.filter(({ dueAt }) => dueAt > modalitySince)];
}

/** A patient who has written in a chat is not left alone with it: one rung after the other, until the clinician writes. */
function chatIdle(journey: Journey, { consultId, modality, idleSince }: OpenConsult): readonly Deadline[] {
  if (modality !== 'chat' || idleSince === undefined) return [];
  return schedule(journey, 'chat.idle').map((offset) => ({ name: 'chat.idle', entityId: consultId, dueAt: idleSince + offset }));
}

function video(journey: Journey, { consultId, status, modality, offer, droppedAt }: OpenConsult): readonly Deadline[] {
  if (modality !== 'video') return [];
  if (status === 'Offered' && offer?.expiresAt !== undefined) return [{ name: 'video.offer', entityId: consultId, dueAt: offer.expiresAt }];
  if (status !== 'Dropped' || droppedAt === undefined) return [];
  return [{ name: 'video.reconnect', entityId: consultId, dueAt: droppedAt + clock(journey, 'video.reconnect') }];
}

/** Whoever has waited too long before a screen is told of the chat and the telephone, once. */
function otherWays({ work }: Journey, { consultId, modality, startedAt, queuedAt }: OpenConsult): readonly Effect[] {
  const breached = Object.keys(work.breached).some((key) => key.startsWith(`video.wait:${consultId}:`));
  const noticeId = `${consultId}.wait.${queuedAt}`;
  if (!breached || modality !== 'video' || startedAt !== undefined || work.answered[noticeId]) return [];
  return [{ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId }];
}

/** Once the reply is overdue a safety review looks at it; its task is the mark that the deadline has passed. */
function patientReply(journey: Journey, { consultId, awaitingSince }: OpenConsult): readonly Deadline[] {
  if (awaitingSince === undefined) return [];
  const reviewed = Object.values(journey.work.tasks).some(
    ({ kind, cites, openedAt }) => kind === 'safetyReview' && cites.includes(consultId) && openedAt > awaitingSince,
  );
  return reviewed ? [] : [{ name: 'patient.reply', entityId: consultId, dueAt: awaitingSince + clock(journey, 'patient.reply') }];
}

function replyReminders(journey: Journey, { consultId, awaitingSince }: OpenConsult): readonly Effect[] {
  if (awaitingSince === undefined) return [];
  return schedule(journey, 'patient.reply').flatMap((offset, i) => {
    const noticeId = `${consultId}.reply.${awaitingSince}.${i + 1}`;
    if (journey.work.answered[noticeId]) return [];
    return [{ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId, notBefore: awaitingSince + offset }];
  });
}

/** Stops when the patient is seen, or when the consult ends while no visit is open. */
function dispositionLimit(journey: Journey): readonly Deadline[] {
  const { disposition } = journey.consult;
  if (disposition?.latestStartAt === undefined || disposition.met || disposition.ended) return [];
  if (disposition.latestStartAt <= disposition.at) return [];
  return [{ name: 'disposition.limit', entityId: disposition.dispositionId, dueAt: disposition.latestStartAt }];
}

function dispositionApproval(journey: Journey): readonly Deadline[] {
  const { disposition } = journey.consult;
  if (disposition?.level !== 3 || disposition.confirmed) return [];
  return [
    { name: 'disposition.approval', entityId: disposition.dispositionId, dueAt: disposition.at + clock(journey, 'disposition.approval') },
  ];
}
