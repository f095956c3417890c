import type { Facts } from '../../domain/journey/facts.ts';
import * as journeys from '../../domain/journey/index.ts';
import { visitRequested } from '../../domain/journey/visit/decide.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story, type Told } from './story.ts';

const zone = 'America/Los_Angeles';

/** A local time of the first day, or of a later one. */
export function at(time: string, day = 0): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return instantOf({ year: 2026, month: 10, day: 6 + day, hour, minute }, zone);
}

export const visitId = 'visit-1';
export const of = { visitId };
export const slotId = 'sea-north_2026-10-06_1300';
export const window = { from: at('13:00'), to: at('15:00') };
export const slot = { ...sampleFacts.slot, window, earliest: window.from };
export const safe = { dogAtHome: false, weaponAtHome: false, safeEntrance: true };

/** The order of J-1: vitals and a swab at home, within a day of the disposition. */
export const order = {
  place: 'home' as 'home' | 'office' | 'clinicSite',
  reasonCode: 'sore-throat',
  tasks: [
    { taskRef: 'vitals', kind: 'vitals' as const },
    { taskRef: 'swab', kind: 'pointOfCareTest' as const, orderId: 'o1' },
  ],
  skills: ['swab'],
  plannedMin: 45,
  notBefore: at('09:25'),
  notAfter: at('09:24', 1),
};
export type Order = typeof order;

/** Lets events happen that no command of this test gives. */
export function happens(story: Story, ...events: readonly journeys.JourneyEvent[]): Story {
  const happened = events.map((event, i) => ({
    ...event,
    id: `given-${story.happened.length + i}`,
    occurredAt: story.now,
    commandId: 'given',
    commandType: 'Given',
    actor: { kind: 'person', id: 'parent-1', role: 'X' } as const,
  }));
  story.happened.push(...happened);
  story.journey = happened.reduce(journeys.evolve, story.journey);
  return story;
}

/** A journey in which a clinician decided level 6 and ordered a visit. */
export function visitOrdered(changes: Partial<Order> = {}, facts: Partial<Facts> = {}): Story {
  const story = new Story(at('09:24'), { slot, ...facts });
  happens(
    story,
    {
      type: 'JourneyRequested',
      data: {
        patientId: 'patient-1',
        employerId: 'employer-1',
        entryPoint: 'app',
        templateId: 'sore-throat',
        templateVersion: 3,
        modality: 'async',
        requesterKind: 'proxy',
        zone,
        slaSet: soreThroat.slaSet,
      },
    },
    { type: 'PatientLocationAttested', data: { state: 'WA', areaKey: '98101', addressRef: 'address-1', reportedBy: 'parent-1' } },
    { type: 'JourneyAccepted', data: { firstStep: 'consult' } },
    { type: 'ConsultQueued', data: { consultId: 'consult-1', modality: 'async', priority: 'routine', reasonCode: 'sore-throat' } },
    { type: 'DispositionDecided', data: { dispositionId: 'd1', level: 6, rationaleRef: 'r1', latestStartAt: at('09:24', 1) } },
  );
  story.now = at('09:25');
  return happens(
    story,
    ...visitRequested(story.journey, { ...order, ...changes }, { visitId, area: { ...sampleFacts.area, ...facts.area } }),
  );
}

type Step = readonly [time: string, role: 'X' | 'T' | 'V', command: string, data: object];
const steps: readonly Step[] = [
  ['09:25', 'X', 'ScreenHomeSafety', { answers: safe }],
  ['09:26', 'X', 'HoldSlot', { slotId }],
  ['09:27', 'X', 'BookVisit', {}],
  ['09:40', 'T', 'AssignVisitor', { visitorId: 'visitor-1' }],
  ['09:45', 'V', 'AnswerAssignment', { answer: 'accepted' }],
  ['11:05', 'X', 'ConfirmVisit', {}],
  ['13:10', 'V', 'DepartForVisit', { eta: at('13:40') }],
  ['13:40', 'V', 'ArriveAtVisit', { placeVerification: 'gps' }],
  ['13:41', 'V', 'RecordDoorOutcome', { answered: true }],
  ['13:42', 'V', 'IdentifyPatientAtVisit', { identifierKinds: ['name', 'dateOfBirth'], matches: true }],
  ['13:43', 'V', 'StartVisit', {}],
  ['13:46', 'V', 'RecordVitals', { codedValues: { heartRate: 96, respiratoryRate: 18, oxygenSaturation: 98, temperatureCelsius: 38.2 } }],
  ['14:08', 'V', 'EndVisit', {}],
  ['14:10', 'V', 'LeaveHome', {}],
];

/** The same journey after the steps of J-1 up to and including one. */
export function visitAfter(command: string, changes: Partial<Order> = {}, facts: Partial<Facts> = {}): Story {
  const story = visitOrdered(changes, facts);
  const last = steps.findIndex(([, , type]) => type === command);
  for (const [time, role, type, data] of steps.slice(0, last + 1)) {
    story.now = at(time);
    const { refusal } = story.give(role, type, { ...of, ...data });
    if (refusal) throw new Error(`${type} was refused: ${refusal}`);
  }
  return story;
}

/** A visit at a site after somebody booked it. */
export function siteVisitBooked(): Story {
  const story = visitOrdered({ place: 'clinicSite' });
  story.give('X', 'HoldSlot', { ...of, slotId });
  story.give('X', 'BookVisit', of);
  return story;
}

export const visitOf = (story: Story) => {
  const visit = story.journey.visit.byId[visitId];
  if (!visit) throw new Error('no visit was requested');
  return visit;
};

export const effectsOf = (story: Story, kind: string) => journeys.plan(story.journey).effects.filter((effect) => effect.kind === kind);

export const dueOf = (story: Story, name: string): readonly number[] =>
  journeys
    .plan(story.journey)
    .deadlines.filter((deadline) => deadline.name === name)
    .map(({ dueAt }) => dueAt);

/** The events, without what the contract bills for them. */
export const clinical = ({ events }: Told): readonly string[] =>
  events.filter((type) => type !== 'ChargeCaptured' && type !== 'CopayRequested');

/** The data of one event that a command left. */
export const dataOf = ({ decided }: Told, type: string): object | undefined => decided.events.find((event) => event.type === type)?.data;
