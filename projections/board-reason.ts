// Why a journey stands on the board: whom it waits for, what would move it on, and whether it needs a human.
import { type Gate, openGates } from '../domain/journey/acceptance-gates.ts';
import { type Consult, openConsult } from '../domain/journey/consult/state.ts';
import { calledUp } from '../domain/journey/escalation.ts';
import { openQuestions } from '../domain/journey/follow-up/state.ts';
import * as journeys from '../domain/journey/index.ts';
import { paysAlone } from '../domain/journey/intake/coverage.ts';
import { superState } from '../domain/journey/super-state.ts';
import type { Instant } from '../domain/kernel/time.ts';
import { templateOf, templates } from '../domain/templates/index.ts';
import { deliveries, labOrders, patientOf, prescriptions, results, visits } from './board-care.ts';
import { emergencies } from './board-emergency.ts';
import type { Reason } from './board-row.ts';

type Journey = journeys.Journey;

/** The most pressing reason: the first that needs a human, else the first. `at` is when the journey was last heard of. */
export function reasonFor(journey: Journey, at: Instant): Reason {
  const reasons = [...pressing(journey), ...underWay(journey, at)];
  return reasons.find(({ needsHuman }) => needsHuman) ?? reasons[0] ?? atTheEnd(journey);
}

/** True while a clock runs that guards a life: an emergency case, an urgent call, a visitor in a home. */
export function isSafety({ emergency, work, visit }: Journey): boolean {
  const urgent = Object.values(work.tasks).some(({ kind, status }) => kind === 'urgentCall' && status === 'open');
  return emergency.open !== undefined || urgent || Object.values(visit.byId).some(({ timer }) => timer);
}

function pressing(journey: Journey): readonly Reason[] {
  const tasks = Object.values(journey.work.tasks)
    .filter(({ status }) => status === 'open')
    .toSorted((a, b) => a.dueAt - b.dueAt)
    .map(
      ({ ownerRole, ownerId }): Reason => ({
        why: 'taskOpen',
        waitingOn: { who: ownerRole, ...(ownerId && { id: ownerId }) },
        unblocks: ownerId ? 'CompleteTask' : 'ClaimTask',
        needsHuman: true,
      }),
    );
  return [...emergencies(journey), ...incidents(journey), ...escalations(journey), ...tasks, ...brokenPromises(journey)];
}

/** Something went wrong that somebody has to look into; a rule of ours that failed, first of all. */
const incidents = ({ work }: Journey): readonly Reason[] =>
  Object.values(work.incidents)
    .filter(({ open }) => open)
    .map(() => ({ why: 'incidentOpen', waitingOn: { who: 'K' }, unblocks: 'CloseIncident', needsHuman: true }));

/** Somebody was called up and has not answered, for as long as what it was about is open. */
const escalations = (journey: Journey): readonly Reason[] =>
  calledUp(journey).map(([, { recipientRole }]) => ({
    why: 'escalationOpen',
    waitingOn: { who: recipientRole },
    unblocks: 'AcknowledgeEscalation',
    needsHuman: true,
  }));

/** What a breached clock was waiting for; a clock that is not named here is anybody's guess, so a coordinator looks. */
const remedies: Readonly<Record<string, string>> = {
  'consult.firstcontact': 'ClaimConsult',
  'async.first': 'NoteConversationTurn',
  'chat.first': 'NoteConversationTurn',
  'chat.idle': 'NoteConversationTurn',
  'video.wait': 'StartConsult',
  'visit.book': 'BookVisit',
  'disposition.limit': 'BookVisit',
  'review.abnormal': 'ReviewResult',
  'review.normal': 'ReviewResult',
  'inform.abnormal': 'InformPatientOfResult',
  'inform.normal': 'InformPatientOfResult',
  'rx.verify': 'RecordPharmacyStatus',
  'rx.accept': 'RecordPharmacyStatus',
  'rx.change': 'AnswerPharmacyChange',
  'rx.cancel': 'RecordRxCancelAnswer',
  'rx.pickup': 'RecordPharmacyStatus',
  'delivery.courier': 'RecordDeliveryStatus',
  'delivery.mail': 'RecordDeliveryStatus',
  'followup.reply': 'NoteConversationTurn',
  'recovery.start': 'RecordContactAttempt',
  'redflag.call': 'RecordContactAttempt',
  'ed.followup': 'CompleteTask',
};

/** Clocks that were breached and that nothing has stopped since. */
function brokenPromises(journey: Journey): readonly Reason[] {
  const { breached } = journey.work;
  if (Object.keys(breached).length === 0) return [];
  const { deadlines, owner } = journeys.plan({ ...journey, work: { ...journey.work, breached: {} } });
  const { role: who, id } = owner ?? { role: 'K' };
  return deadlines
    .filter(({ name, entityId, dueAt }) => breached[`${name}:${entityId}:${dueAt}`] && name !== 'task.due')
    .map(({ name }) => ({
      why: 'promiseBroken',
      waitingOn: { who, ...(id && { id }) },
      unblocks: remedies[name] ?? 'OpenTask',
      needsHuman: true,
    }));
}

function underWay(journey: Journey, at: Instant): readonly Reason[] {
  if (superState(journey) === 'Closed') return [];
  return [
    ...consult(journey),
    ...questions(journey),
    ...results(journey),
    ...visits(journey),
    ...labOrders(journey),
    ...prescriptions(journey),
    ...deliveries(journey),
    ...intake(journey, at),
  ];
}

