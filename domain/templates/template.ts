// A care pathway is data (domain reference, section 15). This is its shape; each pathway is one file beside it.
import { z } from 'zod';
import { At, Code, Id, text } from '../kernel/event.ts';
import { BillingLine } from '../reference/employer.ts';

/** Every clock that a template must give a length for, in milliseconds; names and meaning in the domain reference, section 8. */
export const clockNames = [
  'intake.abandon',
  'eligibility.retry',
  'eligibility.recheck',
  'emergency.call',
  // Of these three: from the due time to the breach.
  'emergency.callback',
  'emergency.contact',
  'emergency.welfare',
  'async.first',
  'chat.first',
  'video.wait',
  'video.offer',
  'video.reconnect',
  'consult.firstcontact',
  'patient.reply',
  'disposition.approval',
  'visit.book',
  'slot.hold',
  'visit.unconfirmed',
  'loneworker',
  'loneworker.rung',
  'review.abnormal',
  'review.normal',
  'inform.abnormal',
  'inform.normal',
  'rx.send',
  'rx.reconcile',
  'rx.verify',
  'rx.accept',
  'rx.change',
  'rx.change.critical',
  'rx.cancel',
  'rx.pickup',
  'delivery.courier',
  // In days of business.
  'delivery.mail',
  // A bound that is a number of times, not a length of time.
  'delivery.attempts',
  'followup.group',
  'followup.reply',
  'followup.checkin',
  'survey.remind',
  'survey.end',
  'visit.summary',
  'visit.freecancel',
  'dispatch.round',
  'visit.lead',
  'lists.fresh',
  'quote.valid',
  'recovery.start',
  'door.wait',
  'followup.result',
  'escalation.ack',
  'escalation.duress',
  'stuck',
  // A number of times: so often the patient is tried before nobody need try again.
  'contact.attempts',
] as const;
export type ClockName = (typeof clockNames)[number];

/** Lists of offsets, in milliseconds, for effects with a time (reminders, retries and queries) and for duties of the emergency case. */
export const scheduleNames = [
  'intake.remind',
  'eligibility.retry',
  'emergency.callback',
  'emergency.welfare',
  'patient.reply',
  'chat.idle',
  'visit.reminder',
  'rx.send',
  'rx.reconcile',
  'notice.retry',
  'copay.retry',
  'copay.query',
  'courier.query',
  'rx.pickup',
] as const;
export type ScheduleName = (typeof scheduleNames)[number];

const Milliseconds = z.int().min(0);

/** One notice that an event causes. The event is the intent; `NoticeSent` or `NoticeFailed` is the outcome. */
export const NoticeRule = z.strictObject({
  event: Code,
  kind: Code,
  recipientRole: z.enum(['P', 'X', 'C', 'K', 'V', 'D']),
  channel: z.enum(['push', 'sms', 'email']),
  textVersion: z.int().min(1),
});
export type NoticeRule = z.output<typeof NoticeRule>;

const taskKinds = [
  'areaClosing',
  'callback',
  'continuityPlan',
  'deliveryProblem',
  'dependentAct',
  'identityHelp',
  'labCall',
  'labReject',
  'patientCall',
  'patientInstruction',
  'pharmacistDecision',
  'pharmacyCall',
  'pharmacyChoice',
  'postEdFollowUp',
  'publicHealth',
  'reReview',
  'rebook',
  'rebookElsewhere',
  'recollect',
  'referralReview',
  'rerefer',
  'riskReview',
  'ruleReview',
  'rxReject',
  'safetyReview',
  'urgentCall',
] as const;
export const TaskKind = z.enum(taskKinds);
export type TaskKind = z.output<typeof TaskKind>;

/** The values in force for one journey; they stand on `JourneyRequested`, so that a plan needs no fact. */
export const SlaSet = z.strictObject({
  clocks: z.record(z.enum(clockNames), Milliseconds),
  schedules: z.record(z.enum(scheduleNames), z.array(Milliseconds).max(10)),
  tasks: z.record(TaskKind, z.strictObject({ ownerRole: z.enum(['C', 'K', 'D', 'A', 'W']), dueIn: Milliseconds })),
  notices: z.array(NoticeRule).max(60),
  checkInDays: z.array(z.int().min(1).max(60)).max(10),
});
export type SlaSet = z.output<typeof SlaSet>;

/** The same as a journey keeps it: a clock, a schedule or a kind of task that was added since the journey started is not there. */
export const KeptSlaSet = SlaSet.extend({
  clocks: z.partialRecord(SlaSet.shape.clocks.keyType, SlaSet.shape.clocks.valueType),
  schedules: z.partialRecord(SlaSet.shape.schedules.keyType, SlaSet.shape.schedules.valueType),
  tasks: z.partialRecord(SlaSet.shape.tasks.keyType, SlaSet.shape.tasks.valueType),
});
export type KeptSlaSet = z.output<typeof KeptSlaSet>;

