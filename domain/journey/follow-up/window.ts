// The window in which the patient may write: opened, extended, ended.
import type { Context } from '../../kernel/command.ts';
import type { Instant } from '../../kernel/time.ts';
import { day } from '../../kernel/time.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { ConversationFact, Facts } from '../facts.ts';
import { pendingResults } from '../lab/state.ts';
import type { Journey } from '../state.ts';

/** The window opens with the first completed consult and ends the template's number of 24-hour days later. */
export function windowOpened(
  { followUp }: Journey,
  conversationId: string,
  { facts, at, eventId }: Context<Pick<Facts, 'pathway'>>,
): readonly JourneyEvent[] {
  const { anchor, days } = facts.pathway.template.followUp;
  if (anchor !== 'consultCompleted' || followUp.until !== undefined) return [];
  return [{ type: 'FollowUpWindowOpened', data: { anchorEventId: eventId(0), until: at + days * day, conversationId } }];
}

/** What names the window in each of its events. */
export const windowOf = ({ followUp: { anchorEventId = 'window', conversationId } }: Journey) => ({
  anchorEventId,
  ...(conversationId && { conversationId }),
});

/** The window with another end; without one it stays open until a result that is still pending has been reviewed. */
export const windowExtended = (journey: Journey, reason: string, until?: Instant): JourneyEvent => ({
  type: 'FollowUpWindowExtended',
  data: { ...windowOf(journey), openedAt: journey.followUp.openedAt ?? 0, reason, ...(until !== undefined && { until }) },
});

interface Ending {
  readonly conversation: ConversationFact | undefined;
  readonly until: Instant;
  readonly newId: Context['newId'];
}

/** The window ends; a message that was accepted and that the journey has not heard of opens its question first. */
export function windowClosed(journey: Journey, { conversation, until, newId }: Ending): readonly JourneyEvent[] {
  const { conversationId = '' } = journey.followUp;
  const openTurn = conversation?.openTurn;
  const unseen = openTurn !== undefined && openTurn > (journey.consult.revisions[conversationId] ?? -1);
  const question: JourneyEvent[] = unseen
    ? [{ type: 'FollowUpQuestionOpened', data: { questionId: newId('question'), conversationId, conversationRevision: openTurn } }]
    : [];
  return [...question, { type: 'FollowUpWindowClosed', data: { ...windowOf(journey), until } }];
}

/** The end of a window that is still open when its journey ends. */
export function windowFalls(journey: Journey): readonly JourneyEvent[] {
  const { until, closed } = journey.followUp;
  return until === undefined || closed ? [] : [{ type: 'FollowUpWindowClosed', data: { ...windowOf(journey), until } }];
}

/** Once the last result that kept the window open is settled, the patient may write for the template's time after it. */
export function windowAfterResult(journey: Journey, settledOrderId: string, at: Instant): readonly JourneyEvent[] {
  const { openEnded, closed } = journey.followUp;
  if (!openEnded || closed || pendingResults(journey.lab).some((orderId) => orderId !== settledOrderId)) return [];
  return [windowExtended(journey, 'result-settled', at + clock(journey, 'followup.result'))];
}
