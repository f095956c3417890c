import type { Actor } from '../kernel/actor.ts';
import type { Instant } from '../kernel/time.ts';
import type { Template } from '../templates/template.ts';
import { forbidsAcceptance } from './emergency/state.ts';
import type { Intake } from './intake/state.ts';
import type { Journey } from './state.ts';

export type Gate = 'identity' | 'proxy' | 'location' | 'coverage' | 'price' | 'consent' | 'questionnaire' | 'redFlags';

/** True for a minor who may not consent alone in the state where the patient is. */
export const proxyNeeded = ({ request, location }: Intake, minorConsentStates: readonly string[]): boolean =>
  request?.majorityOn !== undefined && !(location && minorConsentStates.includes(location.state));

/** True while a verified proxy may act; every read checks the end of the authority itself. */
export const proxyInForce = ({ proxy }: Intake, at: Instant): boolean =>
  proxy !== undefined && !proxy.ended && (proxy.until === undefined || at < proxy.until);

/** A minor consents through a verified proxy, where the law does not let the minor alone; a proxy needs the authority in any case. */
export function mayConsent(
  intake: Intake,
  { role }: Actor,
  { template, at }: { readonly template: Template; readonly at: Instant },
): boolean {
  return role === 'X' ? proxyInForce(intake, at) : !proxyNeeded(intake, template.minorConsentStates);
}

/** The acceptance gates that do not hold yet (domain reference 5.1). */
export function openGates(journey: Journey, template: Template, at: Instant): readonly Gate[] {
  const { intake, emergency } = journey;
  const { eligibility } = intake;
  const selfPay = intake.price?.arrangement === 'selfPay';
  const covered =
    selfPay || eligibility?.answer === 'confirmed' || (eligibility?.answer === 'undetermined' && eligibility.policy === 'proceed');
  const scopes = template.firstStep === 'consult' ? ['treatment', 'telehealth'] : ['treatment'];
  const holds: Readonly<Record<Gate, boolean>> = {
    identity: intake.identified,
    proxy: !proxyNeeded(intake, template.minorConsentStates) || proxyInForce(intake, at),
    location: intake.location !== undefined && template.states.includes(intake.location.state),
    coverage: covered,
    price: intake.price !== undefined,
    consent: scopes.every((scope) => intake.consents.includes(scope)),
    questionnaire: intake.questionnaire !== undefined,
    // A calmer second questionnaire ends neither an emergency case nor a call that somebody owes the patient.
    redFlags: intake.redFlags !== 'unknown' && !forbidsAcceptance(emergency) && !urgentCallOpen(journey),
  };
  return (Object.keys(holds) as Gate[]).filter((gate) => !holds[gate]);
}

/** An urgent flag holds until the last of its calls was made and found clear; beside an emergency it has no call of its own. */
function urgentCallOpen({ intake, work }: Journey): boolean {
  const calls = Object.values(work.tasks).filter(({ kind }) => kind === 'urgentCall');
  const last = calls.at(-1);
  if (!last) return false;
  const clear = last.status === 'completed' && last.resultCode === 'clear' && calls.every(({ status }) => status !== 'open');
  return intake.urgentFlag && !clear;
}
