import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import { type Consult, type ConsultStatus, contacted, isOpen, withoutHandover } from './contact.ts';

export { type Consult, isOpen } from './contact.ts';

export interface Disposition {
  readonly dispositionId: string;
  readonly level: number;
  readonly at: Instant;
  readonly latestStartAt?: Instant;
  /** The patient has been seen since. */
  readonly met?: true;
  /** Level 3 stands: a wish to lower it was rejected, or the consult is over. */
  readonly confirmed?: true;
  /** The consult is over and left nobody whom the patient is still to see. */
  readonly ended?: true;
}

/** A wish for a lower level, in force only once a second clinician agrees. */
export interface Lowering {
  readonly dispositionId: string;
  readonly from: number;
  readonly to: number;
  readonly rationaleRef: string;
  readonly by: string;
}

export interface Consults {
  readonly byId: Readonly<Record<string, Consult>>;
  readonly disposition?: Disposition;
  readonly lowering?: Lowering;
  readonly diagnosisIds: readonly string[];
  readonly carePlan?: { readonly carePlanId: string; readonly version: number };
  /** Last conversation revision that was noted, by conversation. */
  readonly revisions: Readonly<Record<string, number>>;
}
export const initial: Consults = { byId: {}, diagnosisIds: [], revisions: {} };

export type OpenConsult = Consult & { readonly consultId: string };

/** The open consults, with their ids: one for each reason at most. */
export const openConsults = ({ byId }: Consults): readonly OpenConsult[] =>
  Object.entries(byId).flatMap(([consultId, consult]) => (isOpen(consult) ? [{ ...consult, consultId }] : []));

/** The open consult that was queued first. */
export const openConsult = (consults: Consults): OpenConsult | undefined => openConsults(consults)[0];

/** The consult that completed last. */
export const lastCompleted = ({ byId }: Consults): (Consult & { readonly completedAt: Instant }) | undefined =>
  Object.values(byId)
    .flatMap((consult) => (consult.completedAt === undefined ? [] : [{ ...consult, completedAt: consult.completedAt }]))
    .toSorted((a, b) => b.completedAt - a.completedAt)[0];

/** `visitOpen` says whether a visit was open when the event happened. */
export function evolve(consults: Consults, happened: Happened<JourneyEvent>, visitOpen: boolean): Consults {
  const { type, data, occurredAt: at } = happened;
  switch (type) {
    case 'ConsultQueued':
      return { ...consults, byId: { ...consults.byId, [data.consultId]: queued(consults.byId[data.consultId], data, at) } };
    case 'LicenceVerified':
      return licensedAgain(consults, data.clinicianId);
    case 'DispositionDecided':
      return decided(consults, happened);
    case 'DispositionLoweringRequested': {
      const { dispositionId, from, to, rationaleRef, by } = data;
      return { ...consults, lowering: { dispositionId, from, to, rationaleRef, by } };
    }
    case 'DispositionLoweringRejected':
      return withDisposition(withoutLowering(consults), { confirmed: true });
    case 'VisitStarted':
    case 'WarmHandoffGiven':
      return withDisposition(consults, { met: true });
    case 'DiagnosisRecorded':
      return { ...consults, diagnosisIds: [...consults.diagnosisIds, data.diagnosisId] };
    case 'CarePlanAgreed':
      return { ...consults, carePlan: { carePlanId: data.carePlanId, version: data.version } };
    case 'ConsultCompleted':
      return withDisposition(evolveConsult(consults, happened), { confirmed: true, ...(!visitOpen && { ended: true }) });
    case 'FollowUpQuestionOpened':
    case 'FollowUpQuestionAnswered':
      return { ...consults, revisions: { ...consults.revisions, [data.conversationId]: data.conversationRevision } };
    default:
      return evolveConsult(consults, happened);
  }
}

