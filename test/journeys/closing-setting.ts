import { superState } from '../../domain/journey/super-state.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { completion, homeVisit, must, ordered, started, swab, tested, visited } from './consult-setting.ts';
import type { Story } from './story.ts';
import { at, safe, slotId } from './visit-setting.ts';

/** The causes of the matrix that end a journey, and the one that only changes who pays. */
export const causes = {
  cancelled: ['X', 'CancelJourney', { reason: 'changed-mind' }],
  withdrawn: ['X', 'WithdrawConsent', { scopes: ['treatment'], textVersion: 1 }],
  left: ['C', 'LeaveAgainstAdvice', { capacityStated: true, statementRef: 'ref-statement' }],
  lost: ['T', 'RecordEligibilityLoss', { effectiveOn: at('00:00'), graceUntil: at('00:00', 30) }],
  died: ['K', 'RecordDeath', { sourceRef: 'ref-source', on: '2026-10-06' }],
} as const satisfies Record<string, readonly [Role, string, object]>;
export type Cause = keyof typeof causes;

export const give = (story: Story, cause: Cause) => {
  const [role, type, data] = causes[cause];
  return story.give(role, type, data);
};

export const act: Readonly<Record<Cause, readonly string[]>> = {
  cancelled: ['JourneyCancelled'],
  withdrawn: ['ConsentWithdrawn', 'JourneyWithdrawn'],
  left: ['PatientLeftAgainstAdvice'],
  lost: ['EligibilityLost'],
  died: ['PatientDeathReported'],
};

/** A visit on its way, the consult over. */
export const visitAt = (last: string) => (): Story => {
  const story = ordered();
  must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
  must(story, 'C', 'CompleteConsult', completion(story));
  return visited(story, last);
};
export const requestedVisit = (): Story => {
  const story = ordered([homeVisit]);
  must(story, 'C', 'CompleteConsult', completion(story));
  return story;
};
export const heldVisit = (): Story => {
  const story = requestedVisit();
  const visit = { visitId: story.entityOf('VisitRequested') };
  must(story, 'X', 'ScreenHomeSafety', { ...visit, answers: safe });
  must(story, 'X', 'HoldSlot', { ...visit, slotId });
  return story;
};
export const labOnly = (): Story => {
  const story = ordered([swab]);
  must(story, 'C', 'CompleteConsult', completion(story));
  return story;
};
export const reviewed = (): Story => {
  const story = tested();
  must(story, 'V', 'EndVisit', { visitId: story.entityOf('VisitRequested') });
  must(story, 'V', 'LeaveHome', { visitId: story.entityOf('VisitRequested') });
  return story;
};
/** The consult over while the pharmacy has the prescription. */
export const consultOver = (given: () => Story) => (): Story => {
  const story = given();
  must(story, 'C', 'CompleteConsult', { consultId: 'consult-1', plannedOutcome: 'Resolved', summaryRef: 'ref-summary' });
  return story;
};

export const state = ({ journey }: Story) => superState(journey);
export const outcome = ({ journey }: Story) => journey.closing.closed?.outcome;
export const ask = (story: Story, proposedOutcome?: string, role: 'C' | 'K' | 'M' = 'C') =>
  story.give(role, 'RequestClosure', proposedOutcome ? { proposedOutcome } : {});

/** A journey whose consult expired, so that nobody has it in hand. */
export const adrift = (): Story => {
  const story = started();
  must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'safetyReview', cites: [story.entityOf('ConsultQueued')] });
  must(story, 'C', 'CompleteTask', { taskId: 't1', resultCode: 'expire' });
  return story;
};
