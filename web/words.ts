// Codes of the service in the words of the people who work with it.

import type { Role } from '../domain/kernel/actor.ts';
import type { BoardRow, Why } from '../projections/board-row.ts';

/** Names of the roles. */
export const roleNames: Readonly<Record<Role, string>> = {
  P: 'patient',
  X: 'parent or proxy',
  C: 'clinician',
  M: 'medical director',
  K: 'coordinator',
  D: 'dispatcher',
  V: 'visitor',
  S: 'field supervisor',
  B: 'billing',
  O: 'operations',
  W: 'rule owner',
  Y: 'privacy officer',
  E: 'employer',
  L: 'auditor',
  A: 'partner',
  T: 'system',
};

/** Why a journey stands where it stands, as a sentence. */
export const whyWords: Readonly<Record<Why, string>> = {
  emergencyOpen: 'An emergency is open: the patient has to be called',
  emergencyLocation: 'Emergency: where the patient is has to be confirmed',
  emergencyAdvice: 'Emergency: the patient has to be advised to call 911',
  emergencyHandoff: 'Emergency: the patient has to be handed over',
  emergencyCallback: 'Emergency: the patient has to be called back',
  emergencyContact: 'Emergency: the emergency contact has to be tried',
  emergencyWelfareCheck: 'Emergency: somebody has to look after the patient',
  emergencyOutcome: 'Emergency: what became of the patient has to be recorded',
  deathToReport: 'A death has to be reported',
  incidentOpen: 'An incident is open',
  escalationOpen: 'Somebody was called up and has not answered',
  taskOpen: 'A task is open',
  promiseBroken: 'A promise was broken',
  consultQueued: 'Waits for a clinician to take the consult',
  consultHeld: 'A clinician is in the consult',
  patientToAnswer: 'The patient has to answer',
  patientToBook: 'The patient has to book the visit',
  visitUnderway: 'A home visit is under way',
  resultToReview: 'A result has to be reviewed',
  prescriptionUnderway: 'The prescription is on its way',
  deliveryUnderway: 'The medicine is on its way',
  questionOpen: 'The patient has asked a question',
  followUpRunning: 'Follow-up is running',
  intakeIncomplete: 'Intake is not complete',
  closingBlocked: 'Something keeps it from closing',
  closed: 'Closed',
};

/** The super-states in the order in which a journey passes through them, with their names. */
export const stateNames: Readonly<Record<string, string>> = {
  Requested: 'Requested',
  Screening: 'Screening',
  Queued: 'Queued',
  InTriage: 'In triage',
  Planned: 'Planned',
  InCare: 'In care',
  FollowUp: 'Follow-up',
  Closing: 'Closing',
  Closed: 'Closed',
};

const abbreviations: Readonly<Record<string, string>> = {
  rx: 'prescription',
  sla: 'promise',
  ems: 'EMS',
  eta: 'ETA',
  pdmp: 'PDMP',
  loneworker: 'lone worker',
  followup: 'follow-up',
};

/** `ClaimConsult`, `labOrder` or `loneworker.check` as words. */
export function words(code: string): string {
  const parts = code
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s._-]+/)
    .map((part) => abbreviations[part.toLowerCase()] ?? part.toLowerCase());
  const sentence = parts.join(' ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A person or a party: the role, and who if that is known. */
export const party = ({ who, id }: BoardRow['waitingOn']): string => (id ? `${nameOf(id)} (${roleNames[who]})` : roleNames[who]);

/** An id of a person as it is read: `coordinator-dubois` as `Dubois`; others stay as they are. */
export function nameOf(id: string): string {
  const name = /^(?:clinician|visitor|coordinator|dispatcher|supervisor|billing|operations|auditor)-([a-z]+)$/.exec(id)?.[1];
  return name ? name.charAt(0).toUpperCase() + name.slice(1) : shortId(id);
}

/** The beginning of a long id; the whole stands in the title. */
export const shortId = (id: string): string => (/^[0-9a-f]{8}-/.test(id) ? id.slice(0, 8) : id);
