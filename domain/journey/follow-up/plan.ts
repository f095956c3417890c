import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { day } from '../../kernel/time.ts';
import { clock, slaOf } from '../clocks.ts';
import { pendingResults } from '../lab/state.ts';
import type { Obligation } from '../obligation.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from '../work/decide.ts';
import { openQuestions } from './state.ts';
import { windowClosed, windowExtended } from './window.ts';

export function plan(journey: Journey): StagePlan {
  return { deadlines: [...windowEnd(journey), ...questions(journey), ...unansweredCheckIns(journey)], effects: checkIns(journey) };
}

/** From this level on, a second missed check-in calls for a call back (domain reference 5.10). */
const callbackLevel = 6;

/** What each of the stage's deadlines leads to. */
export const elapse: Elapse = {
  // The conversation's own head is a fact of this decision, so that an accepted message is never overtaken by closure.
  'followup.end': (journey, _deadline, { facts: { conversation }, newId }) => {
    if (pendingResults(journey.lab).length > 0) return [windowExtended(journey, 'result-pending')];
    return windowClosed(journey, { conversation, until: journey.followUp.until ?? 0, newId });
  },

  'followup.group': ({ followUp }, { entityId: questionId }) => {
    const question = followUp.questions[questionId];
    if (!question) return [];
    const { conversationId, revision: conversationRevision } = question;
    return [{ type: 'FollowUpQuestionRouted', data: { questionId, conversationId, conversationRevision, toRole: 'group' } }];
  },

  'followup.checkin': (journey, { entityId, dueAt }, { newId }) => {
    const n = Number(entityId);
    const missed = Object.values(journey.followUp.checkIns).filter(({ status }) => status === 'missed').length + 1;
    const callback = missed === 2 && (journey.consult.disposition?.level ?? 9) <= callbackLevel;
    return [
      { type: 'CheckInMissed', data: { n, formVersion: 1 } },
      ...(callback ? [taskOpened(journey, 'callback', { taskId: newId('task'), at: dueAt, cites: [] })] : []),
    ];
  },
};

/** An unanswered question (7) and a window that has not ended (11). */
export function obligations({ followUp }: Journey): readonly Obligation[] {
  return [
    ...openQuestions(followUp).map(({ questionId }) => ({ item: 7, entityId: questionId })),
    ...(followUp.until !== undefined && !followUp.closed ? [{ item: 11, entityId: 'window' }] : []),
  ];
}

const windowEnd = ({ followUp: { until, closed, openEnded } }: Journey): readonly Deadline[] =>
  until === undefined || closed || openEnded ? [] : [{ name: 'followup.end', entityId: 'window', dueAt: until }];

/** First the clinician of the consult, then the group, and in the end a breach. */
function questions(journey: Journey): readonly Deadline[] {
  return Object.entries(journey.followUp.questions).flatMap(([entityId, { status, openedAt, routed }]) => {
    if (status !== 'open') return [];
    const reply = { name: 'followup.reply', entityId, dueAt: openedAt + clock(journey, 'followup.reply') };
    return routed ? [reply] : [{ name: 'followup.group', entityId, dueAt: openedAt + clock(journey, 'followup.group') }, reply];
  });
}

const unansweredCheckIns = (journey: Journey): readonly Deadline[] =>
  Object.entries(journey.followUp.checkIns).flatMap(([n, { status, sentAt }]) =>
    status === 'sent' ? [{ name: 'followup.checkin', entityId: n, dueAt: sentAt + clock(journey, 'followup.checkin') }] : [],
  );

function checkIns(journey: Journey): readonly Effect[] {
  const { openedAt, closed, checkIns: sent } = journey.followUp;
  if (openedAt === undefined || closed) return [];
  return slaOf(journey).checkInDays.flatMap((days, i) =>
    sent[i + 1]
      ? []
      : [{ id: `check-in.${i + 1}`, attempt: 1, kind: 'send-check-in', entityId: String(i + 1), notBefore: openedAt + days * day }],
  );
}
