// Calls whose outcome is known at once: eligibility, notices.
import type { Journey } from '../domain/journey/index.ts';
import type { Role } from '../domain/kernel/actor.ts';
import type { EligibilityAnswer } from '../interop/eligibility/port.ts';
import { type Called, referenceOf } from '../interop/port.ts';
import type { Asked, Outcome, Performer } from './perform.ts';
import { attemptKey, type OutsideCall, once, resume } from './perform-once.ts';
import { addressee } from './perform-person.ts';

/** Makes a partner's call once and says what it came to. */
export async function callOnce<T>({ journeyId, effect, parts }: Asked, partner: string, call: OutsideCall<T>): Promise<Outcome | null> {
  const kept = await once(parts, attemptKey(journeyId, effect), effect.attempt, call);
  if (!kept) return null;
  const { type, data, at, repeated } = kept;
  return { type, data, partner, ...(repeated && { at }) };
}

/** A question changes nothing, so every attempt simply asks, also after one that nobody knows the end of. */
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

interface Notice {
  readonly kind: string;
  readonly recipientRole: Role;
  readonly channel: string;
  readonly textVersion: number;
}

/**
 * Sends a notice. The service does the same thing once per key, and an attempt after the first asks before it sends: nobody reads the
 * same notice twice because an answer was lost.
 */
export const sendNotice: Performer = async (asked) => {
  const { journey, effect, parts, journeyId } = asked;
  const noticeId = effect.entityId;
  const notice = noticeOf(journey, noticeId);
  if (!notice) return null;
  const key = attemptKey(journeyId, effect);
  const { notices } = parts.parties;
  const recipient = notice.recipientRole === 'P' ? addressee(journey) : notice.recipientRole;
  const call = {
    send: () => notices.send({ key, reference: referenceOf({ journeyId, entityId: noticeId }), recipient, ...notice }),
    find: () => notices.find(key),
  };
  return callOnce(asked, 'notices', {
    send: () => (effect.attempt > 1 ? resume(call) : call.send()),
    find: call.find,
    state: (called) => {
      if (called.outcome === 'succeeded') return { type: 'RecordNotice', data: { noticeId, ...notice, status: 'sent' } };
      const { outcome, reason } = called;
      return { type: 'RecordNotice', data: { noticeId, ...notice, status: 'failed', attempt: effect.attempt, outcome, reason } };
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
  { named: /\.wait\.\d+$/, kind: 'otherWays' },
  { named: /\.pickup-\d+$/, kind: 'pickupReminder' },
];
