// What an event owes to other streams (domain reference 3.3 and 3.7): bookings, releases, and the news between conversation and journey.
import type { Turn } from './conversation/events.ts';
import type { Actor } from './kernel/actor.ts';
import type { Instant } from './kernel/time.ts';
import { capacityOf } from './reference/capacity.ts';

/** As much of a recorded event as its debts follow from. */
export interface Owing {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly data: object;
  readonly entityId: string;
  readonly occurredAt: Instant;
  readonly tenant: string;
  readonly patient: string;
  /** Who gave the command that left the event. */
  readonly actor: Actor;
}

/** A command that another stream must be given, once. */
export interface Owed {
  readonly target: { readonly category: string; readonly id: string };
  readonly command: {
    readonly id: string;
    readonly type: string;
    readonly data: object;
    readonly occurredAt: Instant;
    /** In whose name; the system's own where nobody is named. */
    readonly actor?: Actor;
  };
}

interface Debt {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly actor?: Actor;
}
type Debts = Readonly<Record<string, (data: never, owing: Owing & { readonly journeyId: string }) => readonly Debt[]>>;

/** The commands that an event owes, in the order in which they are to be sent. Their ids follow from the event's. */
export function owedBy(owing: Owing): readonly Owed[] {
  const from = sources.find(({ prefix }) => owing.stream.startsWith(prefix));
  const debts = from?.debts[owing.type]?.(owing.data as never, { ...owing, journeyId: owing.stream.slice(from.prefix.length) }) ?? [];
  return debts.map(({ category, id, type, data, actor }, n) => ({
    target: { category, id },
    command: { id: `owed:${owing.id}:${n}`, type, data, occurredAt: owing.occurredAt, ...(actor && { actor }) },
  }));
}

const conversation = (id: string, type: string, data: object = {}): Debt => ({
  category: 'conversation',
  id,
  type,
  data: { conversationId: id, ...data },
});

const slot = ({ slotId, visitId }: SlotOfVisit, type: string): Debt => ({
  category: 'capacity',
  id: capacityOf(slotId),
  type,
  data: { slotId, visitId },
});
interface SlotOfVisit {
  readonly slotId: string;
  readonly visitId: string;
}

const ofJourneys: Debts = {
  ConsultQueued: ({ consultId }: { consultId: string }, { journeyId, tenant, patient, occurredAt }) => [
    conversation(consultId, 'OpenConversation', { journeyId, employerId: tenant, patientId: patient, postableFrom: occurredAt }),
  ],
  FollowUpWindowOpened: ({ conversationId, until }: { conversationId?: string; until: Instant }, { occurredAt }) =>
    conversationId ? [conversation(conversationId, 'SetConversationWindow', { postableFrom: occurredAt, postableUntil: until })] : [],
  FollowUpWindowExtended: ({ conversationId, openedAt, until }: { conversationId?: string; openedAt: Instant; until?: Instant }) =>
    conversationId
      ? [
          conversation(conversationId, 'SetConversationWindow', {
            postableFrom: openedAt,
            ...(until !== undefined && { postableUntil: until }),
          }),
        ]
      : [],
  FollowUpWindowClosed: ({ conversationId }: { conversationId?: string }) =>
    conversationId ? [conversation(conversationId, 'CloseConversation')] : [],
  JourneyClosed: ({ conversationIds = [] }: { conversationIds?: readonly string[] }) =>
    conversationIds.map((id) => conversation(id, 'CloseConversation')),
  VisitScheduled: (data: SlotOfVisit) => [slot(data, 'BookSlot')],
  // The new place is booked before the old one is free again.
  VisitRescheduled: ({ from, ...data }: SlotOfVisit & { from: { slotId: string } }) => {
    const before = { visitId: data.visitId, slotId: from.slotId };
    return [slot(data, 'BookSlot'), slot(before, 'EndSlotHold'), slot(before, 'FreeSlot')];
  },
  SlotHoldExpired: (data: SlotOfVisit) => [slot(data, 'EndSlotHold')],
  // What was released may have been held or booked; the capacity stream knows which, and the other command finds nothing to do.
  SlotReleased: (data: SlotOfVisit) => [slot(data, 'EndSlotHold'), slot(data, 'FreeSlot')],
  // A new problem is a journey of its own, asked for by the clinician who found it.
  ChildJourneyOpened: (
    { childJourneyId, templateId, modality, zone }: { childJourneyId: string; templateId: string; modality: string; zone: string },
    { journeyId: parentJourneyId, tenant: employerId, patient: patientId, actor },
  ) => {
    const data = { patientId, employerId, entryPoint: 'clinicianReferral', templateId, modality, zone, parentJourneyId };
    return [{ category: 'journey', id: childJourneyId, type: 'StartJourney', data, actor }];
  },
  // The timer starts with the arrival, and names the visitor.
  LoneWorkerTimerStarted: ({ visitorId, visitId }: { visitorId: string; visitId: string }) => [
    { category: 'visitor', id: visitorId, type: 'OpenVisitorPresence', data: { visitorId, visitId, confirms: true } },
  ],
  VisitorLeftHome: ({ visitorId, visitId }: { visitorId: string; visitId: string }) => [
    { category: 'visitor', id: visitorId, type: 'CloseVisitorPresence', data: { visitorId, visitId } },
  ],
};

interface Turned {
  readonly journeyId: string;
  readonly revision: number;
  readonly turn?: Turn;
  readonly clinicianId?: string;
}

/** A changed turn is the journey's to know; a single message is not. */
const noteTurn = ({ journeyId, revision, turn, clinicianId }: Turned, { stream }: Owing): readonly Debt[] => {
  if (!turn) return [];
  const conversationId = stream.slice('conversation-'.length);
  const data = { conversationId, turn, revision, ...(clinicianId && { clinicianId }) };
  return [{ category: 'journey', id: journeyId, type: 'NoteConversationTurn', data }];
};

interface Detected {
  readonly journeyId: string;
  readonly messageId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
}

const ofConversations: Debts = {
  PatientMessagePosted: noteTurn,
  ClinicianMessagePosted: noteTurn,
  ConversationWindowSet: noteTurn,
  MessageRedFlagDetected: ({ journeyId, ruleId, ruleVersion, messageId }: Detected) => [
    { category: 'journey', id: journeyId, type: 'RaiseRedFlag', data: { ruleId, ruleVersion, source: 'message', sourceRef: messageId } },
  ],
};

const sources: readonly { readonly prefix: string; readonly debts: Debts }[] = [
  { prefix: 'journey-', debts: ofJourneys },
  { prefix: 'conversation-', debts: ofConversations },
];
