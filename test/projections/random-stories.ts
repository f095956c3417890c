import fc from 'fast-check';
import { EmergencyOutcome } from '../../domain/journey/emergency/events.ts';
import * as journeys from '../../domain/journey/index.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { minute } from '../../domain/kernel/time.ts';
import type { Story } from '../journeys/story.ts';
import { playJ1, seattle } from './histories.ts';

type Act = (story: Story) => void;

/** Gives a command; a refusal counts as much as an acceptance. */
const act =
  (role: Role, type: string, data: (story: Story) => object, who?: string): Act =>
  (story) => {
    story.give(role, type, data(story), who ? { who } : {});
  };

const first = (byId: object): string => Object.keys(byId)[0] ?? 'none';
const openTask = ({ journey }: Story): string =>
  Object.entries(journey.work.tasks).find(([, { status }]) => status === 'open')?.[0] ?? 'none';
const consultId = ({ journey }: Story) => ({ consultId: first(journey.consult.byId) });

const emergency = ({ journey: { emergency } }: Story) => ({ caseId: emergency.open?.caseId ?? 'none' });
const endings = EmergencyOutcome.options;

const elapseNext: Act = (story) => {
  const next = journeys.plan(story.journey).deadlines.toSorted((a, b) => a.dueAt - b.dueAt)[0];
  if (!next) return;
  story.now = Math.max(story.now, next.dueAt);
  story.give('T', 'ElapseDeadline', next);
};

const acts: readonly Act[] = [
  elapseNext,
  act('K', 'OpenTask', ({ happened }) => ({ taskId: `task-${happened.length}`, kind: 'patientCall' })),
  act('K', 'ClaimTask', (story) => ({ taskId: openTask(story) })),
  act('K', 'ReleaseTask', (story) => ({ taskId: openTask(story) })),
  act('K', 'CompleteTask', (story) => ({ taskId: openTask(story), resultCode: 'clear' })),
  act('C', 'RaiseRedFlag', () => ({ ruleId: 'chest-pain', source: 'message', sourceRef: 'ref-1' })),
  act('V', 'DeclareEmergency', () => ({ trigger: 'blood-pressure' })),
  act('C', 'RecordEmergencyCall', (story) => ({ ...emergency(story), reached: story.happened.length % 2 === 0 })),
  act('C', 'RecordEmsRefusal', (story) => ({ ...emergency(story), refusalRef: 'ref-1', capacityStated: true })),
  act('M', 'TryEmergencyContact', (story) => ({ ...emergency(story), outcome: 'no-answer' })),
  act('M', 'RecordEmergencyOutcome', (story) => ({ ...emergency(story), outcome: endings[story.happened.length % endings.length] })),
  act('C', 'ClaimConsult', consultId),
  act('C', 'StartConsult', consultId),
  act('T', 'NoteConversationTurn', (story) => ({
    conversationId: first(story.journey.consult.byId),
    turn: 'clinicianAsks',
    revision: story.happened.length,
    clinicianId: 'clinician-1',
  })),
  act('T', 'NoteConversationTurn', (story) => ({
    conversationId: first(story.journey.consult.byId),
    turn: 'patient',
    revision: story.happened.length,
  })),
  act('V', 'LeaveHome', ({ journey }) => ({ visitId: first(journey.visit.byId) })),
  act(
    'A',
    'RecordPharmacyStatus',
    ({ journey }) => ({ rxId: first(journey.prescription.byId), status: 'stock-out', pharmacyId: 'pharmacy-1' }),
    'pharmacy',
  ),
];

/** Instants at which J-1 stands at a turning point, from intake to the follow-up. */
const turningPoints = [
  seattle(9, 2),
  seattle(9, 8),
  seattle(9, 20),
  seattle(9, 28),
  seattle(10),
  seattle(13, 30),
  seattle(14, 5),
  seattle(15),
  seattle(12, 0, 9),
];

/** J-1 up to some instant, and then whatever happens: commands in any order, clocks that run out. */
export const randomStory: fc.Arbitrary<Story> = fc
  .tuple(
    fc.constantFrom(...turningPoints),
    fc.array(fc.tuple(fc.nat(acts.length - 1), fc.integer({ min: 0, max: 300 })), { minLength: 1, maxLength: 25 }),
  )
  .map(([until, chosen]) => {
    const story = playJ1(until);
    for (const [index, minutes] of chosen) {
      story.now = Math.max(story.now, until) + minutes * minute;
      acts[index]?.(story);
    }
    return story;
  });
