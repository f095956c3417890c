import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, type Decision, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import { crisisText } from '../../templates/crisis-text.ts';
import { severityOf } from '../../templates/message-red-flags.ts';
import type { Template } from '../../templates/template.ts';
import { clock } from '../clocks.ts';
import { openConsult } from '../consult/state.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { openChildren } from '../super-state.ts';
import { taskOpened } from '../work/decide.ts';
import { EmergencyOutcome } from './events.ts';
import { caseOf, type EmergencyCase } from './state.ts';

const onCase = { caseId: Id };
const atTheScene = ['C', 'K', 'V'] as const;
const inTheOffice = ['C', 'K', 'M'] as const;

// Emergency advice, a hand-over and facts stand outside of the licence gate; only a stand-down is a clinical act.
export const commands = {
  /**
   * By any human present. The trigger is a code; those of the reference are `danger-zone-vitals` (source: AHRQ Emergency Severity Index
   * handbook, ch. 6), `blood-pressure` of 180 systolic or 120 diastolic or more, repeated after a minute, with symptoms (source: American
   * Heart Association) and `suicide-risk` (source: 988 Lifeline).
   */
  DeclareEmergency: {
    roles: atTheScene,
    facts: ['pathway'],
    data: z.strictObject({ trigger: Code, sourceRef: Ref.optional() }),
  },
  AcknowledgeEmergencyText: { roles: ['P', 'X'], data: z.strictObject({ textId: Id }) },
  RecordEmergencyCall: { roles: atTheScene, afterClose: true, data: z.strictObject({ ...onCase, reached: z.boolean() }) },
  ConfirmEmergencyLocation: { roles: atTheScene, data: z.strictObject({ ...onCase, addressRef: Ref }) },
  AdviseEms: { roles: atTheScene, data: z.strictObject(onCase) },
  RecordEmsCall: { roles: atTheScene, afterClose: true, data: z.strictObject({ ...onCase, agencyRef: Ref.optional() }) },
  GiveWarmHandoff: { roles: atTheScene, data: z.strictObject({ ...onCase, to: Code }) },
  /** A refusal of help counts only from a patient who is stated to be able to decide, and who was told what it means. */
  RecordEmsRefusal: {
    roles: ['C'],
    afterClose: true,
    data: z.strictObject({ ...onCase, refusalRef: Ref, capacityStated: z.literal(true) }),
  },
  TryEmergencyContact: { roles: inTheOffice, data: z.strictObject({ ...onCase, contactRef: Ref.optional(), outcome: Code }) },
  RequestWelfareCheck: { roles: inTheOffice, data: z.strictObject({ ...onCase, agencyRef: Ref.optional() }) },
  RecordWelfareCheck: {
    roles: inTheOffice,
    afterClose: true,
    data: z.strictObject({ ...onCase, outcome: Code, agencyRef: Ref.optional() }),
  },
  RecordEmergencyOutcome: { roles: inTheOffice, afterClose: true, data: z.strictObject({ ...onCase, outcome: EmergencyOutcome }) },
  StandDownEmergency: {
    roles: ['C'],
    clinical: true,
    facts: ['clinician'],
    data: z.strictObject({ ...onCase, reason: Code }),
  },
  RaiseRedFlag: {
    roles: ['T', 'C', 'K', 'V'],
    facts: ['pathway'],
    afterClose: true,
    data: z.strictObject({ ruleId: Id, ruleVersion: z.int().min(1).default(1), source: Code, sourceRef: Ref.optional() }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  // One case at a time: whoever sees the danger second finds it declared.
  DeclareEmergency: (journey, { data: { trigger, sourceRef } }, { facts: { pathway }, at, newId }) => {
    if (journey.emergency.open) return already;
    const caseId = newId('emergency');
    const declared = declareEmergency(journey, { caseId, trigger, at, ...(sourceRef && { sourceRef }) });
    return accept<JourneyEvent>(
      declared,
      trigger === 'suicide-risk' ? crisisTextShown(caseId) : emergencyTextShown(pathway.template, caseId),
    );
  },

  AcknowledgeEmergencyText: ({ emergency: { texts } }, { data: { textId } }) => {
    const shown = texts[textId];
    if (!shown) return refuse('entity-unknown');
    const { version, caseId, acknowledged } = shown;
    return acknowledged ? already : accept({ type: 'EmergencyTextAcknowledged', data: { textId, version, ...(caseId && { caseId }) } });
  },

  RecordEmergencyCall: (journey, { data, actor }) =>
    onKnown(journey, data.caseId, ({ calls }) => accept({ type: 'EmergencyCallMade', data: { ...data, n: calls + 1, by: actor.id } })),

  ConfirmEmergencyLocation: (journey, { data }) => onOpen(journey, data.caseId, { type: 'EmergencyLocationConfirmed', data }),

  AdviseEms: (journey, { data, actor }) => onOpen(journey, data.caseId, { type: 'EmsAdvised', data: { ...data, by: actor.id } }),

  RecordEmsCall: (journey, { data, actor }) =>
    onKnown(journey, data.caseId, () => accept({ type: 'EmsCalledByStaff', data: { ...data, by: actor.id } })),

  GiveWarmHandoff: (journey, { data, actor }) =>
    onOpen(journey, data.caseId, { type: 'WarmHandoffGiven', data: { ...data, by: actor.id } }),

  RecordEmsRefusal: (journey, { data, actor }) =>
    onKnown(journey, data.caseId, () => accept({ type: 'EmsDeclinedByPatient', data: { ...data, by: actor.id } })),

  TryEmergencyContact: (journey, { data, actor }) =>
    onOpen(journey, data.caseId, { type: 'EmergencyContactTried', data: { ...data, by: actor.id } }),

  RequestWelfareCheck: (journey, { data, actor }) =>
    onOpen(journey, data.caseId, { type: 'WelfareCheckRequested', data: { ...data, by: actor.id } }),

  RecordWelfareCheck: (journey, { data, actor }) =>
    onKnown(journey, data.caseId, () => accept({ type: 'WelfareCheckCompleted', data: { ...data, by: actor.id } })),

  RecordEmergencyOutcome: (journey, { data, actor }, { at, newId }) =>
    onKnown(journey, data.caseId, (known) => {
      if (known.outcome === data.outcome) return already;
      const recorded: JourneyEvent = { type: 'EmergencyOutcomeRecorded', data: { ...data, by: actor.id } };
      const seen = data.outcome === 'arrivedAtEd' && !followedUp(journey, data.caseId);
      const followUp = seen ? [taskOpened(journey, 'postEdFollowUp', { taskId: newId('task'), at, cites: [data.caseId] })] : [];
      return accept<JourneyEvent>(recorded, ...followUp, ...closureAsked(journey, known, data.outcome, actor.id));
    }),

  StandDownEmergency: (journey, { data, actor }) =>
    onOpen(journey, data.caseId, { type: 'EmergencyStoodDown', data: { ...data, by: actor.id } }),

  // From a message or a device, in every state, also a closed one: a clinician calls at once, and decides what it is.
  RaiseRedFlag: (journey, { data }, { facts: { pathway }, at, newId }) => {
    const severity = severityOf(data.ruleId);
    return accept<JourneyEvent>(
      { type: 'RedFlagRaised', data: { ...data, severity } },
      severity === 'crisis' ? crisisTextShown() : emergencyTextShown(pathway.template),
      taskOpened(journey, 'urgentCall', { taskId: newId('task'), at, cites: [data.ruleId] }),
    );
  },
};

/** A fact about a case is taken whenever it comes. */
function onKnown({ emergency }: Journey, caseId: string, act: (known: EmergencyCase) => Decision<JourneyEvent>): Decision<JourneyEvent> {
  const known = caseOf(emergency, caseId);
  return known ? act(known) : refuse('entity-unknown');
}

/** An act needs a case that is open. */
const onOpen = (journey: Journey, caseId: string, act: JourneyEvent): Decision<JourneyEvent> =>
  onKnown(journey, caseId, ({ endedAt }) => (endedAt === undefined ? accept(act) : refuse('not-allowed-in-state')));

const followedUp = ({ work }: Journey, caseId: string): boolean =>
  Object.values(work.tasks).some(({ kind, cites }) => kind === 'postEdFollowUp' && cites.includes(caseId));

/** With nothing else open the journey ends with the hand-off; a false alarm leads back, and a death is reported first. */
function closureAsked(journey: Journey, known: EmergencyCase, outcome: EmergencyOutcome, by: string): readonly JourneyEvent[] {
  const goesOn = openConsult(journey.consult) !== undefined || openChildren(journey).length > 0;
  if (known.endedAt !== undefined || goesOn || outcome === 'falseAlarm' || outcome === 'died') return [];
  return [{ type: 'ClosureRequested', data: { proposedOutcome: 'EmergencyHandedOff', by } }];
}

interface Declaration {
  readonly caseId: string;
  readonly trigger: string;
  readonly at: Instant;
  readonly sourceRef?: string;
}

/** Declares a case whose first call is due after the template's `emergency.call`. */
export const declareEmergency = (journey: Journey, { at, ...declared }: Declaration) =>
  ({
    type: 'EmergencyDeclared',
    data: { ...declared, ownerRole: 'C', callDueAt: at + clock(journey, 'emergency.call') },
  }) as const satisfies JourneyEvent;

/** The emergency text of the template, shown in the same response. */
export const emergencyTextShown = ({ emergencyText }: Template, caseId?: string): JourneyEvent => textShown(emergencyText, caseId);

/** The text that names the crisis line, shown in its place where somebody may harm themselves. */
export const crisisTextShown = (caseId?: string): JourneyEvent => textShown(crisisText, caseId);

const textShown = ({ textId, version }: Template['emergencyText'], caseId?: string): JourneyEvent => ({
  type: 'EmergencyTextShown',
  data: { textId, version, ...(caseId && { caseId }) },
});
