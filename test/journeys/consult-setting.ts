import type { ClinicianFact, Facts } from '../../domain/journey/facts.ts';
import * as journeys from '../../domain/journey/index.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { calm, place, questionnaire, start } from './intake-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story, type Told } from './story.ts';
import { at, safe, slot, slotId } from './visit-setting.ts';

/** A story whose events are held against the schemas that declare them. */
class DeclaredStory extends Story {
  override give(...command: Parameters<Story['give']>): Told {
    const told = super.give(...command);
    for (const { type, data } of told.decided.events) journeys.events[type].parse(data);
    return told;
  }
}

/** What a test may change of the usual journey. */
export interface Changes {
  readonly modality?: 'async' | 'video' | 'chat' | 'phone' | 'clinicSite';
  readonly zone?: string;
  readonly facts?: Partial<Facts>;
  /** When the journey is asked for; the usual is the first day at nine. */
  readonly from?: number;
}

/** Gives a command that must be taken. */
export function must(story: Story, role: Role, type: string, data: object = {}, who?: string): Told {
  const told = story.give(role, type, data, who ? { who } : {});
  if (told.refusal) throw new Error(`${type} was refused: ${told.refusal}`);
  return told;
}

/** What is known of a clinician who may act in Washington. */
export const clinician = (clinicianId: string, changes: Partial<ClinicianFact> = {}): ClinicianFact => ({
  ...sampleFacts.clinician,
  clinicianId,
  ...changes,
});

/** Lets a clinician give a command under their own licence. */
export const as = (story: Story, who: string, type: string, data: object = {}): Told =>
  story.know({ clinician: clinician(who) }).give('C', type, data, { who });

export const consultOf = (story: Story) => ({ consultId: story.entityOf('ConsultQueued') });
export const known = (story: Story) => story.journey.consult.byId[consultOf(story).consultId];

/** A journey whose patient waits for a clinician since 09:08. */
export function queued({ modality = 'async', zone = start.zone, facts = {}, from = at('09:00') }: Changes = {}): Story {
  const story = new DeclaredStory(from, { slot, ...facts });
  must(story, 'X', 'StartJourney', { ...start, modality, zone });
  must(story, 'X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'ref-identifiers' });
  must(story, 'T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' });
  must(story, 'X', 'AttestLocation', place);
  const checkId = story.entityOf('EligibilityCheckRequested');
  must(story, 'A', 'RecordEligibility', { checkId, outcome: 'confirmed' }, 'eligibility');
  must(story, 'X', 'QuotePrice', { groupId: 'group-1', offerVersion: 1 });
  must(story, 'X', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') });
  must(story, 'X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
  story.now = from + 8 * 60_000;
  must(story, 'X', 'SubmitQuestionnaire', questionnaire(calm));
  return story;
}

/** The same journey after a clinician took it at 09:20. */
export function claimed(changes: Changes = {}): Story {
  const story = queued(changes);
  story.now += 12 * 60_000;
  must(story, 'C', 'ClaimConsult', consultOf(story));
  return story;
}

/** The same journey after the consult began, the place of the patient attested anew. */
export function started(changes: Changes = {}): Story {
  const story = claimed(changes);
  must(story, 'X', 'AttestLocation', place);
  must(story, 'C', 'StartConsult', consultOf(story));
  return story;
}

export const decision = (story: Story, level: number) => ({ ...consultOf(story), level, rationaleRef: 'ref-rationale' });

/** The same journey after the clinician decided how soon the patient is to be seen, at 09:24. */
export function decided(level: number, changes: Changes = {}): Story {
  const story = started(changes);
  story.now += 4 * 60_000;
  must(story, 'C', 'DecideDisposition', decision(story, level));
  return story;
}

export const completion = (story: Story, plannedOutcome = 'Resolved') => ({
  ...consultOf(story),
  plannedOutcome,
  summaryRef: 'ref-summary',
});

/** The same journey after the consult ended. */
export function completed(level = 6, changes: Changes = {}): Story {
  const story = decided(level, changes);
  must(story, 'C', 'CompleteConsult', completion(story));
  return story;
}

export const swab = {
  kind: 'lab',
  activityId: 'swab',
  orderId: 'o1',
  loinc: ['78012-2'],
  priority: 'routine',
  labId: 'site-home-visits',
  pointOfCare: true,
};
export const homeVisit = {
  kind: 'visit',
  activityId: 'swab',
  place: 'home',
  reasonCode: 'sore-throat',
  tasks: [{ taskRef: 'swab', kind: 'pointOfCareTest', orderId: 'o1' }],
  skills: ['swab'],
  plannedMin: 45,
  notBefore: at('09:25'),
  notAfter: at('09:24', 1),
};
export const vitalsOnly = { ...homeVisit, tasks: [{ taskRef: 'vitals', kind: 'vitals' }] };

/** The same journey after a visit at home, or what else is named, was ordered. */
export function ordered(orders: readonly object[] = [homeVisit, swab], changes: Changes = {}): Story {
  const story = decided(6, changes);
  must(story, 'C', 'PlaceOrders', { orders });
  return story;
}

const toTheBedside: readonly (readonly [time: string, role: 'X' | 'T' | 'V', command: string, data: object])[] = [
  ['09:25', 'X', 'ScreenHomeSafety', { answers: safe }],
  ['09:26', 'X', 'HoldSlot', { slotId }],
  ['09:27', 'X', 'BookVisit', {}],
  ['09:40', 'T', 'AssignVisitor', { visitorId: 'visitor-1' }],
  ['09:45', 'V', 'AnswerAssignment', { answer: 'accepted' }],
  ['13:10', 'V', 'DepartForVisit', { eta: at('13:40') }],
  ['13:40', 'V', 'ArriveAtVisit', { placeVerification: 'gps' }],
  ['13:41', 'V', 'RecordDoorOutcome', { answered: true }],
  ['13:42', 'V', 'IdentifyPatientAtVisit', { identifierKinds: ['name', 'dateOfBirth'], matches: true }],
  ['13:43', 'V', 'StartVisit', {}],
];

/** Lets the visit go on up to and including one command; without one, until it has begun. */
export function visited(story: Story, last = 'StartVisit'): Story {
  for (const [time, role, type, data] of toTheBedside) {
    story.now = at(time);
    must(story, role, type, { visitId: story.entityOf('VisitRequested'), ...data });
    if (type === last) return story;
  }
  throw new Error(`no step ${last}`);
}

/** A visit in progress at the patient's home, the swab ordered and signed, the consult over. */
export function atBedside(changes: Changes = {}): Story {
  const story = ordered(undefined, changes);
  must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
  must(story, 'C', 'CompleteConsult', completion(story));
  return visited(story);
}

export const strep = { orderId: 'o1', device: 'strep-reader-7', lot: 'L2231', expiry: at('00:00', 90), value: 'positive' };

/** The swab done at 13:58 with this value. */
export function tested(value = 'positive', changes: Changes = {}): Story {
  const story = atBedside(changes);
  story.now = at('13:58');
  must(story, 'V', 'PerformPointOfCareTest', { ...strep, value });
  return story;
}

export const resultOf = (story: Story) => ({ resultId: story.entityOf('FinalResultReceived'), version: 1 });

/** The visit ended at 14:08, which the contract bills with a copay. */
export function visitEnded(changes: Changes = {}): Story {
  const story = tested('positive', changes);
  story.now = at('14:08');
  must(story, 'V', 'EndVisit', { visitId: story.entityOf('VisitRequested') });
  return story;
}
