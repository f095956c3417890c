import type { Effect } from '../domain/kernel/plan.ts';
import type { Called, Found } from '../interop/port.ts';
import type { Attempts, Clock } from '../store/ports.ts';

/** What the outcome of a call states, as a command's type and data. */
export interface Stated {
  readonly type: string;
  readonly data: object;
}

/** One call to a partner. */
export interface OutsideCall<T> {
  /** Makes the call. The partner does the same thing once per key, however often it is asked. */
  readonly send: () => Promise<Called<T>>;
  /** Asks what became of an earlier call. Left out where the call only asks a question, which may be asked again. */
  readonly find?: () => Promise<Found<T>>;
  /** What the outcome states; null while the partner has taken it and will tell the rest by itself. */
  readonly state: (called: Called<T>) => Stated | null;
}

/** The same with the instant at which the outcome was known; kept, so that a repeat states the same. */
export interface Kept extends Stated {
  readonly at: number;
  /** It was known before this call. */
  readonly repeated: boolean;
}

export interface OnceDependencies {
  readonly attempts: Attempts;
  readonly clock: Clock;
}

/** Effect ids are unique within their journey; the ledger and the partners know those of all journeys. */
export const attemptKey = (journeyId: string, { id }: Pick<Effect, 'id'>): string => `${journeyId}/${id}`;

/**
 * Makes a call at most once per attempt: written down before, settled after. An attempt that was begun and never settled is
 * asked about, and sent only if it is certainly not there.
 * @throws only when our own ledger is unavailable
 */
export async function once<T>(
  { attempts, clock }: OnceDependencies,
  key: string,
  attempt: number,
  call: OutsideCall<T>,
): Promise<Kept | null> {
  const earlier = await attempts.begin(key, attempt);
  if (earlier?.outcome) return isStated(earlier.result) ? { ...earlier.result, repeated: true } : null;
  const called = earlier ? await resume(call) : await call.send();
  const stated = call.state(called);
  const kept = stated && { ...stated, at: await clock.now() };
  await attempts.settle(key, attempt, called.outcome, kept);
  return kept && { ...kept, repeated: false };
}

/** A partner that cannot be reached. The runner calls again, and then it is asked first. */
class PartnerUnreached extends Error {
  override readonly name = 'PartnerUnreached';
}

/**
 * Makes a call whose course the partner tells by itself, so that no outcome is kept: a repeat asks how far it has come.
 * @throws PartnerUnreached at an outcome for which the domain has no word, so that the runner calls again
 */
export async function untilTaken<T>(
  attempts: Attempts,
  key: string,
  attempt: number,
  { wordless, ...call }: Pick<OutsideCall<T>, 'send' | 'find'> & { readonly wordless: readonly Called<T>['outcome'][] },
): Promise<Called<T>> {
  const earlier = await attempts.begin(key, attempt);
  const called = earlier ? await resume(call) : await call.send();
  await attempts.settle(key, attempt, called.outcome, null);
  if (called.outcome !== 'succeeded' && wordless.includes(called.outcome))
    throw new PartnerUnreached(`the partner did not take the call: ${called.reason}`);
  return called;
}

/** Finds out what became of a call whose answer nobody has heard. */
export async function resume<T>({ send, find }: Pick<OutsideCall<T>, 'send' | 'find'>): Promise<Called<T>> {
  if (!find) return send();
  const found = await find();
  if (found.state === 'found') return { outcome: 'succeeded', answer: found.answer };
  return found.state === 'notFound' ? send() : { outcome: 'unknown', reason: found.reason };
}

/** A question whose answer is the outcome: to be told that it is not there is an answer too, and not to be told leaves it unknown. */
export async function inquire<T>(find: () => Promise<Found<T>>): Promise<Called<Found<T>>> {
  const answer = await find();
  return answer.state === 'unknown' ? { outcome: 'unknown', reason: answer.reason } : { outcome: 'succeeded', answer };
}

const isStated = (result: unknown): result is Omit<Kept, 'repeated'> => typeof result === 'object' && result !== null && 'type' in result;
