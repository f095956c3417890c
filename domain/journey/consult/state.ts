import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Outcome } from '../closing/events.ts';
import type { JourneyEvent } from '../events.ts';
import type { Request } from '../intake/state.ts';

export type ConsultStatus =
  | 'Queued'
  | 'Claimed'
  | 'InProgress'
  | 'AwaitingPatient'
  | 'Decided'
  | 'Completed'
  | 'Expired'
  | 'Cancelled'
  | 'EndedByPatient';

export interface Consult {
  readonly status: ConsultStatus;
  readonly modality: Request['modality'];
  readonly queuedAt: Instant;
  readonly clinicianId?: string;
  readonly groupId?: string;
  readonly claimedAt?: Instant;
  readonly startedAt?: Instant;
  readonly firstResponseAt?: Instant;
  /** While a question of the clinician waits for the patient, whatever else is decided meanwhile. */
  readonly awaitingSince?: Instant;
  readonly plannedOutcome?: Outcome;
  readonly summaryRef?: string;
  readonly completedAt?: Instant;
}

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

const terminal: readonly ConsultStatus[] = ['Completed', 'Expired', 'Cancelled', 'EndedByPatient'];

export const isOpen = ({ status }: Consult): boolean => !terminal.includes(status);

/** The open consult, with its id. */
export const openConsult = ({ byId }: Consults): (Consult & { readonly consultId: string }) | undefined =>
  Object.entries(byId).flatMap(([consultId, consult]) => (isOpen(consult) ? [{ ...consult, consultId }] : []))[0];

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
      return { ...consults, byId: { ...consults.byId, [data.consultId]: { status: 'Queued', modality: data.modality, queuedAt: at } } };
    case 'DispositionDecided':
      return decided(consults, happened);
    case 'DispositionLoweringRequested': {
      const { dispositionId, from, to, rationaleRef, by } = data;
      return { ...consults, lowering: { dispositionId, from, to, rationaleRef, by } };
    }
    case 'DispositionLoweringRejected':
      return withDisposition(withoutLowering(consults), { confirmed: true });
    case 'VisitStarted':
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

function evolveConsult(consults: Consults, { type, data, occurredAt: at }: Happened<JourneyEvent>): Consults {
  const change = (consultId: string, patch: Partial<Consult> | ((consult: Consult) => Consult), revision?: number): Consults => {
    const consult = consults.byId[consultId];
    if (!consult) return consults;
    const revisions = revision === undefined ? consults.revisions : { ...consults.revisions, [consultId]: revision };
    const after = typeof patch === 'function' ? patch(consult) : { ...consult, ...patch };
    return { ...consults, revisions, byId: { ...consults.byId, [consultId]: after } };
  };
  switch (type) {
    case 'ConsultClaimed':
      return change(data.consultId, { status: 'Claimed', claimedAt: at, clinicianId: data.clinicianId, groupId: data.groupId });
    case 'ConsultStarted':
      return withDisposition(change(data.consultId, { status: 'InProgress', startedAt: at }), { met: true });
    case 'FirstResponseGiven':
      return change(data.consultId, { firstResponseAt: at }, data.conversationRevision);
    case 'AwaitingPatientStarted':
      return change(
        data.consultId,
        (consult) => ({ ...onceStarted(consult, 'AwaitingPatient'), awaitingSince: at }),
        data.conversationRevision,
      );
    case 'AwaitingPatientEnded':
      return change(
        data.consultId,
        ({ awaitingSince: _over, ...consult }) => onceStarted(consult, 'InProgress'),
        data.conversationRevision,
      );
    case 'ConsultCompleted':
      return change(data.consultId, {
        status: 'Completed',
        completedAt: at,
        plannedOutcome: data.plannedOutcome,
        summaryRef: data.summaryRef,
      });
    case 'ConsultExpired':
    case 'ConsultEndedByPatient':
    case 'ConsultCancelled':
      // What comes after the completion takes nothing back.
      return change(data.consultId, (consult) => (isOpen(consult) ? { ...consult, status: endings[type] } : consult));
    default:
      return consults;
  }
}

const endings = { ConsultExpired: 'Expired', ConsultEndedByPatient: 'EndedByPatient', ConsultCancelled: 'Cancelled' } as const;

/** A question may be asked in the queue; the consult is still to be claimed and started then. */
const onceStarted = (consult: Consult, status: ConsultStatus): Consult =>
  consult.startedAt === undefined ? consult : { ...consult, status };

function decided(consults: Consults, { data, occurredAt: at }: Extract<Happened<JourneyEvent>, { type: 'DispositionDecided' }>): Consults {
  const { dispositionId, level, latestStartAt, consultId } = data;
  const consult = consultId === undefined ? undefined : consults.byId[consultId];
  const byId =
    consult && consultId !== undefined && isOpen(consult)
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
