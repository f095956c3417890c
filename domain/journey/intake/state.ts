import type { Actor } from '../../kernel/actor.ts';
import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { KeptSlaSet } from '../../templates/template.ts';
import type { JourneyEvent } from '../events.ts';

export interface Quote {
  readonly groupId: string;
  readonly validUntil: Instant;
  readonly copayCents: number;
  readonly arrangement?: 'selfPay';
}

export interface Eligibility {
  readonly checkId: string;
  readonly answer: 'none' | 'confirmed' | 'denied' | 'undetermined';
  /** Attempts that failed since the check was asked for, and when the first of them did. */
  readonly failures: number;
  readonly failedAt?: Instant;
  readonly answeredAt?: Instant;
  readonly policy?: 'proceed' | 'selfPay';
}

export interface Request {
  readonly at: Instant;
  readonly patientId: string;
  readonly employerId: string;
  readonly entryPoint: string;
  readonly templateId: string;
  readonly templateVersion: number;
  readonly modality: 'async' | 'video' | 'chat' | 'phone' | 'clinicSite';
  readonly zone: string;
  readonly requester: Actor;
  readonly majorityOn?: Instant;
  readonly slaSet: KeptSlaSet;
}

export interface Location {
  readonly state: string;
  readonly areaKey: string;
  readonly addressRef: string;
  readonly at: Instant;
}

export interface Intake {
  readonly refused: boolean;
  readonly request?: Request;
  readonly screeningStarted: boolean;
  readonly identified: boolean;
  readonly identityFailures: number;
  readonly proxy?: { readonly proxyId: string; readonly kind: string; readonly until?: Instant; readonly ended: boolean };
  readonly proxyRejected: boolean;
  readonly location?: Location;
  readonly eligibility?: Eligibility;
  /** Every check that was asked for; an answer to an older one is kept and changes nothing. */
  readonly checkIds: readonly string[];
  readonly quotes: Readonly<Record<string, Quote>>;
  readonly price?: Quote & { readonly quoteId: string };
  readonly consents: readonly string[];
  readonly questionnaire?: { readonly version: number };
  readonly redFlags: 'unknown' | 'clear' | 'raised';
  /** An urgent flag, or any that is raised outside of the questionnaire, waits for its call; an emergency is its own case. */
  readonly urgentFlag: boolean;
  readonly acceptedAt?: Instant;
  readonly abandoned: boolean;
  /** From when the payer does not pay any more, and until when it still does. */
  readonly lost?: { readonly effectiveOn: Instant; readonly graceUntil: Instant };
}

export const initial: Intake = {
  refused: false,
  screeningStarted: false,
  identified: false,
  identityFailures: 0,
  proxyRejected: false,
  checkIds: [],
  quotes: {},
  consents: [],
  redFlags: 'unknown',
  urgentFlag: false,
  abandoned: false,
};