function evolveConsult(consults: Consults, happened: Happened<JourneyEvent>): Consults {
  const { data } = happened;
  const consult = 'consultId' in data && data.consultId !== undefined ? consults.byId[data.consultId] : undefined;
  if (!consult || !('consultId' in data) || data.consultId === undefined) return consults;
  const after = concluded(talked(contacted(consult, happened), happened), happened);
  const revisions =
    'conversationRevision' in data ? { ...consults.revisions, [data.consultId]: data.conversationRevision } : consults.revisions;
  const changed = { ...consults, revisions, byId: { ...consults.byId, [data.consultId]: after } };
  return happened.type === 'ConsultStarted' ? withDisposition(changed, { met: true }) : changed;
}

/** Whose turn it is. */
function talked(consult: Consult, { type, occurredAt: at }: Happened<JourneyEvent>): Consult {
  switch (type) {
    case 'FirstResponseGiven':
      return { ...answered(consult), firstResponseAt: at };
    case 'AwaitingPatientStarted':
      return { ...onceStarted(answered(consult), 'AwaitingPatient'), awaitingSince: at };
    case 'AwaitingPatientEnded': {
      const { awaitingSince: _over, ...waiting } = consult;
      return { ...onceStarted(waiting, 'InProgress'), idleSince: at };
    }
    default:
      return consult;
  }
}

function answered({ idleSince: _over, ...consult }: Consult): Consult {
  return consult;
}

const endings: Partial<Readonly<Record<JourneyEvent['type'], ConsultStatus>>> = {
  ConsultExpired: 'Expired',
  ConsultEndedByPatient: 'EndedByPatient',
  ConsultCancelled: 'Cancelled',
  ConsultTransferred: 'Transferred',
};

/** How it ended. What comes after the completion takes nothing back. */
function concluded(consult: Consult, { type, data, occurredAt: completedAt }: Happened<JourneyEvent>): Consult {
  if (type === 'ConsultCompleted') {
    const { plannedOutcome, summaryRef } = data;
    return { ...consult, status: 'Completed', completedAt, plannedOutcome, summaryRef };
  }
  const status = endings[type];
  return status && isOpen(consult) ? { ...consult, status } : consult;
}

/** A consult that is queued again keeps its place in the history: the first answer, and how often the video was lost. */
function queued(
  before: Consult | undefined,
  { modality, reasonCode, basis }: Extract<JourneyEvent, { type: 'ConsultQueued' }>['data'],
  at: Instant,
): Consult {
  return {
    status: 'Queued',
    modality,
    modalitySince: at,
    reasonCode,
    queuedAt: at,
    due: basis?.due ?? {},
    drops: before?.drops ?? 0,
    awayFor: 0,
    ...(before?.firstResponseAt !== undefined && { firstResponseAt: before.firstResponseAt }),
  };
}

/** Whoever may act again where the patient is need not hand over for want of a licence. */
function licensedAgain(consults: Consults, clinicianId: string): Consults {
  const entries = Object.entries(consults.byId).map(([consultId, consult]) => {
    const settled = consult.clinicianId === clinicianId && consult.handover?.reason === 'licence';
    return [consultId, settled ? withoutHandover(consult) : consult] as const;
  });
  return { ...consults, byId: Object.fromEntries(entries) };
}

/** A question may be asked in the queue; the consult is still to be claimed and started then. */
const onceStarted = (consult: Consult, status: ConsultStatus): Consult =>
  consult.startedAt === undefined || consult.status === 'Dropped' ? consult : { ...consult, status };

function decided(consults: Consults, { data, occurredAt: at }: Extract<Happened<JourneyEvent>, { type: 'DispositionDecided' }>): Consults {
  const { dispositionId, level, latestStartAt, consultId } = data;
  const consult = consultId === undefined ? undefined : consults.byId[consultId];
  const byId =
    consult && consultId !== undefined && isOpen(consult) && consult.status !== 'Dropped'
      ? { ...consults.byId, [consultId]: { ...consult, status: 'Decided' as const } }
      : consults.byId;
  return {
    ...withoutLowering(consults),
    byId,
    disposition: { dispositionId, level, at, ...(latestStartAt !== undefined && { latestStartAt }) },
  };
}

function withoutLowering({ lowering: _settled, ...consults }: Consults): Consults {
  return consults;
}

const withDisposition = (consults: Consults, patch: Partial<Disposition>): Consults =>
  consults.disposition ? { ...consults, disposition: { ...consults.disposition, ...patch } } : consults;
