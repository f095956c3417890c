import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../kernel/decision.ts';
import { At, Id, Ref } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import type { ConversationEvent, Turn } from './events.ts';
import { type Conversation, hasOpenQuestion, isPostable, type Message, type Thread } from './state.ts';

/** What a conversation's decisions must know of the world outside. */
export interface ConversationFacts {
  /** Whether the sender has to do with the conversation's journey at all. */
  readonly party: { readonly belongs: boolean };
  /** What the signed rules say of the text behind the reference; absent if there is no such text. */
  readonly screening: Screening | undefined;
}

export interface Screening {
  readonly commitment: string;
  readonly redFlags: readonly { readonly ruleId: string; readonly version: number }[];
}

export const commands = {
  OpenConversation: {
    roles: ['T'],
    data: z.strictObject({
      conversationId: Id,
      journeyId: Id,
      employerId: Id,
      patientId: Id,
      postableFrom: At,
      postableUntil: At.optional(),
    }),
  },
  SetConversationWindow: { roles: ['T'], data: z.strictObject({ conversationId: Id, postableFrom: At, postableUntil: At.optional() }) },
  CloseConversation: { roles: ['T'], data: z.strictObject({ conversationId: Id }) },
  PostMessage: {
    roles: ['P', 'X', 'C', 'K'],
    facts: ['party', 'screening'],
    data: z.strictObject({ messageId: Id, bodyRef: Ref, asks: z.boolean().optional() }),
  },
  MarkMessageRead: { roles: ['P', 'X', 'C', 'K'], facts: ['party'], data: z.strictObject({ messageId: Id }) },
} satisfies CommandSpecs<keyof ConversationFacts>;

export const decide: Decisions<typeof commands, Conversation, ConversationEvent, ConversationFacts> = {
  OpenConversation: ({ thread }, { data }) => (thread ? already : accept({ type: 'ConversationOpened', data })),

  SetConversationWindow: (conversation, { data: { postableFrom, postableUntil } }) => {
    const { thread, revision, closed } = conversation;
    if (!thread) return refuse('entity-unknown');
    if (!closed && conversation.postableFrom === postableFrom && conversation.postableUntil === postableUntil) return already;
    // What the patient has written since the window began is a turn of its own, whoever had the word before.
    const written = hasOpenQuestion(conversation) && (conversation.patientWroteAt ?? 0) >= postableFrom;
    return accept({
      type: 'ConversationWindowSet',
      data: {
        ...names(thread),
        postableFrom,
        ...(postableUntil !== undefined && { postableUntil }),
        ...(written && { turn: 'patient' }),
        revision: revision + 1,
      },
    });
  },

  CloseConversation: ({ thread, closed, postableFrom, postableUntil }, _command, { at }) => {
    if (!thread) return refuse('entity-unknown');
    if (closed) return already;
    return accept({
      type: 'ConversationClosed',
      data: { ...names(thread), postableFrom, postableUntil: Math.min(postableUntil ?? at, at) },
    });
  },

  PostMessage: (conversation, { data, actor }, { facts: { party, screening }, now }) => {
    const { thread } = conversation;
    if (!thread || !party.belongs) return refuse('entity-unknown');
    const earlier = conversation.messages.get(data.messageId);
    if (earlier) return repeated(earlier, actor);
    if (!screening) return refuse('entity-unknown');
    const posted = { ...data, actor, screening, now, journeyId: thread.journeyId };
    return fromPatient(actor) ? patientMessage(conversation, posted) : clinicianMessage(conversation, posted);
  },

  MarkMessageRead: (conversation, { data: { messageId }, actor }, { facts: { party }, now }) => {
    const message = conversation.messages.get(messageId);
    if (!message || !party.belongs) return refuse('entity-unknown');
    if (message.read || message.fromPatient === fromPatient(actor)) return already;
    return accept({ type: 'MessageRead', data: { messageId, receivedAt: now } });
  },
};

const names = ({ conversationId, journeyId }: Thread) => ({ conversationId, journeyId });

const fromPatient = ({ role }: Actor): boolean => role === 'P' || role === 'X';

/** The answer to a message that was received before. Two people's messages never share an id: the second would be lost in silence. */
function repeated({ by, refused }: Message, actor: Actor): Decision<ConversationEvent> {
  if (by !== actor.id) return refuse('not-allowed-in-state');
  return refused ? refuse('window-expired') : already;
}

interface Posted {
  readonly messageId: string;
  readonly bodyRef: string;
  readonly asks?: boolean | undefined;
  readonly actor: Actor;
  readonly screening: Screening;
  readonly now: Instant;
  readonly journeyId: string;
}

/** accepted if and only if it was received before the end. R-22 holds for every message, also for one that is refused. */
function patientMessage(conversation: Conversation, posted: Posted): Decision<ConversationEvent> {
  const { messageId, journeyId, screening, now } = posted;
  const flags = screening.redFlags.map(
    ({ ruleId, version }): ConversationEvent => ({
      type: 'MessageRedFlagDetected',
      data: { messageId, journeyId, ruleId, ruleVersion: version },
    }),
  );
  const message = received(conversation, posted);
  if (!isPostable(conversation, now)) {
    const refused: ConversationEvent = { type: 'PatientMessageRefused', data: { ...message, reason: 'window-expired' } };
    return refuse('window-expired', refused, ...flags);
  }
  const posting: ConversationEvent = { type: 'PatientMessagePosted', data: { ...message, ...changed(conversation, 'patient') } };
  return accept(posting, ...flags);
}

/** After the end a clinician may still answer what the patient has asked. */
function clinicianMessage(conversation: Conversation, posted: Posted): Decision<ConversationEvent> {
  if (!isPostable(conversation, posted.now) && !hasOpenQuestion(conversation)) return refuse('window-expired');
  const { actor, asks } = posted;
  // A remark after a question leaves the word with the patient.
  const turn = asks || conversation.turn === 'clinicianAsks' ? 'clinicianAsks' : 'clinician';
  const clinician = actor.role === 'C' ? { clinicianId: actor.id } : {};
  return accept({
    type: 'ClinicianMessagePosted',
    data: { ...received(conversation, posted), ...clinician, ...changed(conversation, turn) },
  });
}

const received = ({ revision }: Conversation, { messageId, journeyId, bodyRef, screening, now }: Posted) => ({
  messageId,
  journeyId,
  bodyRef,
  commitment: screening.commitment,
  receivedAt: now,
  revision: revision + 1,
});

const changed = (conversation: Conversation, turn: Turn): { turn?: Turn } => (conversation.turn === turn ? {} : { turn });
