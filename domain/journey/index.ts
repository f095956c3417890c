// One journey: its stages composed into one decider (domain reference 3.1).
import { z } from 'zod';
import type { Command, Context } from '../kernel/command.ts';
import { type Decision, refuse } from '../kernel/decision.ts';
import { At, Code, type Happened, Id, type LicenceBasis } from '../kernel/event.ts';
import type { Deadline, Effect, Plan } from '../kernel/plan.ts';
import type { RefusalCode } from '../kernel/refusals.ts';
import * as closingDecide from './closing/decide.ts';
import * as closingPlan from './closing/plan.ts';
import * as closingState from './closing/state.ts';
import * as consultDecide from './consult/decide.ts';
import * as consultPlan from './consult/plan.ts';
import * as consultState from './consult/state.ts';
import * as deliveryDecide from './delivery/decide.ts';
import * as deliveryPlan from './delivery/plan.ts';
import * as deliveryState from './delivery/state.ts';
import * as emergencyDecide from './emergency/decide.ts';
import * as emergencyPlan from './emergency/plan.ts';
import * as emergencyState from './emergency/state.ts';
import * as escalations from './escalation.ts';
import type { JourneyEvent } from './events.ts';
import type { Facts } from './facts.ts';
import * as followUpDecide from './follow-up/decide.ts';
import * as followUpPlan from './follow-up/plan.ts';
import * as followUpState from './follow-up/state.ts';
import * as intakeDecide from './intake/decide.ts';
import * as intakePlan from './intake/plan.ts';
import * as intakeState from './intake/state.ts';
import * as labDecide from './lab/decide.ts';
import * as labPlan from './lab/plan.ts';
import * as labState from './lab/state.ts';
import { licenceBasis } from './licence-gate.ts';
import * as moneyDecide from './money/decide.ts';
import * as moneyPlan from './money/plan.ts';
import * as moneyState from './money/state.ts';
import { ownerOf } from './owner.ts';
import * as prescriptionDecide from './prescription/decide.ts';
import * as prescriptionPlan from './prescription/plan.ts';
import * as prescriptionState from './prescription/state.ts';
import type { Stage } from './stage.ts';
import { standingRules } from './standing-rules.ts';
import type { Journey } from './state.ts';
import * as visitDecide from './visit/decide.ts';
import * as visitPlan from './visit/plan.ts';
import * as visitState from './visit/state.ts';
import * as workDecide from './work/decide.ts';
import * as workPlan from './work/plan.ts';
import { stuck, tryAgain } from './work/plan.ts';
import * as workState from './work/state.ts';

export { events, type JourneyEvent } from './events.ts';
export type { Journey } from './state.ts';

const stage = (parts: Stage): Stage => parts;
const stages: readonly Stage[] = [
  stage({ ...intakeDecide, ...intakePlan }),
  stage({ ...emergencyDecide, ...emergencyPlan }),
  stage({ ...consultDecide, ...consultPlan }),
  stage({ ...visitDecide, ...visitPlan }),
  stage({ ...labDecide, ...labPlan }),
  stage({ ...prescriptionDecide, ...prescriptionPlan }),
  stage({ ...deliveryDecide, ...deliveryPlan }),
  stage({ ...followUpDecide, ...followUpPlan }),
  stage({ ...closingDecide, ...closingPlan }),
  stage({ ...moneyDecide, ...moneyPlan }),
  stage({ ...workDecide, ...workPlan }),
  stage({ commands: escalations.commands, decide: escalations.decide, plan: escalations.plan, elapse: escalations.elapse }),
];

const clock = {
  ElapseDeadline: {
    roles: ['T'],
    facts: ['pathway', 'conversation'],
    afterClose: true,
    data: z.strictObject({ name: Code, entityId: Id, dueAt: At }),
  },
} as const;

/** Every command of a journey, with who may give it, what it carries and what must be known to decide it. */
export const commands: Stage['commands'] = Object.assign({}, clock, ...stages.map((stage) => stage.commands));

