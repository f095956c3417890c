import { z } from 'zod';
import type { Role } from '../../kernel/actor.ts';
import { isZone } from '../../kernel/calendar.ts';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, type Decision, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref, text } from '../../kernel/event.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { Instant } from '../../kernel/time.ts';
import { inForce } from '../../reference/employer.ts';
import { mayConsent } from '../acceptance-gates.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts, StartFacts } from '../facts.ts';
import { answerToFlags, screen } from '../red-flags.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from '../work/decide.ts';
import * as coverage from './coverage.ts';
import { CodedAnswers, EntryPoint, Modality } from './events.ts';
import * as location from './location.ts';

export const commands = {
  StartJourney: {
    roles: ['P', 'X', 'K', 'C', 'A'],
    facts: ['start'],
    data: z.strictObject({
      patientId: Id,
      employerId: Id,
      entryPoint: EntryPoint,
      templateId: Id,
      modality: Modality,
      zone: text(60).refine(isZone, 'is no IANA time zone'),
      parentJourneyId: Id.optional(),
      longitudinalId: Id.optional(),
    }),
  },
  VerifyIdentity: { roles: ['P', 'X', 'K', 'V', 'A'], facts: ['identity'], data: z.strictObject({ method: Code, identifiersRef: Ref }) },
  VerifyProxy: {
    roles: ['T', 'K'],
    facts: ['proxy', 'pathway'],
    data: z.strictObject({ proxyId: Id, kind: z.enum(['parent', 'guardian']), evidenceRef: Ref.optional() }),
  },
  ...location.commands,
  ...coverage.commands,
  GrantConsent: {
    roles: ['P', 'X'],
    facts: ['pathway'],
    data: z.strictObject({ scopes: z.array(Code).min(1).max(10), textVersion: z.int().min(1) }),
  },
  SubmitQuestionnaire: {
    roles: ['P', 'X', 'K', 'A'],
    facts: ['pathway'],
    data: z.strictObject({ version: z.int().min(1), codedAnswers: CodedAnswers, answersRef: Ref }),
  },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  StartJourney: ({ intake }, { data, actor }, { facts: { start }, at }) => {
    if (intake.request || intake.refused) return refuse('not-allowed-in-state');
    const reason = whyNotStarted(start, at);
    const { template } = start;
    if (reason || !template) return refuseStart(data.employerId, reason ?? 'template-not-in-force');
    const minor = start.majorityOn !== undefined && start.majorityOn > at ? { majorityOn: start.majorityOn } : {};
    return accept({
      type: 'JourneyRequested',
      data: {
        ...data,
        templateVersion: template.version,
        requesterKind: requesterKinds[actor.role] ?? 'patient',
        slaSet: template.slaSet,
        ...minor,
      },
    });
  },

  VerifyIdentity: (journey, { data }, { facts: { identity }, at, newId }) => {
    const { intake } = journey;
    if (identity.kinds.length < 2) return refuse('identifiers-missing');
    const shown = { method: data.method, identifierKinds: [...identity.kinds], identifiersRef: data.identifiersRef };
    if (identity.matches) {
      const first: JourneyEvent[] = intake.screeningStarted ? [] : [{ type: 'ScreeningStarted', data: {} }];
      return accept<JourneyEvent>({ type: 'PatientIdentityVerified', data: shown }, ...first);
    }
    const n = intake.identityFailures + 1;
    const help = n === 3 ? [taskOpened(journey, 'identityHelp', { taskId: newId('task'), at, cites: [] })] : [];
    return accept<JourneyEvent>({ type: 'IdentityVerificationFailed', data: { ...shown, n } }, ...help);
  },

  VerifyProxy: ({ intake }, { data }, { facts: { proxy, pathway } }) => {
    if (intake.location && pathway.template.minorConsentStates.includes(intake.location.state)) return refuse('proxy-not-needed');
    if (proxy.relationship === 'none')
      return accept({ type: 'ProxyAuthorityRejected', data: { proxyId: data.proxyId, kind: data.kind, reason: 'not-on-roster' } });
    const until = intake.request?.majorityOn;
    return accept({ type: 'ProxyAuthorityVerified', data: { ...data, kind: proxy.relationship, ...(until !== undefined && { until }) } });
  },

  ...location.decide,
  ...coverage.decide,

  GrantConsent: ({ intake }, { data, actor }, { facts: { pathway }, at }) => {
    if (!mayConsent(intake, actor, { template: pathway.template, at })) return refuse('proxy-missing');
    return accept({ type: 'ConsentGranted', data: { ...data, ...(actor.role === 'X' && { proxyId: actor.id }) } });
  },

  SubmitQuestionnaire: (journey, { data }, context) => {
    const { questionnaire, redFlags } = context.facts.pathway.template;
    if (!questionnaire.versions.includes(data.version)) return refuse('questionnaire-version');
    const completed: JourneyEvent = {
      type: 'IntakeQuestionnaireCompleted',
      data: { questionnaireId: questionnaire.questionnaireId, ...data },
    };
    const raised = screen(redFlags, data.codedAnswers);
    if (raised.length === 0)
      return accept<JourneyEvent>(completed, {
        type: 'RedFlagScreenCleared',
        data: { rulesVersion: Math.max(1, ...redFlags.map((rule) => rule.version)) },
      });
    const flags = raised.map(
      ({ ruleId, version, severity }): JourneyEvent => ({
        type: 'RedFlagRaised',
        data: { ruleId, ruleVersion: version, severity, source: 'questionnaire', sourceRef: data.answersRef },
      }),
    );
    return accept<JourneyEvent>(completed, ...flags, ...answerToFlags(journey, raised, context));
  },
};

const requesterKinds: Partial<Record<Role, 'patient' | 'proxy' | 'coordinator' | 'clinician' | 'partner'>> = {
  P: 'patient',
  X: 'proxy',
  K: 'coordinator',
  C: 'clinician',
  A: 'partner',
};

/** The first reason that forbids the start, in the order in which a person could mend them. */
function whyNotStarted({ contract, template, onRoster, ageYears }: StartFacts, at: Instant): RefusalCode | undefined {
  if (!contract) return 'employer-unknown';
  if (!inForce(contract, at)) return 'contract-not-in-force';
  if (!onRoster || ageYears === undefined) return 'not-on-roster';
  if (!template || at < template.effectiveFrom || (template.effectiveTo !== undefined && at >= template.effectiveTo))
    return 'template-not-in-force';
  const { from, to } = template.eligibleAge;
  return ageYears < from || (to !== undefined && ageYears > to) ? 'age-outside-template' : undefined;
}

/** Where a person may turn who cannot start this journey. */
const startAlternatives: Partial<Record<RefusalCode, readonly string[]>> = {
  'employer-unknown': ['callCoordinator'],
  'not-on-roster': ['selfPay', 'callCoordinator'],
  'contract-not-in-force': ['selfPay', 'callCoordinator'],
  'template-not-in-force': ['videoConsult', 'callCoordinator'],
  'age-outside-template': ['videoConsult', 'callCoordinator'],
};

const refuseStart = (employerId: string, reason: RefusalCode): Decision<JourneyEvent> =>
  refuse<JourneyEvent>(reason, {
    type: 'JourneyStartRefused',
    data: { employerId, reason, alternatives: [...(startAlternatives[reason] ?? [])] },
  });