const RedFlagRule = z.strictObject({
  ruleId: Id,
  version: z.int().min(1),
  severity: z.enum(['emergency', 'crisis', 'urgent']),
  /** The rule is raised when this item has this answer; an item without an answer raises it too. */
  item: Code,
  equals: z.boolean(),
});
export type RedFlagRule = z.output<typeof RedFlagRule>;

/** Opening hours of one kind of work: days 1 (Monday) to 7, hours of the local day. */
export const Calendar = z.strictObject({
  calendarId: Id,
  version: z.int().min(1),
  zone: text(60),
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  fromHour: z.int().min(0).max(23),
  toHour: z.int().min(1).max(24),
});
export type Calendar = z.output<typeof Calendar>;

/** What the clinician's disposition allows (domain reference 5.2): hours to the latest start; `today` ends with the patient's day. */
const OuterLimit = z.union([z.literal('now'), z.literal('today'), z.literal('none'), z.strictObject({ hours: z.number().positive() })]);

/** Schedules of controlled substances (source: 21 CFR part 1308); Schedule I has no accepted medical use. */
export const Schedule = z.enum(['II', 'III', 'IV', 'V']);
export type Schedule = z.output<typeof Schedule>;

/** A medicine that the pathway allows, and what is special about carrying it. */
const Medicine = z.strictObject({
  rxnorm: Code,
  label: text(80),
  handling: z.array(z.enum(['adultSignature', 'coldChain'])),
  schedule: Schedule.optional(),
  /** A delay is a danger of its own: the clinician is told. */
  doseCritical: z.literal(true).optional(),
  /** What the label allows between the pharmacy and the patient, in degrees Celsius. */
  storage: z.strictObject({ from: z.number(), to: z.number() }).optional(),
});
export type Medicine = z.output<typeof Medicine>;

export const Template = z.strictObject({
  templateId: Id,
  version: z.int().min(1),
  owner: Id,
  effectiveFrom: At,
  effectiveTo: At.optional(),
  condition: z.strictObject({ code: Code, label: text(80), synonyms: z.array(text(60)).max(20) }),
  entryPoints: z.array(z.enum(['app', 'clinicWalkIn', 'employerReferral', 'selfScheduledTest', 'clinicianReferral'])).min(1),
  firstStep: z.enum(['consult', 'protocol']),
  questionnaire: z.strictObject({
    questionnaireId: Id,
    versions: z.array(z.int().min(1)).min(1),
    items: z.array(z.strictObject({ item: Code, label: text(200) })).max(60),
  }),
  redFlags: z.array(RedFlagRule).max(60),
  emergencyText: z.strictObject({ textId: Id, version: z.int().min(1), text: text(2_000) }),
  eligibleAge: z.strictObject({ from: z.int().min(0), to: z.int().max(130).optional() }),
  states: z.array(z.string().length(2)).min(1),
  consultModalities: z.array(z.enum(['async', 'video', 'chat', 'phone', 'clinicSite'])).min(1),
  /** Offered in place of the others to a patient with a red flag; the first of them holds the first consult. */
  redFlagModalities: z.array(z.enum(['async', 'video', 'chat', 'phone', 'clinicSite'])).optional(),
  visitPlaces: z.array(z.enum(['home', 'office', 'clinicSite', 'driveUpSite', 'drawStation'])),
  pointOfCareTests: z.array(z.strictObject({ loinc: Code, label: text(80), abnormal: z.array(Code) })).max(20),
  medicines: z.array(Medicine).max(40),
  /** None, or the schedules that may be prescribed and the rules that this relies on. */
  controlledSubstances: z.union([z.literal('none'), z.strictObject({ schedules: z.array(Schedule).min(1), ruleIds: z.array(Id).min(1) })]),
  dispositionLimits: z.record(z.enum(['1', '2', '3', '4', '5', '6', '7', '8', '9']), OuterLimit),
  slaSet: SlaSet,
  followUp: z.strictObject({ days: z.int().min(1), anchor: z.enum(['consultCompleted', 'journeyClosed', 'none']) }),
  consentScopes: z.array(Code).min(1),
  minorConsentStates: z.array(z.string().length(2)),
  survey: z.strictObject({ instrument: Id, version: z.int().min(1) }),
  operationsCalendar: Calendar,
  /** Hours in which clinicians take consults; without it they always do. */
  consultCalendar: Calendar.optional(),
  /** What somebody pays who pays alone; without it the pathway has no such price. */
  selfPay: z.array(BillingLine).max(20).optional(),
});
export type Template = z.output<typeof Template>;
