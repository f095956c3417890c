/** Why a command is not accepted: what a person should read, and what would make it succeed. */
interface RefusalText {
  readonly text: string;
  readonly remedy: string;
}

/** The public reason codes of the domain reference, section 5. A code is never reused for another reason. */
export const refusals = {
  'journey-closed': { text: 'The journey is closed.', remedy: 'Start a new journey, or ask a coordinator to re-open this one.' },
  'entity-unknown': {
    text: 'There is no such entity here.',
    remedy: 'Check the id; it stands in the answer to the command that created it.',
  },
  'not-allowed-in-state': { text: 'This is not possible in the present state.', remedy: 'Read the journey to see where it stands.' },
  'not-your-role': { text: 'Your role may not do this.', remedy: 'Ask somebody whose role may.' },
  'stale-version': { text: 'The journey has changed since you read it.', remedy: 'Read it again and repeat with its present version.' },
  'employer-unknown': {
    text: 'There is no contract with this employer.',
    remedy: 'Check the employer, or ask a coordinator for other ways to care.',
  },
  'not-on-roster': {
    text: 'The person is on no roster of this employer today.',
    remedy: 'Ask the employer to enrol the person, or choose self-pay.',
  },
  'contract-not-in-force': {
    text: 'The contract with this employer does not run today.',
    remedy: 'Choose self-pay, or ask a coordinator.',
  },
  'template-not-in-force': { text: 'This care pathway is not offered today.', remedy: 'Choose another pathway, or ask a coordinator.' },
  'age-outside-template': {
    text: 'This care pathway is not meant for a person of this age.',
    remedy: 'Choose a video consult, or ask a coordinator.',
  },
  'identifiers-missing': {
    text: 'Two different identifiers are needed.',
    remedy: 'Give at least two of name, date of birth, member number, address, phone and photo id.',
  },
  'proxy-not-needed': { text: 'The patient may consent alone in this state.', remedy: 'Let the patient go on without a proxy.' },
  'offer-not-available': {
    text: 'No medical group is licensed and contracted for this offer where the patient is.',
    remedy: 'Choose an offer that is listed for the state of the patient.',
  },
  'check-already-running': { text: 'Coverage is being checked already.', remedy: 'Wait for the answer; it comes within 20 minutes.' },
  'already-accepted': {
    text: 'The journey has been accepted, so it can no longer be refused.',
    remedy: 'Cancel the journey, or ask for its closure.',
  },
  'consult-already-open': {
    text: 'A consult for the same reason is open.',
    remedy: 'Go on with that one, or end it first.',
  },
  'modality-not-offered': {
    text: 'This care pathway is not offered in this way.',
    remedy: 'Choose one of the ways that the care pathway lists.',
  },
  'quote-expired': { text: 'The quoted price is no longer valid.', remedy: 'Ask for a new quote and accept that one.' },
  'proxy-missing': { text: 'A minor needs a proxy whose authority is verified.', remedy: 'Have the proxy verified first.' },
  'questionnaire-version': {
    text: 'The care pathway does not take this version of the questionnaire.',
    remedy: 'Load the present questionnaire and submit its version.',
  },
  'licence-not-valid-here': {
    text: 'The clinician has no valid licence and group contract where the patient is.',
    remedy: 'Hand over to a clinician who is licensed in the state of the patient.',
  },
  'already-claimed': {
    text: 'Somebody else has claimed it before you.',
    remedy: 'The journey names who won; take another, or ask that person.',
  },
  'slot-taken': { text: 'Nothing is left of this slot.', remedy: 'Choose another slot.' },
  'hold-expired': { text: 'The slot is no longer held for this visit.', remedy: 'Hold a slot again, then book it.' },
  'visitor-elsewhere': {
    text: 'The visitor is still present at another visit.',
    remedy: 'Leave the other home first, or assign another visitor.',
  },
  'window-expired': {
    text: 'The time in which you could write back has ended, so this message was not delivered.',
    remedy: 'Start a new consult. If this may be an emergency, call 911 now or go to the nearest emergency department.',
  },
  'location-not-attested': {
    text: 'A live contact needs the place of the patient attested again.',
    remedy: 'Attest the location now, with an address for emergencies.',
  },
  'rationale-missing': { text: 'A disposition needs its rationale.', remedy: 'Store the rationale as a text and send its reference.' },
  'same-person': { text: 'The same person may not do both.', remedy: 'Have a second person decide.' },
  'disposition-missing': {
    text: 'No disposition has been decided yet.',
    remedy: 'Decide how soon and where the patient is to be seen first.',
  },
  'lowering-pending': {
    text: 'A wish to lower the disposition waits for a second clinician.',
    remedy: 'Have it approved or rejected first.',
  },
  'waiver-missing': {
    text: 'The operating site has no certificate of waiver for this test.',
    remedy: 'Use a site or a device that is covered, or send a specimen to a laboratory.',
  },
  'lot-expired': { text: 'The lot of the test has expired.', remedy: 'Take a lot that is still in date.' },
  'lab-closed': { text: 'This laboratory takes no orders.', remedy: 'Choose another laboratory.' },
  'window-outside-limits': {
    text: 'The visit may not start in this window.',
    remedy: 'Choose a slot between the limits that the visit was ordered with.',
  },
  'not-screened': { text: 'The safety of the home has not been asked about.', remedy: 'Answer the home-safety questions first.' },
  'identity-not-confirmed': {
    text: 'The patient has not been identified at this visit.',
    remedy: 'Compare two identifiers with the patient first.',
  },
  'scope-exceeded': {
    text: 'This act is outside the scope of the person who wants to do it.',
    remedy: 'Ask somebody with the skills and the licence that the act needs.',
  },
  'list-not-confirmed': {
    text: 'The lists of allergies and medicines are not confirmed, or too long ago.',
    remedy: 'Confirm both lists with the patient, then draft again.',
  },
  'live-twin': {
    text: 'Another prescription for the same medicine, or the one to be replaced, is still live.',
    remedy: 'Wait until the other one is cancelled or has ended.',
  },
  'reason-missing': { text: 'An override needs its reason.', remedy: 'Send the code of the reason.' },
  'check-missing': {
    text: 'The safety check has not been completed.',
    remedy: 'Wait for it, ask for a new one, or document why you go on without it.',
  },
  'alert-open': {
    text: 'The safety check raised an alert that nobody has answered.',
    remedy: 'Override the alert with a reason, or draft another medicine.',
  },
  'second-clinician-missing': {
    text: 'This alert takes the agreement of a second clinician.',
    remedy: 'Have another clinician approve the override.',
  },
  'already-in-hand': {
    text: 'The patient has the medicine already.',
    remedy: 'Call the patient: open a task of the kind patientCall.',
  },
  'two-factors-missing': {
    text: 'A controlled substance is signed with two of three factors.',
    remedy: 'Sign with two of knowledge, biometric and hardToken.',
  },
  'rule-expired': {
    text: 'A rule that this relies on is no longer in force.',
    remedy: 'Choose a way that does not rely on it, such as an evaluation in person.',
  },
  'pharmacist-missing': {
    text: 'A pharmacist decides what becomes of a returned item.',
    remedy: 'Name the pharmacist who decided.',
  },
  'safety-flag': {
    text: 'A visit at home is not possible at present.',
    remedy: 'Ask for a visit at a clinic, or ask a dispatcher.',
  },
  'alternative-not-offered': {
    text: 'This alternative is not offered for the visit.',
    remedy: 'Choose the clinic or the virtual plan where the visit names them; a referral to somebody else is arranged by a coordinator.',
  },
  'no-show-not-proven': {
    text: 'It is not proven that the patient did not come.',
    remedy: 'Arrive inside the window, try two different channels, and wait for ten minutes.',
  },
  'cold-chain-not-proven': {
    text: 'Nobody has proven that the vaccine stayed cold.',
    remedy: 'Discard it, and use one whose cold chain is proven.',
  },
  'until-in-the-past': { text: 'The end lies in the past.', remedy: 'Choose an instant that is still to come.' },
  'already-collected': {
    text: 'The specimen has been taken; who pays was decided before.',
    remedy: 'Ask billing to settle the charge instead.',
  },
  'specimen-already-analysed': {
    text: 'The test has been done, so it cannot be cancelled.',
    remedy: 'Review the result when it comes.',
  },
  'basis-missing': {
    text: 'Holding back a result needs its own reason for this patient.',
    remedy: 'Store the reason as a text and send its reference.',
  },
  'pharmacy-not-chosen': { text: 'The patient has not chosen a pharmacy.', remedy: 'Have the patient choose one first.' },
} as const satisfies Readonly<Record<string, RefusalText>>;

export type RefusalCode = keyof typeof refusals;

/** Answers that are no decision of the domain: input that cannot be read, and defects of our own. */
export const faults = {
  'occurred-in-future': {
    text: 'What the command says happened lies in the future.',
    remedy: 'Send the instant at which it happened, or leave it out.',
  },
  'command-unknown': { text: 'There is no such command.', remedy: 'See the list of commands in the API documentation.' },
  'input-invalid': { text: 'The command cannot be read.', remedy: 'Send the fields that the API documentation names.' },
  'internal-error': {
    text: 'A rule of ours failed; nothing was changed.',
    remedy: 'Our staff has been told and will call you if it concerns your care. Later commands still work.',
  },
} as const satisfies Readonly<Record<string, RefusalText>>;

export type FaultCode = keyof typeof faults;
