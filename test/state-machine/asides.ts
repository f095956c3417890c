import { minute } from '../../domain/kernel/time.ts';
import { homeVisit, swab } from '../journeys/consult-setting.ts';
import type { Decider, Play } from './play.ts';
import { giveInTime, waysOf, worked } from './ways.ts';

/** Who gives a step, if it is not whoever usually does, and how long that takes. */
type Otherwise = { readonly who?: string; readonly passes?: number };
type Step = readonly [command: string, data?: object, otherwise?: Otherwise];

/** A way aside from J-1: what is given after one of its commands. */
export interface Aside {
  /** The event of J-1 after which it turns off. */
  readonly after: string;
  /** Each with what its data must say; the rest is what fits the journey. A deadline is named by its clock. */
  readonly steps: readonly Step[];
}

const vaccine = { taskRef: 'vaccine', kind: 'vaccine', orderId: 'o2' };

/** Ways to what single commands, each tried at every step of J-1, do not find. */
export const asides: readonly Aside[] = [
  {
    after: 'ConsultQueued',
    steps: [['DeclareEmergency'], ['StandDownEmergency']],
  },
  {
    after: 'ConsultQueued',
    steps: [['ChangeModality', { to: 'video' }], ['OfferConsult'], ['ElapseDeadline', { name: 'video.offer' }]],
  },
  {
    after: 'ConsultQueued',
    steps: [
      ['OpenTask', { kind: 'safetyReview' }],
      ['CompleteTask', { resultCode: 'expire' }],
    ],
  },
  {
    after: 'ConsultStarted',
    steps: [
      ['ChangeModality', { to: 'video' }],
      ['RecordVideoState', { state: 'dropped' }],
    ],
  },
  {
    after: 'ConsultStarted',
    steps: [
      ['RequestHandover', { to: undefined }],
      ['AcceptHandover', {}, { who: 'clinician-2' }],
    ],
  },
  {
    after: 'AssessmentRecorded',
    steps: [
      ['DecideDisposition', { level: 3 }],
      ['DecideDisposition', { level: 6 }],
      ['ApproveDispositionLowering', {}, { who: 'clinician-2' }],
    ],
  },
  {
    after: 'CarePlanAgreed',
    steps: [
      ['PlaceOrders', { orders: [{ ...homeVisit, place: 'clinicSite', tasks: [vaccine], skills: [] }] }],
      ['HoldSlot'],
      ['BookVisit'],
      ['CheckInAtSite'],
      ['IdentifyPatientAtVisit', { matches: true }],
      ['StartVisit'],
      ['AdministerVaccine', { orderId: 'o2' }],
    ],
  },
  { after: 'CarePlanAgreed', steps: [['PlaceOrders', { orders: [{ ...homeVisit, skills: [] }, swab] }]] },
  { after: 'VisitorArrived', steps: [['RecordNoShow', {}, { passes: 15 * minute }]] },
  {
    after: 'PharmacyChosen',
    steps: [
      ['ChoosePharmacy', { fulfilment: 'pickup' }],
      ['DraftPrescription', { citesResults: [], replaces: undefined, schedule: undefined }],
      ['RecordRxSafetyCheck', { outcome: 'passed', alerts: [] }],
      ['SignPrescription'],
      ['RecordRxTransmission', { outcome: 'succeeded' }],
      ['RecordDispense', { outcome: 'dispensed' }],
    ],
  },
  {
    after: 'PharmacyChosen',
    steps: [
      ['DraftPrescription', { citesResults: [], replaces: undefined, schedule: 'IV' }],
      ['RecordRxSafetyCheck', { outcome: 'passed', alerts: [] }],
    ],
  },
  {
    after: 'DeliveryCompleted',
    steps: [
      ['RefuseConsent', { scopes: ['survey'] }, { who: 'parent-1' }],
      ['ElapseDeadline', { name: 'followup.end' }],
    ],
  },
  {
    after: 'JourneyClosed',
    steps: [
      ['RecordSurvey', { scores: { overall: 1 }, declined: false }],
      ['RecordContactAttempt', { purpose: 'serviceRecovery' }],
      ['CloseServiceRecovery'],
    ],
  },
];

/** The journey after each step of an aside. @throws if a step is refused, or no way to give it fits */
export function follow(decider: Decider, { after, steps }: Aside): readonly Play[] {
  const start = worked(decider).find(({ happened }) => happened.some(({ type }) => type === after));
  if (!start) throw new Error(`J-1 knows no ${after}`);
  let play = start;
  return steps.map(([type, data = {}, { who, passes = 0 } = {}]) => {
    play = { ...play, now: play.now + passes };
    const way = waysOf(decider, play, type).find((given) =>
      type === 'ElapseDeadline' ? isPart(data, given.data) : who === undefined || given.who === who,
    );
    if (!way) throw new Error(`there is no way to give ${type}`);
    const given = { ...way, data: decider.commands[type]?.data.parse({ ...way.data, ...data }) as object };
    const told = giveInTime(decider, play, given);
    if (told.refusal) throw new Error(`${type} was refused: ${told.refusal}`);
    play = told.after;
    return play;
  });
}

const isPart = (wanted: object, data: object): boolean =>
  Object.entries(wanted).every(([field, value]) => JSON.stringify((data as Record<string, unknown>)[field]) === JSON.stringify(value));