export function evolve(intake: Intake, happened: Happened<JourneyEvent>): Intake {
  const { type, data, occurredAt: at } = happened;
  switch (type) {
    case 'JourneyRequested':
      return { ...intake, request: requestOf(happened) };
    case 'JourneyStartRefused':
      return { ...intake, refused: true };
    case 'PatientIdentityVerified':
      return { ...intake, identified: true };
    case 'IdentityVerificationFailed':
      return { ...intake, identityFailures: data.n };
    case 'ScreeningStarted':
      return { ...intake, screeningStarted: true };
    case 'ProxyAuthorityVerified':
      return {
        ...intake,
        proxy: { proxyId: data.proxyId, kind: data.kind, ended: false, ...(data.until !== undefined && { until: data.until }) },
      };
    case 'ProxyAuthorityRejected':
      return { ...intake, proxyRejected: true };
    case 'ProxyAccessEnded':
      return intake.proxy ? { ...intake, proxy: { ...intake.proxy, ended: true } } : intake;
    case 'PatientLocationAttested':
    case 'PatientLocationChanged':
      return { ...intake, location: { state: data.state, areaKey: data.areaKey, addressRef: data.addressRef, at } };
    case 'LocationRefused':
      // The pathway is not offered there, but that is where the patient is: no act may rest on the state that was left.
      return intake.location ? { ...intake, location: { ...intake.location, state: data.state, at } } : intake;
    case 'PriceQuoted': {
      const { quoteId, groupId, validUntil, copayCents, arrangement } = data;
      const quote = { groupId, validUntil, copayCents, ...(arrangement && { arrangement }) };
      return { ...intake, quotes: { ...intake.quotes, [quoteId]: quote } };
    }
    case 'PriceAccepted': {
      const quote = intake.quotes[data.quoteId];
      return quote ? { ...intake, price: { ...quote, quoteId: data.quoteId } } : intake;
    }
    case 'ConsentGranted':
      return { ...intake, consents: [...new Set([...intake.consents, ...data.scopes])] };
    case 'ConsentRefused':
    case 'ConsentWithdrawn':
      return { ...intake, consents: intake.consents.filter((scope) => !data.scopes.includes(scope)) };
    case 'EligibilityLost':
      return { ...intake, lost: { effectiveOn: data.effectiveOn, graceUntil: data.graceUntil } };
    case 'IntakeQuestionnaireCompleted':
      return { ...intake, questionnaire: { version: data.version } };
    case 'RedFlagRaised':
      return {
        ...intake,
        redFlags: 'raised',
        urgentFlag: intake.urgentFlag || data.severity === 'urgent' || data.source !== 'questionnaire',
      };
    case 'RedFlagScreenCleared':
      return { ...intake, redFlags: 'clear' };
    case 'JourneyAccepted':
      return { ...intake, acceptedAt: at };
    case 'JourneyAbandoned':
      return { ...intake, abandoned: true };
    default:
      return evolveEligibility(intake, happened);
  }
}

function evolveEligibility(intake: Intake, { type, data, occurredAt: at }: Happened<JourneyEvent>): Intake {
  const running = (checkId: string): Eligibility | undefined => (intake.eligibility?.checkId === checkId ? intake.eligibility : undefined);
  const answered = (checkId: string, answer: Eligibility['answer'], more: Partial<Eligibility> = {}): Intake => {
    const asked = running(checkId);
    return asked ? { ...intake, eligibility: { ...asked, answer, answeredAt: at, ...more } } : intake;
  };
  switch (type) {
    case 'EligibilityCheckRequested': {
      const { checkId } = data;
      return { ...intake, checkIds: [...intake.checkIds, checkId], eligibility: { checkId, answer: 'none', failures: 0 } };
    }
    case 'EligibilityConfirmed':
      return answered(data.checkId, 'confirmed');
    case 'EligibilityDenied':
      return answered(data.checkId, 'denied');
    case 'EligibilityUndetermined': {
      // What the payer has said is not unsaid by not knowing.
      const known = ['confirmed', 'denied'].includes(intake.eligibility?.answer ?? 'none');
      return known ? intake : answered(data.checkId, 'undetermined', data.policy ? { policy: data.policy } : {});
    }
    case 'EligibilityCheckFailed': {
      const asked = running(data.checkId);
      return asked ? { ...intake, eligibility: { ...asked, failures: asked.failures + 1, failedAt: asked.failedAt ?? at } } : intake;
    }
    default:
      return intake;
  }
}

function requestOf({ data, occurredAt: at, actor }: Extract<Happened<JourneyEvent>, { type: 'JourneyRequested' }>): Request {
  const { patientId, employerId, entryPoint, templateId, templateVersion, modality, zone, majorityOn, slaSet } = data;
  return {
    at,
    patientId,
    employerId,
    entryPoint,
    templateId,
    templateVersion,
    modality,
    zone,
    slaSet,
    requester: actor,
    ...(majorityOn !== undefined && { majorityOn }),
  };
}
