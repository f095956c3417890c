import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import type { Outcome } from './events.ts';

export interface Survey {
  readonly status: 'offered' | 'answered' | 'waived' | 'declined' | 'expired';
  readonly instrument: string;
  readonly version: number;
  readonly at: Instant;
  readonly reminded: boolean;
}

/** Something that ends with the journey: a consult, or a child of it. */
export interface Child {
  readonly kind: 'consult' | 'visit' | 'labOrder' | 'prescription' | 'delivery';
  readonly id: string;
}

export interface Closing {
  /** Closure was asked for, and since then nothing new was begun and nobody re-opened the journey. */
  readonly requested?: { readonly at: Instant; readonly outcome: Outcome; readonly resolvedBy?: string };
  readonly survey?: Survey;
  /** The patient wants no surveys. */
  readonly surveyRefused: boolean;
  /** Service recoveries that are not closed, with the instant by which each must have been started. */
  readonly recoveries: Readonly<Record<string, { readonly dueAt: Instant; readonly started: boolean }>>;
  readonly closed?: { readonly at: Instant; readonly outcome: Outcome; readonly resolvedBy?: string };
  /** Re-opened, and closure not asked for since; by a person, or by the rule for what comes late. */
  readonly reopened?: { readonly byHand: boolean };
  /** Outcomes that an act has earned, the last act last. */
  readonly acts: readonly Outcome[];
  /** In the order in which they were opened. */
  readonly children: readonly Child[];
  /** Something was ordered after the disposition that is in force. */
  readonly orderedSince: boolean;
}
export const initial: Closing = { surveyRefused: false, recoveries: {}, acts: [], children: [], orderedSince: false };

export function evolve(closing: Closing, happened: Happened<JourneyEvent>): Closing {
  const opened = openedBy(happened);
  if (opened) return withChild(closing, opened);
  return evolveSurvey(evolveEnd(closing, happened), happened);
}

/** The acts that ask for the end, with the outcome that each has earned (domain reference 4.1 and 4.2). */
const endings: Partial<Readonly<Record<JourneyEvent['type'], Outcome>>> = {
  JourneyCancelled: 'Cancelled',
  JourneyWithdrawn: 'Withdrawn',
  PatientLeftAgainstAdvice: 'LeftAgainstAdvice',
  PatientDeathReported: 'Deceased',
  JourneyRefused: 'Refused',
  JourneyAbandoned: 'Abandoned',
};

function evolveEnd(closing: Closing, happened: Happened<JourneyEvent>): Closing {
  const { type, data, occurredAt: at } = happened;
  const outcome = endings[type];
  if (outcome) {
    const after = { ...closing, acts: [...closing.acts, outcome] };
    return closing.closed ? after : asked(after, { at, outcome });
  }
  switch (type) {
    case 'ClosureRequested':
      return asked(closing, { at, outcome: data.proposedOutcome, ...(data.resolvedBy && { resolvedBy: data.resolvedBy }) });
    case 'DispositionDecided':
      return { ...closing, orderedSince: false };
    case 'JourneyClosed':
      return { ...closing, closed: { at, outcome: data.outcome, ...(data.resolvedBy && { resolvedBy: data.resolvedBy }) } };
    case 'JourneyReopened': {
      const { closed: _closed, requested: _requested, ...open } = closing;
      return { ...open, reopened: { byHand: happened.commandType === 'ReopenJourney' } };
    }
    default:
      return closing;
  }
}

function asked({ reopened: _over, ...closing }: Closing, requested: NonNullable<Closing['requested']>): Closing {
  return { ...closing, requested };
}

function openedBy({ type, data }: Happened<JourneyEvent>): Child | undefined {
  switch (type) {
    case 'ConsultQueued':
      return { kind: 'consult', id: data.consultId };
    case 'VisitRequested':
      return { kind: 'visit', id: data.visitId };
    case 'LabOrderDrafted':
      return { kind: 'labOrder', id: data.orderId };
    case 'PrescriptionDrafted':
      return { kind: 'prescription', id: data.rxId };
    case 'DeliveryRequested':
      return { kind: 'delivery', id: data.deliveryId };
    default:
      return undefined;
  }
}

/** A new child takes the journey back into care; a consult that is queued again and a next leg are nothing new. */
function withChild(closing: Closing, child: Child): Closing {
  if (closing.children.some(({ kind, id }) => kind === child.kind && id === child.id)) return closing;
  const { requested: _answered, ...open } = closing;
  const ordered = child.kind !== 'consult' && child.kind !== 'delivery';
  return { ...open, children: [...closing.children, child], orderedSince: closing.orderedSince || ordered };
}

function evolveSurvey(closing: Closing, happened: Happened<JourneyEvent>): Closing {
  const { type, data, occurredAt: at } = happened;
  const survey = (patch: Partial<Survey>): Closing => (closing.survey ? { ...closing, survey: { ...closing.survey, ...patch } } : closing);
  const offered = (status: Survey['status'], { instrument, version }: { instrument: string; version: number }): Closing => ({
    ...closing,
    survey: { status, instrument, version, at, reminded: false },
  });
  switch (type) {
    case 'SurveyOffered':
      return offered('offered', data);
    case 'SurveyWaived':
      return offered('waived', data);
    case 'SurveyReminded':
      return survey({ reminded: true });
    case 'SurveyAnswered':
      return survey({ status: 'answered' });
    case 'SurveyDeclined':
      return survey({ status: 'declined' });
    case 'SurveyExpired':
      return survey({ status: 'expired' });
    case 'ConsentRefused':
      return data.scopes.includes('survey') ? { ...unasked(closing), surveyRefused: true } : closing;
    case 'ConsentGranted':
      return data.scopes.includes('survey') ? { ...closing, surveyRefused: false } : closing;
    // Nobody is asked how satisfied the dead were, nor who wants nothing more to do with us.
    case 'PatientDeathReported':
    case 'JourneyWithdrawn':
      return unasked(closing);
    default:
      return evolveRecovery(closing, happened);
  }
}

const unasked = (closing: Closing): Closing =>
  closing.survey?.status === 'offered' ? { ...closing, survey: { ...closing.survey, status: 'waived' } } : closing;

function evolveRecovery(closing: Closing, { type, data }: Happened<JourneyEvent>): Closing {
  const { recoveries } = closing;
  switch (type) {
    case 'ServiceRecoveryOpened':
      return { ...closing, recoveries: { ...recoveries, [data.recoveryId]: { dueAt: data.dueAt, started: false } } };
    case 'ServiceRecoveryClosed': {
      const { [data.recoveryId]: _closed, ...open } = recoveries;
      return { ...closing, recoveries: open };
    }
    case 'ContactAttempted': {
      if (data.purpose !== 'serviceRecovery') return closing;
      const started = Object.entries(recoveries).map(([id, recovery]) => [id, { ...recovery, started: true }] as const);
      return { ...closing, recoveries: Object.fromEntries(started) };
    }
    default:
      return closing;
  }
}

/** The outcome that the patient's or another's act has given, as long as nobody re-opened the journey by hand. */
export const actedOutcome = ({ acts, reopened }: Closing): Outcome | undefined => (reopened?.byHand ? undefined : acts.at(-1));

/** Nothing more may reach the patient: the condolence rule, and a consent that was withdrawn. */
export const isSilent = ({ acts }: Closing): boolean => acts.includes('Deceased') || acts.includes('Withdrawn');