export const initial: Journey = {
  revision: 0,
  heardAt: 0,
  lastCommand: '',
  intake: intakeState.initial,
  emergency: emergencyState.initial,
  consult: consultState.initial,
  visit: visitState.initial,
  lab: labState.initial,
  prescription: prescriptionState.initial,
  delivery: deliveryState.initial,
  followUp: followUpState.initial,
  closing: closingState.initial,
  money: moneyState.initial,
  work: workState.initial,
  escalation: escalations.initial,
};

/** The journey after one more event; total over every event that was ever written. */
export function evolve(journey: Journey, happened: Happened<JourneyEvent>): Journey {
  const intake = intakeState.evolve(journey.intake, happened);
  return {
    revision: journey.revision + 1,
    heardAt: Math.max(journey.heardAt, happened.occurredAt),
    lastCommand: happened.commandType,
    intake,
    emergency: emergencyState.evolve(journey.emergency, happened),
    consult: consultState.evolve(journey.consult, happened, visitState.openIds(journey.visit).length > 0),
    visit: visitState.evolve(journey.visit, happened),
    lab: labState.evolve(journey.lab, happened),
    prescription: prescriptionState.evolve(journey.prescription, happened),
    delivery: deliveryState.evolve(journey.delivery, happened),
    followUp: followUpState.evolve(journey.followUp, happened),
    closing: closingState.evolve(journey.closing, happened),
    money: moneyState.evolve(journey.money, happened),
    work: workState.evolve(journey.work, happened, intake.request?.slaSet.notices ?? []),
    escalation: escalations.evolve(journey.escalation, happened),
  };
}

/** What surrounds one decision: the facts that the command named and ids that follow from the command's own. */
export interface Given extends Context<Facts> {
  readonly commandId: string;
  /** Streams and versions that the facts were read from. */
  readonly basis: Readonly<Record<string, number>>;
}

export interface Decided {
  readonly events: readonly Happened<JourneyEvent>[];
  readonly refusal?: RefusalCode;
  /** The journey after the events. */
  readonly journey: Journey;
}

/** Decides one command on one journey, standing rules included. */
export function decide(journey: Journey, command: Command, given: Given): Decided {
  const spec = commands[command.type];
  if (!spec?.roles.includes(command.actor.role)) return settle(journey, command, refuse('not-your-role'), given);
  if (!journey.intake.request && command.type !== 'StartJourney') return settle(journey, command, refuse('entity-unknown'), given);
  if ((journey.closing.closed || journey.intake.refused) && !spec.afterClose)
    return settle(journey, command, refuse('journey-closed'), given);
  if (command.type === 'ElapseDeadline') {
    const deadline = command.data as Deadline;
    // One that fires late acts as of its own instant.
    const asOf = { ...given, at: deadline.dueAt };
    return settle(journey, command, elapse(journey, deadline, asOf), asOf);
  }
  const licence = spec.clinical ? licenceBasis(given.facts.clinician, journey.intake.location?.state ?? '', given.at) : undefined;
  if (spec.clinical && !licence) return settle(journey, command, refuseAct(command), given);
  const decision = stages.find((stage) => command.type in stage.decide)?.decide[command.type]?.(journey, command as never, given as never);
  return settle(journey, command, decision ?? refuse('not-allowed-in-state'), given, licence);
}

/** What a deadline leads to once it is reached: nothing before, nor if it no longer stands. */
function elapse(journey: Journey, deadline: Deadline, given: Given): Decision<JourneyEvent> {
  const { name, entityId, dueAt } = deadline;
  const stands = given.now >= dueAt && plan(journey).deadlines.some((d) => d.name === name && d.entityId === entityId && d.dueAt === dueAt);
  if (!stands) return { accepted: true, events: [] };
  const rule = stages.find((stage) => name in stage.elapse)?.elapse[name];
  return {
    accepted: true,
    events: rule ? rule(journey, deadline, given) : [{ type: 'SlaBreached', data: { clock: name, entityId, dueAt } }],
  };
}

