import { nextMonthStart } from '../../kernel/calendar.ts';
import type { Deadline, Effect, StagePlan } from '../../kernel/plan.ts';
import { hour, type Instant } from '../../kernel/time.ts';
import { proxyNeeded } from '../acceptance-gates.ts';
import { clock, schedule } from '../clocks.ts';
import { heldFor } from '../emergency/state.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';
import { tasksFall } from '../work/open-tasks.ts';

export function plan(journey: Journey): StagePlan {
  const { request, abandoned, screeningStarted } = journey.intake;
  if (!request || abandoned || !screeningStarted) return { deadlines: abandon(journey), effects: remind(journey) };
  return {
    deadlines: [...abandon(journey), ...retryEnd(journey), ...recheck(journey), ...majority(journey)],
    effects: [...remind(journey), ...proxyCheck(journey), ...eligibilityCheck(journey)],
  };
}

/** What each of the stage's deadlines leads to. */
export const elapse: Elapse = {
  'intake.abandon': (journey) => [
    ...tasksFall(journey),
    { type: 'JourneyAbandoned', data: { lastStep: journey.lastCommand, redFlagPending: journey.intake.redFlags === 'raised' } },
  ],
  'eligibility.retry': (_journey, { entityId: checkId }, { facts: { pathway } }) => [
    { type: 'EligibilityUndetermined', data: { checkId, policy: pathway.contract.terms.undeterminedPolicy } },
  ],
  'eligibility.recheck': (_journey, _deadline, { newId }) => [
    { type: 'EligibilityCheckRequested', data: { checkId: newId('eligibility'), purpose: 'monthly' } },
  ],
  'proxy.majority': ({ intake: { proxy } }) =>
    proxy?.until === undefined
      ? []
      : [{ type: 'ProxyAccessEnded', data: { proxyId: proxy.proxyId, kind: proxy.kind, until: proxy.until } }],
};

/**
 * The request whose intake is still to be finished, with the time for which an emergency case kept it waiting. An intake that was
 * ended or opened again is nobody's to abandon.
 */
function unfinished({ intake, emergency, closing }: Journey): { readonly from: Instant } | undefined {
  const { request, acceptedAt, abandoned } = intake;
  const { requested, reopened } = closing;
  if (!request || acceptedAt !== undefined || abandoned || emergency.open || requested || reopened) return undefined;
  return { from: request.at + heldFor(emergency) };
}
function abandon(journey: Journey): readonly Deadline[] {
  const open = unfinished(journey);
  return open ? [{ name: 'intake.abandon', entityId: 'intake', dueAt: open.from + clock(journey, 'intake.abandon') }] : [];
}

function remind(journey: Journey): readonly Effect[] {
  const open = unfinished(journey);
  if (!open) return [];
  return schedule(journey, 'intake.remind').flatMap((offset, i) => {
    const noticeId = `intake.remind.${i + 1}`;
    if (journey.work.answered[noticeId]) return [];
    return [{ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId, notBefore: open.from + offset }];
  });
}

function retryEnd(journey: Journey): readonly Deadline[] {
  const { eligibility } = journey.intake;
  if (eligibility?.answer !== 'none' || eligibility.failedAt === undefined) return [];
  return [{ name: 'eligibility.retry', entityId: eligibility.checkId, dueAt: eligibility.failedAt + clock(journey, 'eligibility.retry') }];
}

function recheck(journey: Journey): readonly Deadline[] {
  const { eligibility, acceptedAt, request, price } = journey.intake;
  // Nobody else pays for somebody who pays alone.
  if (
    !request ||
    acceptedAt === undefined ||
    price?.arrangement === 'selfPay' ||
    eligibility?.answeredAt === undefined ||
    eligibility.answer === 'none'
  )
    return [];
  const after = Math.max(acceptedAt, eligibility.answeredAt);
  return [
    {
      name: 'eligibility.recheck',
      entityId: eligibility.checkId,
      dueAt: nextMonthStart(after, request.zone, clock(journey, 'eligibility.recheck') / hour),
    },
  ];
}

function majority({ intake: { proxy } }: Journey): readonly Deadline[] {
  if (!proxy || proxy.ended || proxy.until === undefined) return [];
  return [{ name: 'proxy.majority', entityId: proxy.proxyId, dueAt: proxy.until }];
}

/** The roster says whether the person who asked may act for the patient. */
function proxyCheck({ intake }: Journey): readonly Effect[] {
  const { request, proxy, proxyRejected, identified } = intake;
  if (!identified || proxy || proxyRejected || request?.requester.role !== 'X' || !proxyNeeded(intake, [])) return [];
  return [{ id: 'proxy', attempt: 1, kind: 'verify-proxy', entityId: request.requester.id }];
}

/** One attempt for the question, then one for each offset of the schedule after the first failure. */
function eligibilityCheck(journey: Journey): readonly Effect[] {
  const { eligibility } = journey.intake;
  if (eligibility?.answer !== 'none') return [];
  const { checkId, failures, failedAt } = eligibility;
  const effect = { id: `eligibility.${checkId}`, attempt: failures + 1, kind: 'check-eligibility', entityId: checkId };
  if (failedAt === undefined) return [effect];
  const offset = schedule(journey, 'eligibility.retry')[failures - 1];
  return offset === undefined ? [] : [{ ...effect, notBefore: failedAt + offset }];
}
