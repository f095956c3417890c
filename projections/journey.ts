// One journey as of any instant, folded from its own events (domain reference 12).
import { openGates } from '../domain/journey/acceptance-gates.ts';
import { isOpen } from '../domain/journey/consult/state.ts';
import { statusOf as deliveryStatus } from '../domain/journey/delivery/state.ts';
import * as journeys from '../domain/journey/index.ts';
import { overlays, type SuperState, superState } from '../domain/journey/super-state.ts';
import type { Role } from '../domain/kernel/actor.ts';
import type { Deadline, Owner } from '../domain/kernel/plan.ts';
import type { Instant } from '../domain/kernel/time.ts';
import { templateOf, templates } from '../domain/templates/index.ts';
import type { EventContent, StoredEvent } from '../store/event-store.ts';
import { reasonFor } from './board-reason.ts';
import type { Child, Reason } from './board-row.ts';

/** Which events count; without a bound, all. */
export interface Reading {
  /** World time: what had happened by then. */
  readonly asOf?: Instant;
  /** Recorded time: what was known by then. */
  readonly knownAt?: Instant;
  /** The instant for which open gates are judged. */
  readonly now: Instant;
  /** Leaves out what the reader may not see. */
  readonly sees?: (event: StoredEvent) => boolean;
}

/** Somebody or something that must act before the journey goes on. */
export interface Awaited {
  /** T while the system itself has a call under way. */
  readonly who: Role;
  readonly id?: string;
  readonly forWhat: string;
  readonly entityId: string;
}

/** A journey in ids and codes. */
export interface JourneyDescription {
  /** Version of the last event that the reading took in. */
  readonly revision: number;
  readonly superState: SuperState;
  readonly overlays: readonly string[];
  readonly outcome?: string;
  readonly patientId?: string;
  readonly employerId?: string;
  readonly entryPoint?: string;
  readonly template?: { readonly templateId: string; readonly version: number };
  readonly zone?: string;
  readonly requestedAt?: Instant;
  readonly owner: Owner | null;
  /** The most pressing reason for which it does not go on by itself, as the board shows it. */
  readonly reason: Reason;
  readonly waitingOn: readonly Awaited[];
  readonly children: readonly Child[];
  readonly tasks: readonly object[];
  readonly deadlines: readonly Deadline[];
  readonly quotes: readonly object[];
  readonly charges: readonly object[];
  readonly followUp?: object;
  readonly survey?: object;
}

/** The journey as those events tell it that the reading takes in; undefined if it takes in none. */
export function readJourney(events: readonly StoredEvent[], reading: Reading): JourneyDescription | undefined {
  const { asOf = Infinity, knownAt = Infinity, now, sees = () => true } = reading;
  const taken = events.filter(({ occurredAt, recordedAt }) => occurredAt <= asOf && recordedAt <= knownAt);
  const last = taken.at(-1);
  if (!last) return undefined;
  const journey = taken.filter(sees).reduce(withEvent, journeys.initial);
  const { owner, deadlines } = journeys.plan(journey);
  return {
    revision: last.version,
    superState: superState(journey),
    overlays: overlays(journey),
    ...outcomeOf(journey),
    ...requestOf(journey),
    owner,
    reason: reasonFor(journey, last.occurredAt),
    waitingOn: waitingOn(journey, now),
    children: childrenOf(journey),
    tasks: Object.entries(journey.work.tasks).map(([taskId, { cites: _cites, ...task }]) => ({ taskId, ...task })),
    deadlines: deadlines.toSorted((a, b) => a.dueAt - b.dueAt),
    quotes: Object.entries(journey.intake.quotes).map(([quoteId, quote]) => ({
      quoteId,
      ...quote,
      accepted: journey.intake.price?.quoteId === quoteId,
    })),
    charges: chargesOf(journey),
    ...followUpOf(journey),
    ...(journey.closing.survey && { survey: journey.closing.survey }),
  };
}

/** The journey after one more of its stored events. */
export const withEvent = (journey: journeys.Journey, event: EventContent): journeys.Journey =>
  journeys.evolve(journey, event as EventContent & journeys.JourneyEvent);

/** True once nothing more is to be expected of a journey: it has ended, and nothing of it waits. */
export function isOver(journey: journeys.Journey): boolean {
  if (journey.intake.refused) return true;
  if (!journey.closing.closed) return false;
  const { deadlines, effects } = journeys.plan(journey);
  return deadlines.length === 0 && effects.length === 0;
}

