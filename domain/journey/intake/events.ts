// Intake and eligibility (domain reference 5.1).
import { z } from 'zod';
import { At, Cents, Code, type EventSchemas, event, Id, Ref, text } from '../../kernel/event.ts';
import { KeptSlaSet } from '../../templates/template.ts';

export const EntryPoint = z.enum(['app', 'clinicWalkIn', 'employerReferral', 'selfScheduledTest', 'clinicianReferral']);
export const Modality = z.enum(['async', 'video', 'chat', 'phone', 'clinicSite']);
export const State = z.string().regex(/^[A-Z]{2}$/);
export const Alternatives = z.array(Code).max(10);
export const IdentifierKinds = z.array(z.enum(['name', 'dateOfBirth', 'memberNumber', 'address', 'phone', 'photoId'])).max(4);
export const Coverage = z.strictObject({
  coverageId: Id,
  cobOrder: z.int().min(1),
  hdhp: z.boolean(),
  accumulatorVersion: z.int().min(0).optional(),
});
export const CodedAnswers = z.record(Code, z.union([z.boolean(), Code, z.int()]));

const checked = { checkId: Id, attempt: z.int().min(1).optional(), reason: Code.optional() };
const consent = { scopes: z.array(Code).min(1), textVersion: z.int().min(1), proxyId: Id.optional() };
const location = { state: State, areaKey: Code, addressRef: Ref, reportedBy: Id, contactId: Id.optional() };

export const events = {
  JourneyRequested: event({
    patientId: Id,
    employerId: Id,
    entryPoint: EntryPoint,
    templateId: Id,
    templateVersion: z.int().min(1),
    modality: Modality,
    parentJourneyId: Id.optional(),
    longitudinalId: Id.optional(),
    requesterKind: z.enum(['patient', 'proxy', 'coordinator', 'clinician', 'partner']),
    zone: text(60),
    majorityOn: At.optional(),
    slaSet: KeptSlaSet,
  }),
  JourneyStartRefused: event({ employerId: Id, reason: Code, alternatives: Alternatives }),
  JourneyRefused: event({ employerId: Id, reason: Code, alternatives: Alternatives }),
  PatientIdentityVerified: event({ method: Code, identifierKinds: IdentifierKinds, identifiersRef: Ref }),
  IdentityVerificationFailed: event({ method: Code, identifierKinds: IdentifierKinds, identifiersRef: Ref, n: z.int().min(1) }),
  ScreeningStarted: event({}),
  ProxyAuthorityVerified: event(
    { proxyId: Id, kind: z.enum(['parent', 'guardian']), until: At.optional(), evidenceRef: Ref.optional() },
    'proxyId',
  ),
  ProxyAuthorityRejected: event({ proxyId: Id, kind: Code, reason: Code }, 'proxyId'),
  ProxyAccessEnded: event({ proxyId: Id, kind: Code, until: At }, 'proxyId'),
  PatientLocationAttested: event(location),
  PatientLocationChanged: event({ ...location, from: State }),
  LocationRefused: event({ state: State, reason: Code, alternatives: Alternatives }),
  EligibilityCheckRequested: event({ checkId: Id, purpose: Code }, 'checkId'),
  EligibilityConfirmed: event({ ...checked, ...Coverage.shape }, 'checkId'),
  EligibilityDenied: event(checked, 'checkId'),
  EligibilityUndetermined: event({ ...checked, policy: z.enum(['proceed', 'selfPay']).optional() }, 'checkId'),
  EligibilityCheckFailed: event(checked, 'checkId'),
  PriceQuoted: event(
    {
      quoteId: Id,
      groupId: Id,
      rateVersion: z.int().min(1),
      totalCents: Cents,
      payerSplit: z.array(z.strictObject({ payer: Code, cents: Cents })).max(5),
      copayCents: Cents,
      validUntil: At,
      arrangement: z.literal('selfPay').optional(),
    },
    'quoteId',
  ),
  PriceAccepted: event({ quoteId: Id, groupId: Id }, 'quoteId'),
  PriceDeclined: event({ quoteId: Id, groupId: Id, reason: Code.optional() }, 'quoteId'),
  ConsentGranted: event(consent),
  ConsentRefused: event(consent),
  ConsentWithdrawn: event(consent),
  EligibilityLost: event({ effectiveOn: At, graceUntil: At }),
  IntakeQuestionnaireCompleted: event({ questionnaireId: Id, version: z.int().min(1), codedAnswers: CodedAnswers, answersRef: Ref }),
  RedFlagRaised: event(
    {
      ruleId: Id,
      ruleVersion: z.int().min(1),
      severity: z.enum(['emergency', 'crisis', 'urgent']),
      source: Code,
      sourceRef: Ref.optional(),
    },
    'ruleId',
  ),
  RedFlagScreenCleared: event({ rulesVersion: z.int().min(1) }),
  JourneyAccepted: event({ firstStep: z.enum(['consult', 'protocol']) }),
  JourneyAbandoned: event({ lastStep: Code, redFlagPending: z.boolean() }),
} satisfies EventSchemas;