function consult(journey: Journey): readonly Reason[] {
  const open = openConsult(journey.consult);
  if (!open) return [];
  if (open.status === 'Queued') return [{ why: 'consultQueued', waitingOn: { who: 'C' }, unblocks: 'ClaimConsult', needsHuman: true }];
  if (open.status === 'Offered')
    return [
      {
        why: 'consultQueued',
        waitingOn: { who: 'C', ...(open.offer && { id: open.offer.clinicianId }) },
        unblocks: 'ClaimConsult',
        needsHuman: true,
      },
    ];
  if (open.handover) {
    const { to } = open.handover;
    return [{ why: 'consultHeld', waitingOn: { who: 'C', ...(to && { id: to }) }, unblocks: 'AcceptHandover', needsHuman: true }];
  }
  if (open.status === 'AwaitingPatient')
    return [{ why: 'patientToAnswer', waitingOn: patientOf(journey), unblocks: 'PostMessage', needsHuman: false }];
  const waitingOn = { who: 'C', ...(open.clinicianId && { id: open.clinicianId }) } as const;
  return [{ why: 'consultHeld', waitingOn, unblocks: nextOf(open, journey), needsHuman: true }];
}

function nextOf({ status }: Consult, { consult: { disposition } }: Journey): string {
  if (status === 'Claimed') return 'StartConsult';
  return disposition ? 'CompleteConsult' : 'DecideDisposition';
}

function questions({ followUp, consult: { byId } }: Journey): readonly Reason[] {
  const [question] = openQuestions(followUp);
  if (!question) return [];
  const id = question.routed ? undefined : byId[question.conversationId]?.clinicianId;
  return [{ why: 'questionOpen', waitingOn: { who: 'C', ...(id && { id }) }, unblocks: 'PostMessage', needsHuman: true }];
}

/** Which command satisfies a gate. A price is quoted before it is accepted. */
const gateCommands: Readonly<Record<Gate, string>> = {
  identity: 'VerifyIdentity',
  location: 'AttestLocation',
  price: 'AcceptPrice',
  consent: 'GrantConsent',
  questionnaire: 'SubmitQuestionnaire',
  redFlags: 'SubmitQuestionnaire',
  proxy: 'VerifyProxy',
  coverage: 'RecordEligibility',
};

/** In the order in which a person is led through them; what the system and the payer have to answer comes last. */
function intake(journey: Journey, at: Instant): readonly Reason[] {
  const { request, acceptedAt, quotes, eligibility } = journey.intake;
  const template = request && templateOf(templates, request.templateId, request.templateVersion);
  if (!request || acceptedAt !== undefined) return [];
  const open = template ? openGates(journey, template, at) : [];
  const gate = (Object.keys(gateCommands) as Gate[]).find((name) => open.includes(name)) ?? 'identity';
  const reason = { why: 'intakeIncomplete', needsHuman: false } as const;
  if (gate === 'proxy') return [{ ...reason, waitingOn: { who: 'T' }, unblocks: gateCommands.proxy }];
  // Nobody but the patient is left to pay.
  if (gate === 'coverage' && paysAlone(eligibility)) return [{ ...reason, waitingOn: patientOf(journey), unblocks: 'QuotePrice' }];
  if (gate === 'coverage') return [{ ...reason, waitingOn: { who: 'A', id: 'eligibility' }, unblocks: gateCommands.coverage }];
  const unquoted = gate === 'price' && Object.keys(quotes).length === 0;
  return [{ ...reason, waitingOn: patientOf(journey), unblocks: unquoted ? 'QuotePrice' : gateCommands[gate] }];
}

/** Nothing is under way: the journey is over, closes, or only waits for time to pass. */
function atTheEnd(journey: Journey): Reason {
  const state = superState(journey);
  const { followUp, closing } = journey;
  if (state === 'Closed') return closed(Object.values(closing.recoveries));
  if (followUp.until !== undefined && !followUp.closed) {
    const asked = Object.values(followUp.checkIns).some(({ status }) => status === 'sent');
    return asked
      ? { why: 'followUpRunning', waitingOn: patientOf(journey), unblocks: 'AnswerCheckIn', needsHuman: false }
      : { why: 'followUpRunning', waitingOn: { who: 'T' }, unblocks: 'ElapseDeadline', needsHuman: false };
  }
  if (state === 'Closing' || closing.reopened)
    return { why: 'closingBlocked', waitingOn: { who: 'K' }, unblocks: 'RequestClosure', needsHuman: true };
  // No consult is open and none has completed: a coordinator finds out how the patient goes on.
  return { why: 'consultQueued', waitingOn: { who: 'K' }, unblocks: 'QueueConsult', needsHuman: true };
}

/** A complaint outlives the journey. */
function closed(recoveries: readonly { readonly started: boolean }[]): Reason {
  if (recoveries.length === 0) return { why: 'closed', waitingOn: { who: 'T' }, unblocks: '', needsHuman: false };
  const unblocks = recoveries.some(({ started }) => !started) ? 'RecordContactAttempt' : 'CloseServiceRecovery';
  return { why: 'closed', waitingOn: { who: 'K' }, unblocks, needsHuman: true };
}