/** How it ended, once it has. */
export function outcomeOf({ closing, intake }: journeys.Journey): { readonly outcome?: string } {
  if (intake.refused) return { outcome: 'Refused' };
  return closing.closed ? { outcome: closing.closed.outcome } : {};
}

function requestOf({ intake: { request } }: journeys.Journey): Partial<JourneyDescription> {
  if (!request) return {};
  const { patientId, employerId, entryPoint, templateId, templateVersion, zone, at } = request;
  return { patientId, employerId, entryPoint, template: { templateId, version: templateVersion }, zone, requestedAt: at };
}

function followUpOf({ followUp }: journeys.Journey): { readonly followUp?: object } {
  const { openedAt, until, closed, questions, checkIns } = followUp;
  if (openedAt === undefined) return {};
  const asked = Object.entries(questions).map(([questionId, question]) => ({ questionId, ...question }));
  const sent = Object.entries(checkIns).map(([n, checkIn]) => ({ n: Number(n), ...checkIn }));
  return { followUp: { openedAt, until, closed, questions: asked, checkIns: sent } };
}

/** What was charged, and how the patient's own part of it stands. */
function chargesOf({ money: { charges, copays } }: journeys.Journey): readonly object[] {
  return Object.entries(charges).map(([chargeId, { code, cents, payer }]) => ({
    chargeId,
    code,
    cents,
    payer,
    ...(copays[chargeId] && { copay: copays[chargeId] }),
  }));
}

/** Every emergency case, consult, visit, order and delivery that the journey ever had, with its state. */
export function childrenOf({ emergency, consult, visit, lab, prescription, delivery }: journeys.Journey): readonly Child[] {
  const { open, ended } = emergency;
  return [
    ...stated('emergency', { ...ended, ...(open && { [open.caseId]: open }) }),
    ...stated('consult', consult.byId),
    ...stated('visit', visit.byId),
    ...stated('labOrder', lab.orders),
    ...stated('prescription', prescription.byId),
    ...Object.entries(delivery.byId).map(([id, item]) => ({ kind: 'delivery', id, status: deliveryStatus(item) })),
  ];
}

const stated = (kind: string, byId: Readonly<Record<string, { readonly status: string }>>): readonly Child[] =>
  Object.entries(byId).map(([id, { status }]) => ({ kind, id, status }));

/** Whom the journey waits for: whoever is on call for an emergency, the patient at a gate, staff with a task or a consult, a call that is under way. No notice holds it up. */
function waitingOn(journey: journeys.Journey, now: Instant): readonly Awaited[] {
  const tasks = Object.entries(journey.work.tasks)
    .filter(([, { status }]) => status === 'open')
    .map(
      ([entityId, { kind, ownerRole, ownerId }]): Awaited => ({ who: ownerRole, ...(ownerId && { id: ownerId }), forWhat: kind, entityId }),
    );
  const calls = journeys
    .plan(journey)
    .effects.filter(({ kind, notBefore = now }) => kind !== 'send-notice' && notBefore <= now)
    .map(({ kind, entityId }): Awaited => ({ who: 'T', forWhat: kind, entityId }));
  const { open } = journey.emergency;
  const emergencies: Awaited[] = open ? [{ who: 'C', forWhat: 'emergency', entityId: open.caseId }] : [];
  return [...emergencies, ...gates(journey, now), ...consults(journey), ...tasks, ...calls];
}

function gates(journey: journeys.Journey, now: Instant): readonly Awaited[] {
  const { request, acceptedAt } = journey.intake;
  const template = request && templateOf(templates, request.templateId, request.templateVersion);
  if (!template || acceptedAt !== undefined || journey.closing.closed) return [];
  const who = request.requester.role === 'X' ? 'X' : 'P';
  return openGates(journey, template, now).map((gate) => ({ who, forWhat: gate, entityId: 'intake' }));
}

function consults({ consult: { byId } }: journeys.Journey): readonly Awaited[] {
  return Object.entries(byId).flatMap(([entityId, consult]): Awaited[] => {
    const { status, offer, clinicianId = offer?.clinicianId } = consult;
    if (!isOpen(consult)) return [];
    if (status === 'AwaitingPatient') return [{ who: 'P', forWhat: 'reply', entityId }];
    return [
      {
        who: 'C',
        ...(clinicianId && { id: clinicianId }),
        forWhat: status === 'Queued' || status === 'Offered' ? 'claim' : 'consult',
        entityId,
      },
    ];
  });
}
