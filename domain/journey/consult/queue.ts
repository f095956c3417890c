// How a consult waits for a clinician, is taken by one, and comes off the list without one (domain reference 5.2).
import { z } from 'zod';
import { afterOpenTime } from '../../kernel/calendar.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Template } from '../../templates/template.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { Modality } from '../intake/events.ts';
import { licenceBasis, licenceRefused, licenceVerified } from '../licence-gate.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from '../work/decide.ts';
import { whileOpen } from './holder.ts';
import { isOffered } from './modality.ts';
import { isOpen, openConsults } from './state.ts';

const consult = { consultId: Id };

export const commands = {
  QueueConsult: {
    roles: ['P', 'X', 'K', 'C', 'T'],
    facts: ['pathway'],
    data: z.strictObject({ modality: Modality, priority: z.enum(['routine', 'urgent']), reasonCode: Code }),
  },
  OfferConsult: { roles: ['T', 'K'], facts: ['clinician'], data: z.strictObject({ ...consult, clinicianId: Id }) },
  DeclineConsultOffer: { roles: ['C'], data: z.strictObject({ ...consult, reason: Code.optional() }) },
  ClaimConsult: { roles: ['C'], facts: ['clinician'], data: z.strictObject(consult) },
  EndConsultByPatient: { roles: ['P', 'X'], data: z.strictObject({ ...consult, reason: Code.optional() }) },
  CancelConsult: { roles: ['C', 'K', 'T'], data: z.strictObject({ ...consult, reason: Code }) },
  TransferConsult: { roles: ['C', 'K', 'T'], data: z.strictObject({ ...consult, reason: Code, toOrganisation: Id }) },
} satisfies CommandSpecs<FactName>;

/** The most urgent levels, at which a patient who leaves is called back. */
const calledBack = 4;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  QueueConsult: (journey, { data, actor }, { facts: { pathway }, at, newId }) => {
    if (journey.intake.acceptedAt === undefined) return refuse('not-allowed-in-state');
    // How urgent it is, is for staff to say.
    if (data.priority === 'urgent' && (actor.role === 'P' || actor.role === 'X')) return refuse('not-your-role');
    if (openConsults(journey.consult).some(({ reasonCode }) => reasonCode === data.reasonCode)) return refuse('consult-already-open');
    if (!isOffered(journey, pathway.template, data.modality)) return refuse('modality-not-offered');
    return accept(consultQueued(journey, pathway.template, { ...data, consultId: newId('consult') }, at));
  },

  OfferConsult: (journey, { data }, { facts: { clinician }, at }) =>
    whileOpen(journey.consult.byId[data.consultId], ({ status, modality }) => {
      if (status !== 'Queued') return refuse('not-allowed-in-state');
      if (!licenceBasis(clinician, journey.intake.location?.state ?? '', at)) return refuse('licence-not-valid-here');
      // Only a patient who waits before a screen makes the offer lapse.
      const expires = modality === 'video' && { expiresAt: at + clock(journey, 'video.offer') };
      return accept({ type: 'ConsultOffered', data: { ...data, ...expires } });
    }),

  DeclineConsultOffer: ({ consult: { byId } }, { data, actor }) =>
    whileOpen(byId[data.consultId], ({ status, offer }) => {
      if (status !== 'Offered' || !offer) return refuse('not-allowed-in-state');
      if (offer.clinicianId !== actor.id) return refuse('not-your-role');
      return accept({ type: 'ConsultOfferDeclined', data: { ...data, clinicianId: actor.id } });
    }),

  // One of two concurrent claims wins, because a journey's commands are decided one after the other.
  ClaimConsult: ({ consult: { byId }, intake }, { data: { consultId }, actor }, { facts: { clinician }, at }) =>
    whileOpen(byId[consultId], (known) => {
      if (known.clinicianId === actor.id) return already;
      if (known.clinicianId) return refuse('already-claimed');
      const state = intake.location?.state ?? '';
      const basis = licenceBasis(clinician, state, at);
      if (!basis) return refuse('licence-not-valid-here', licenceRefused(actor.id, state));
      return accept<JourneyEvent>(licenceVerified(basis), {
        type: 'ConsultClaimed',
        data: { consultId, clinicianId: actor.id, groupId: basis.groupId, modality: known.modality },
      });
    }),

  // Before the start there is nothing to end: a patient who waits no longer cancels.
  EndConsultByPatient: (journey, { data }, { at, newId }) =>
    whileOpen(journey.consult.byId[data.consultId], ({ startedAt }) => {
      if (startedAt === undefined) return refuse('not-allowed-in-state');
      const call = mayBeUrgent(journey) ? [taskOpened(journey, 'callback', { taskId: newId('task'), at, cites: [data.consultId] })] : [];
      return accept<JourneyEvent>({ type: 'ConsultEndedByPatient', data }, ...call);
    }),

  CancelConsult: ({ consult: { byId } }, { data, actor }) => {
    const holder = byId[data.consultId]?.clinicianId;
    if (actor.role === 'C' && holder !== undefined && holder !== actor.id) return refuse('not-your-role');
    return whileOpen(byId[data.consultId], () => accept({ type: 'ConsultCancelled', data }));
  },

  TransferConsult: ({ consult: { byId } }, { data, actor }) => {
    const holder = byId[data.consultId]?.clinicianId;
    if (actor.role === 'C' && holder !== undefined && holder !== actor.id) return refuse('not-your-role');
    return whileOpen(byId[data.consultId], () => accept({ type: 'ConsultTransferred', data }));
  },
};

/** A level that needs somebody soon was decided, or a danger was seen before anybody decided. */
export function mayBeUrgent({ consult: { disposition }, intake }: Journey): boolean {
  return disposition ? disposition.level <= calledBack : intake.urgentFlag || intake.redFlags === 'raised';
}

/** Clocks that pause outside the hours in which clinicians take consults. */
const pausing = ['consult.firstcontact', 'chat.first', 'async.first'] as const;

interface Queued {
  readonly consultId: string;
  readonly modality: 'async' | 'video' | 'chat' | 'phone' | 'clinicSite';
  readonly priority: 'routine' | 'urgent' | 'head';
  readonly reasonCode: string;
}

/** A consult in the queue, with the due instants of the clocks that the template's calendar pauses. */
export function consultQueued(journey: Journey, { consultCalendar }: Template, queued: Queued, at: Instant): JourneyEvent {
  if (!consultCalendar) return { type: 'ConsultQueued', data: queued };
  const due = Object.fromEntries(pausing.map((name) => [name, afterOpenTime(at, clock(journey, name), consultCalendar)]));
  return { type: 'ConsultQueued', data: { ...queued, basis: { due } } };
}

/** Who holds an open consult now. */
export const holdersOf = ({ consult: { byId } }: Journey): readonly string[] => [
  ...new Set(Object.values(byId).flatMap((known) => (isOpen(known) && known.clinicianId ? [known.clinicianId] : []))),
];
