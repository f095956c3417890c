// The thread of a consult and its follow-up (domain reference 3.6 and 5.10). Its id is the consult's.
import { z } from 'zod';
import { At, Code, type EventOf, type EventSchemas, event, Id, Ref } from '../kernel/event.ts';

const thread = { conversationId: Id, journeyId: Id };
/** `postableUntil` is absent while no end is known. */
const window = { postableFrom: At, postableUntil: At.optional() };
const message = {
  messageId: Id,
  journeyId: Id,
  bodyRef: Ref,
  /** Proves later that the text behind the reference is the text that was posted. */
  commitment: z.string().regex(/^[0-9a-f]{64}$/),
  receivedAt: At,
  /** The conversation's version with this event. */
  revision: z.int().min(1),
};

/** Whose word stands last: the patient's, a clinician's, or a clinician's that waits for the patient. */
export const Turn = z.enum(['patient', 'clinician', 'clinicianAsks']);
export type Turn = z.output<typeof Turn>;

/** Only there when the turn has changed: the journey learns of turns, never of single messages. */
const turn = { turn: Turn.optional() };

export const events = {
  ConversationOpened: event({ ...thread, ...window, employerId: Id, patientId: Id }, 'conversationId'),
  ConversationWindowSet: event({ ...thread, ...window, ...turn, revision: z.int().min(1) }, 'conversationId'),
  ConversationClosed: event({ ...thread, ...window }, 'conversationId'),
  PatientMessagePosted: event({ ...message, ...turn }, 'messageId'),
  ClinicianMessagePosted: event({ ...message, ...turn, clinicianId: Id.optional() }, 'messageId'),
  PatientMessageRefused: event({ ...message, reason: Code }, 'messageId'),
  MessageRead: event({ messageId: Id, receivedAt: At }, 'messageId'),
  MessageRedFlagDetected: event({ messageId: Id, journeyId: Id, ruleId: Id, ruleVersion: z.int().min(1) }, 'messageId'),
} satisfies EventSchemas;

export type ConversationEvent = EventOf<typeof events>;
