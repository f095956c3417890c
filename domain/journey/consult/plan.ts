import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import type { ClockName } from '../../templates/template.ts';
import { clock, schedule } from '../clocks.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from '../work/decide.ts';
import { dispositionDecided } from './decide.ts';
import { type Consult, openConsult } from './state.ts';

export function plan(journey: Journey): StagePlan {
  const open = openConsult(journey.consult);
  const own = open ? [...firstContact(journey, open), ...patientReply(journey, open)] : [];
  return {
    deadlines: [...own, ...dispositionLimit(journey), ...dispositionApproval(journey)],
    effects: open ? replyReminders(journey, open) : [],
  };
}

/** What each of the stage's deadlines leads to. */
export const elapse: Elapse = {
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

type Open = Consult & { readonly consultId: string };

/** The clocks from the queue to the first contact, by modality. */
function firstContact(journey: Journey, { consultId, modality, queuedAt, startedAt, firstResponseAt }: Open): readonly Deadline[] {
  const due = (name: ClockName): Deadline => ({ name, entityId: consultId, dueAt: queuedAt + clock(journey, name) });
  const started = startedAt !== undefined;
  const answered = firstResponseAt !== undefined;
  return [
    ...(started ? [] : [due('consult.firstcontact')]),
    ...(modality === 'async' && !answered ? [due('async.first')] : []),
    ...(modality === 'chat' && !answered ? [due('chat.first')] : []),
    ...(modality === 'video' && !started ? [due('video.wait')] : []),
  ];
}

/** Once the reply is overdue a safety review looks at it; its task is the mark that the deadline has passed. */
function patientReply(journey: Journey, { consultId, awaitingSince }: Open): readonly Deadline[] {
  if (awaitingSince === undefined) return [];
  const reviewed = Object.values(journey.work.tasks).some(
    ({ kind, cites, openedAt }) => kind === 'safetyReview' && cites.includes(consultId) && openedAt > awaitingSince,
  );
  return reviewed ? [] : [{ name: 'patient.reply', entityId: consultId, dueAt: awaitingSince + clock(journey, 'patient.reply') }];
}

function replyReminders(journey: Journey, { consultId, awaitingSince }: Open): readonly Effect[] {
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