/** What the journey waits for and who is answerable, from its state alone. */
export function plan(journey: Journey): Plan {
  if (!journey.intake.request) return { deadlines: [], effects: [], owner: null };
  const plans = stages.map((stage) => stage.plan(journey));
  const { closed } = journey.closing;
  const silent = closingState.isSilent(journey.closing);
  const stands = (deadline: Deadline): boolean =>
    // A journey keeps the clocks that it started with: one that was added later has no length there.
    !Number.isNaN(deadline.dueAt) &&
    !journey.work.breached[workState.breachKey(deadline)] &&
    (!closed || outliving.clocks.includes(deadline.name)) &&
    !(silent && toPatient.clocks.includes(deadline.name));
  const attempted = (effect: Effect) => (effect.kind === 'send-notice' ? tryAgain(journey, effect) : [effect]);
  const wanted = ({ kind }: Effect): boolean =>
    (!closed || outliving.effects.includes(kind)) && !(silent && toPatient.effects.includes(kind));
  const deadlines = plans.flatMap((of) => of.deadlines).filter(stands);
  return {
    deadlines: deadlines.length > 0 ? deadlines : stuck(journey).filter(stands),
    effects: plans
      .flatMap(({ effects }) => effects)
      .flatMap(attempted)
      .filter(wanted),
    owner: ownerOf(journey),
  };
}

/** Clocks and effects that do not end with the journey (domain reference, section 8). */
const outliving = {
  clocks: ['survey.remind', 'survey.end', 'recovery.start', 'task.due', 'escalation.ack', 'redflag.call', 'ed.followup'],
  effects: ['send-notice', 'request-payment', 'query-payment', 'issue-receipt'],
};

/** Clocks and effects that end when nothing more may reach the patient. */
const toPatient = { clocks: ['followup.checkin'], effects: ['send-check-in'] };

const refuseAct = ({ type, actor, data }: Command): Decision<JourneyEvent> =>
  refuse('licence-not-valid-here', {
    type: 'ClinicalActRefused',
    data: { commandType: type, entityId: subjectOf(data), clinicianId: actor.id, reason: 'licence-not-valid-here' },
  } satisfies JourneyEvent);

/** The first id that a command's data names. */
const subjectOf = (data: unknown): string => Object.entries(data as object).find(([key]) => key.endsWith('Id'))?.[1] ?? 'journey';

/** Gives a decision's events their ids, lets the standing rules add theirs, and folds them all. */
function settle(journey: Journey, command: Command, decision: Decision<JourneyEvent>, given: Given, licence?: LicenceBasis): Decided {
  const draft: Draft = { journey, events: [] };
  const first = append(draft, decision.events, command, given, licence);
  if (!decision.accepted) return { ...first, refusal: decision.code };
  if (decision.events.length === 0) return first;
  return standingRules.reduce(
    (soFar, rule) => append(soFar, rule(soFar.journey, { ...given, happened: soFar.events }), command, given),
    first,
  );
}

interface Draft {
  readonly journey: Journey;
  readonly events: readonly Happened<JourneyEvent>[];
}

function append(draft: Draft, events: readonly JourneyEvent[], command: Command, given: Given, licence?: LicenceBasis): Draft {
  const { at, commandId, basis, eventId } = given;
  const added = events.map((event, i): Happened<JourneyEvent> => {
    const ordinal = draft.events.length + i;
    const bases = {
      ...(ordinal === 0 && Object.keys(basis).length > 0 && { basis: mergeBasis(event, basis) }),
      ...(ordinal === 0 && licence && { licenceBasis: licence }),
    };
    return {
      ...event,
      data: { ...event.data, ...bases },
      id: eventId(ordinal),
      occurredAt: at,
      commandId,
      commandType: command.type,
      actor: command.actor,
    } as Happened<JourneyEvent>;
  });
  return { journey: added.reduce(evolve, draft.journey), events: [...draft.events, ...added] };
}

const mergeBasis = ({ data }: JourneyEvent, facts: Readonly<Record<string, number>>) => ({ ...data.basis, facts: { ...facts } });
