// By which way patient and clinician meet, and what the video system tells of it (domain reference 5.2).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id } from '../../kernel/event.ts';
import type { Template } from '../../templates/template.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { Modality } from '../intake/events.ts';
import type { Journey } from '../state.ts';
import { Participant } from './events.ts';
import { whileOpen } from './holder.ts';
import { type Consult, isOpen } from './state.ts';

export const commands = {
  RecordVideoState: {
    roles: ['A'],
    source: 'video',
    afterClose: true,
    data: z.strictObject({
      consultId: Id,
      state: z.enum(['connected', 'dropped', 'resumed']),
      participant: Participant,
      cause: Code.optional(),
    }),
  },
  ChangeModality: {
    roles: ['P', 'X', 'C'],
    facts: ['pathway'],
    data: z.strictObject({ consultId: Id, to: Modality, reason: Code }),
  },
} satisfies CommandSpecs<FactName>;

const videoEvents = { connected: 'VideoConnected', dropped: 'VideoDropped', resumed: 'VideoResumed' } as const;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  RecordVideoState: ({ consult: { byId } }, { data: { state, ...video } }) => {
    const known = byId[video.consultId];
    if (!known) return refuse('entity-unknown');
    const stated: JourneyEvent = { type: videoEvents[state], data: video };
    if (state !== 'dropped' || !dropsAgain(known)) return accept(stated);
    const { consultId } = video;
    return accept<JourneyEvent>(stated, {
      type: 'ModalityChanged',
      data: { consultId, from: 'video', to: 'phone', reason: 'video-dropped-twice' },
    });
  },

  ChangeModality: (journey, { data: { to, ...why }, actor }, { facts: { pathway } }) =>
    whileOpen(journey.consult.byId[why.consultId], ({ modality: from, clinicianId }) => {
      if (actor.role === 'C' && clinicianId !== actor.id) return refuse('not-your-role');
      if (from === to) return already;
      if (!isOffered(journey, pathway.template, to)) return refuse('modality-not-offered');
      return accept({ type: 'ModalityChanged', data: { ...why, from, to } });
    }),
};

/** A picture that is lost a second time is not waited for: the telephone holds. */
const dropsAgain = (consult: Consult): boolean =>
  isOpen(consult) && consult.modality === 'video' && consult.startedAt !== undefined && consult.status !== 'Dropped' && consult.drops > 0;

/** True once a rule found a danger in what the patient said. */
const isFlagged = ({ intake: { redFlags, urgentFlag } }: Journey): boolean => redFlags === 'raised' || urgentFlag;

/** True for a way to meet that the pathway offers; some are there only for patients with a red flag. */
export const isOffered = (
  journey: Journey,
  { consultModalities, redFlagModalities = [] }: Template,
  modality: Consult['modality'],
): boolean => consultModalities.includes(modality) || (isFlagged(journey) && redFlagModalities.includes(modality));

/** How the first consult is held: as it was asked for, unless a red flag needs a closer look. */
export const firstModality = (journey: Journey, { redFlagModalities = [] }: Template, asked: Consult['modality']): Consult['modality'] =>
  (isFlagged(journey) && redFlagModalities[0]) || asked;
