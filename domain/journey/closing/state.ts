import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import type { Outcome } from './events.ts';

export interface Survey {
  readonly status: 'offered' | 'answered' | 'declined' | 'expired';
  readonly instrument: string;
  readonly version: number;
  readonly at: Instant;
  readonly reminded: boolean;
}

export interface Closing {
  readonly requested?: { readonly at: Instant; readonly outcome: Outcome; readonly resolvedBy?: string };
  readonly survey?: Survey;
  /** Service recoveries that nobody has started, with the instant by which each must have been started. */
  readonly recoveries: Readonly<Record<string, { readonly dueAt: Instant }>>;
  readonly closed?: { readonly at: Instant; readonly outcome: Outcome; readonly resolvedBy?: string };
}
export const initial: Closing = { recoveries: {} };

export function evolve(closing: Closing, { type, data, occurredAt: at }: Happened<JourneyEvent>): Closing {
  switch (type) {
    case 'ClosureRequested':
      return { ...closing, requested: { at, outcome: data.proposedOutcome, ...(data.resolvedBy && { resolvedBy: data.resolvedBy }) } };
    case 'JourneyCancelled':
      return { ...closing, requested: { at, outcome: 'Cancelled' } };
    case 'SurveyOffered':
      return { ...closing, survey: { status: 'offered', instrument: data.instrument, version: data.version, at, reminded: false } };
    case 'SurveyReminded':
      return closing.survey ? { ...closing, survey: { ...closing.survey, reminded: true } } : closing;
    case 'SurveyAnswered':
      return closing.survey ? { ...closing, survey: { ...closing.survey, status: 'answered' } } : closing;
    case 'SurveyDeclined':
      return closing.survey ? { ...closing, survey: { ...closing.survey, status: 'declined' } } : closing;
    case 'SurveyExpired':
      return closing.survey ? { ...closing, survey: { ...closing.survey, status: 'expired' } } : closing;
    case 'ServiceRecoveryOpened':
      return { ...closing, recoveries: { ...closing.recoveries, [data.recoveryId]: { dueAt: data.dueAt } } };
    case 'ContactAttempted':
      return data.purpose === 'serviceRecovery' ? { ...closing, recoveries: {} } : closing;
    case 'JourneyClosed':
      return { ...closing, closed: { at, outcome: data.outcome, ...(data.resolvedBy && { resolvedBy: data.resolvedBy }) } };
    case 'JourneyReopened': {
      const { closed: _closed, requested: _requested, ...open } = closing;
      return open;
    }
    default:
      return closing;
  }
}
