// Calls whose outcome is known at once: eligibility, payment, notices.
import type { Journey } from '../domain/journey/index.ts';
import type { Role } from '../domain/kernel/actor.ts';
import type { EligibilityAnswer } from '../interop/eligibility/port.ts';
import { type Called, referenceOf } from '../interop/port.ts';
import type { Asked, Outcome, Performer } from './perform.ts';
import { attemptKey, type OutsideCall, once } from './perform-once.ts';

/** Makes a partner's call once and says what it came to. */
export async function callOnce<T>({ journeyId, effect, parts }: Asked, partner: string, call: OutsideCall<T>): Promise<Outcome | null> {
  const kept = await once(parts, attemptKey(journeyId, effect), effect.attempt, call);
  if (!kept) return null;
  const { type, data, at, repeated } = kept;
  return { type, data, partner, ...(repeated && { at }) };
}

export const checkEligibility: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const { request } = journey.intake;
  if (!request) return null;
  const { patientId, employerId } = request;
  const at = await parts.clock.now();
  const checked = { checkId: effect.entityId, attempt: effect.attempt };
  return callOnce(asked, 'eligibility', {
    send: () => parts.parties.eligibility.check({ key: attemptKey(journeyId, effect), patientId, employerId, at }),
    state: (called) => ({ type: 'RecordEligibility', data: { ...checked, ...eligibilityIn(called) } }),
  });
};

/** A payer that will not say leaves it open; one that could not be asked is asked again. */
function eligibilityIn(called: Called<EligibilityAnswer>): EligibilityAnswer | { readonly outcome: string; readonly reason: string } {
  if (called.outcome === 'succeeded') return called.answer;
  return { outcome: called.outcome === 'refused' ? 'undetermined' : 'failed', reason: called.reason };
}

export const requestPayment: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const { request } = journey.intake;
  const copay = journey.money.copays[effect.entityId];
  if (!request || copay?.status !== 'requested') return null;
  const key = attemptKey(journeyId, effect);
  const { payment } = parts.parties;
  const { cents } = copay;
  const charge = { key, reference: referenceOf({ journeyId, entityId: effect.entityId }), payerId: addressee(journey), cents };
  const named = { chargeId: effect.entityId };
  return callOnce(asked, 'payment', {
    send: () => payment.charge(charge),
    find: () => payment.find(key),
    state: (called) => {
      if (called.outcome === 'succeeded') return { type: 'RecordPayment', data: { ...named, outcome: 'charged', ...called.answer } };
      const outcome = called.outcome === 'unknown' ? 'unconfirmed' : 'failed';
      return { type: 'RecordPayment', data: { ...named, outcome, cents, reason: called.reason } };
    },
  });
};

interface Notice {
  readonly kind: string;
  readonly recipientRole: Role;
  readonly channel: string;
  readonly textVersion: number;
}

export const sendNotice: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const noticeId = effect.entityId;
  const notice = noticeOf(journey, noticeId);
  if (!notice) return null;
  const key = attemptKey(journeyId, effect);
  const { notices } = parts.parties;
  const recipient = notice.recipientRole === 'P' ? addressee(journey) : notice.recipientRole;
  return callOnce(asked, 'notices', {
    send: () => notices.send({ key, reference: referenceOf({ journeyId, entityId: noticeId }), recipient, ...notice }),
    find: () => notices.find(key),
    // Whether it went out is not known: the receipt says so if it did.
    state: (called) => {
      const status = called.outcome === 'succeeded' ? { status: 'sent' } : { status: 'failed', reason: called.reason };
      return { type: 'RecordNotice', data: { noticeId, ...notice, ...status } };
    },
  });
};

/** What to send: the notice that an event asked for, or the reminder that the effect names. */
function noticeOf({ work }: Journey, noticeId: string): Notice | undefined {
  if (work.answered[noticeId]) return undefined;
  const wanted = work.wanted[noticeId];
  if (wanted) {
    const { kind, recipientRole, channel, textVersion } = wanted;
    return { kind, recipientRole, channel, textVersion };
  }
  const kind = reminders.find(({ named }) => named.test(noticeId))?.kind;
  return kind === undefined ? undefined : { kind, recipientRole: 'P', channel: 'push', textVersion: 1 };
}

/** Reminders are effects with a time: their id says what of. */
const reminders: readonly { readonly named: RegExp; readonly kind: string }[] = [
  { named: /\.reply\.\d+\.\d+$/, kind: 'replyReminder' },
  { named: /\.reminder-\d+$/, kind: 'visitReminder' },
  { named: /\.remind\.\d+$/, kind: 'intakeReminder' },
  { named: /\.pickup-\d+$/, kind: 'pickupReminder' },
];

/** Who reads for the patient: a proxy where there is one. */
function addressee({ intake: { request, proxy } }: Journey): string {
  const patientId = request?.patientId ?? '';
  if (proxy) return proxy.ended ? patientId : proxy.proxyId;
  return request?.requester.role === 'X' ? request.requester.id : patientId;
}
