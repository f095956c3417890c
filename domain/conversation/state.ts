import type { Happened } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import type { ConversationEvent, Turn } from './events.ts';

export interface Message {
  readonly by: string;
  readonly fromPatient: boolean;
  readonly refused: boolean;
  readonly read: boolean;
}

/** What the conversation was opened for. */
export interface Thread {
  readonly conversationId: string;
  readonly journeyId: string;
  readonly employerId: string;
  readonly patientId: string;
}

export interface Conversation {
  /** Number of events. */
  readonly revision: number;
  readonly thread?: Thread;
  readonly postableFrom: Instant;
  /** Absent while no end is known. */
  readonly postableUntil?: Instant;
  readonly closed: boolean;
  readonly turn?: Turn;
  /** The revision at which the turn last changed. */
  readonly turnRevision: number;
  /** When the patient's last accepted message was received. */
  readonly patientWroteAt?: Instant;
  readonly messages: ReadonlyMap<string, Message>;
}
export const initial: Conversation = { revision: 0, turnRevision: 0, postableFrom: 0, closed: false, messages: new Map() };

export function evolve(before: Conversation, happened: Happened<ConversationEvent>): Conversation {
  const { type, data } = happened;
  const conversation = { ...before, revision: before.revision + 1 };
  switch (type) {
    case 'ConversationOpened': {
      const { conversationId, journeyId, employerId, patientId } = data;
      return { ...withWindow(conversation, data), thread: { conversationId, journeyId, employerId, patientId } };
    }
    case 'ConversationWindowSet':
      return withTurn({ ...withWindow(conversation, data), closed: false, turnRevision: data.revision }, data.turn);
    case 'ConversationClosed':
      return { ...withWindow(conversation, data), closed: true };
    case 'MessageRead':
      return withMessage(conversation, data.messageId, { read: true });
    case 'MessageRedFlagDetected':
      return conversation;
    default:
      return evolveMessage(conversation, happened);
  }
}

type Received = Extract<Happened<ConversationEvent>, { type: 'PatientMessagePosted' | 'ClinicianMessagePosted' | 'PatientMessageRefused' }>;

function evolveMessage(conversation: Conversation, { type, data, actor }: Received): Conversation {
  const message = { by: actor.id, fromPatient: type !== 'ClinicianMessagePosted', refused: type === 'PatientMessageRefused', read: false };
  const received = withMessage(conversation, data.messageId, message);
  if (type === 'PatientMessageRefused') return received;
  const turned = data.turn ? { ...received, turn: data.turn, turnRevision: data.revision } : received;
  return type === 'PatientMessagePosted' ? { ...turned, patientWroteAt: data.receivedAt } : turned;
}

function withMessage(conversation: Conversation, messageId: string, patch: Partial<Message>): Conversation {
  const known = conversation.messages.get(messageId) ?? { by: '', fromPatient: false, refused: false, read: false };
  return { ...conversation, messages: new Map(conversation.messages).set(messageId, { ...known, ...patch }) };
}

function withWindow(
  { postableUntil: _before, ...conversation }: Conversation,
  { postableFrom, postableUntil }: { postableFrom: Instant; postableUntil?: Instant | undefined },
): Conversation {
  return { ...conversation, postableFrom, ...(postableUntil !== undefined && { postableUntil }) };
}

function withTurn({ turn: _before, ...conversation }: Conversation, turn: Turn | undefined): Conversation {
  return { ...conversation, ...(turn && { turn }) };
}

/** True if the patient may write at this instant: the end itself is out. */
export const isPostable = ({ closed, postableFrom, postableUntil }: Conversation, now: Instant): boolean =>
  !closed && postableFrom <= now && (postableUntil === undefined || now < postableUntil);

/** True while the patient's word waits for an answer. */
export const hasOpenQuestion = ({ turn }: Conversation): boolean => turn === 'patient';
