import fc from 'fast-check';
import * as journeys from '../../domain/journey/index.ts';
import { obligations } from '../../domain/journey/lab/plan.ts';
import { superState } from '../../domain/journey/super-state.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import {
  atBedside,
  clinician,
  decided,
  homeVisit,
  ordered,
  queued,
  started,
  strep,
  swab,
  tested,
  visitEnded,
  vitalsOnly,
} from './consult-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';

const beginnings: readonly (() => Story)[] = [
  queued,
  () => queued({ modality: 'video' }),
  started,
  () => started({ modality: 'chat' }),
  () => decided(3),
  ordered,
  atBedside,
  tested,
  visitEnded,
];

/** The newest id of this kind of entity, or one that nobody knows. */
const id = (story: Story, type: string): string => (story.happened.some((event) => event.type === type) ? story.entityOf(type) : 'unknown');

type Step = (story: Story) => readonly [role: Role, type: string, data: object];
const consult = (story: Story) => ({ consultId: id(story, 'ConsultQueued') });
const lowering = (story: Story) => ({ dispositionId: id(story, 'DispositionLoweringRequested') });
const result = (story: Story) => ({ resultId: id(story, 'FinalResultReceived'), version: 1 });
const visit = (story: Story) => ({ visitId: id(story, 'VisitRequested') });

const acts: readonly Step[] = [
  (story) => ['C', 'ClaimConsult', consult(story)],
  (story) => ['C', 'StartConsult', consult(story)],
  () => ['X', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'ref-address' }],
  (story) => ['C', 'RecordAssessment', { ...consult(story), noteRef: 'ref-note', codedFindings: [] }],
  () => ['C', 'RecordDiagnosis', { icd10: 'J02.0', certainty: 'confirmed' }],
  (story) => ['C', 'ApproveDispositionLowering', lowering(story)],
  (story) => ['C', 'RejectDispositionLowering', lowering(story)],
  () => ['C', 'AgreeCarePlan', { activities: [{ id: 'rest', kind: 'advice' }] }],
  () => ['C', 'PlaceOrders', { orders: [homeVisit, swab] }],
  () => ['C', 'PlaceOrders', { orders: [vitalsOnly] }],
  (story) => ['C', 'CompleteConsult', { ...consult(story), plannedOutcome: 'Resolved', summaryRef: 'ref-summary' }],
  () => ['C', 'SignLabOrder', { orderId: 'o1' }],
  (story) => ['C', 'ReviewResult', result(story)],
  (story) => ['K', 'InformPatientOfResult', { ...result(story), channel: 'app' }],
  (story) => ['V', 'EndVisit', visit(story)],
  (story) => ['V', 'LeaveHome', visit(story)],
  (story) => ['C', 'CompleteTask', { taskId: id(story, 'TaskOpened'), resultCode: 'expire' }],
  (story) => ['C', 'RecordContactAttempt', { purpose: 'call', to: id(story, 'ConsultQueued'), channel: 'phone', outcome: 'reached' }],
];

const step = fc.oneof(
  { arbitrary: fc.constantFrom(...acts), weight: 6 },
  fc.tuple(fc.constantFrom('patient', 'clinician', 'clinicianAsks'), fc.nat(12)).map(
    ([turn, revision]): Step =>
      (story) => ['T', 'NoteConversationTurn', { conversationId: id(story, 'ConsultQueued'), turn, revision }],
  ),
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()).map(
    ([level, inConsult]): Step =>
      (story) => ['C', 'DecideDisposition', { ...(inConsult && consult(story)), level, rationaleRef: 'ref-rationale' }],
  ),
  fc.constantFrom('positive', 'negative', 'invalid').map(
    (value): Step =>
      () => ['V', 'PerformPointOfCareTest', { ...strep, value }],
  ),
  fc.tuple(fc.constantFrom('charged', 'failed', 'unconfirmed'), fc.nat(5_000)).map(
    ([outcome, cents]): Step =>
      (story) => ['A', 'RecordPayment', { chargeId: id(story, 'CopayRequested'), outcome, cents }],
  ),
  // The earliest deadline comes due, or one that nobody set.
  {
    arbitrary: fc.boolean().map(
      (stands): Step =>
        (story) => {
          const deadlines = journeys.plan(story.journey).deadlines.toSorted((a, b) => a.dueAt - b.dueAt);
          const deadline = (stands && deadlines[0]) || { name: 'patient.reply', entityId: 'unknown', dueAt: story.now };
          story.now = Math.max(story.now, deadline.dueAt);
          return ['T', 'ElapseDeadline', deadline];
        },
    ),
    weight: 3,
  },
);

const happenings = fc.array(
  fc.record({
    step,
    who: fc.constantFrom('clinician-1', 'clinician-1', 'clinician-2', 'clinician-3'),
    later: fc.constantFrom(0, minute, 20 * minute, 5 * hour, 30 * hour),
  }),
  { minLength: 5, maxLength: 40 },
);

const usual: Partial<Record<Role, string>> = { X: 'parent-1', K: 'coordinator-1', V: 'visitor-1', A: 'payment', T: 'caretrail' };

/** The third clinician has no licence here. */
const licensed = (who: string) => (who === 'clinician-3' ? clinician(who, { licences: [] }) : clinician(who));

const without = ({ revision: _revision, heardAt: _heard, lastCommand: _last, ...journey }: journeys.Journey) => journey;
const isOpen = (journey: journeys.Journey) => superState(journey) !== 'Closed';

/** What must hold after every command. */
function holds(story: Story): void {
  const { journey } = story;
  const { deadlines, owner } = journeys.plan(journey);
  if (isOpen(journey)) expect(deadlines.length > 0 || owner !== null).toBe(true);
  else expect(obligations(journey)).toEqual([]);
  for (const { dueAt } of deadlines) expect(Number.isInteger(dueAt)).toBe(true);
  const lines = Object.values(journey.money.charges).map(({ evidence, payer }) => `${evidence.join()} ${payer}`);
  expect(new Set(lines).size).toBe(lines.length);
}

describe('Whatever clinicians, partners and clocks do, in any order', () => {
  test('every command is answered, a repeated one alike, a refused one changes nothing, and somebody always answers for an open journey', () => {
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), happenings, (begin, steps) => {
        const story = begin();
        steps.forEach(({ step: next, who, later }, n) => {
          story.now += later;
          const [role, type, data] = next(story);
          const actor = usual[role] ?? who;
          story.know({ clinician: licensed(actor), visitor: sampleFacts.visitor });
          const before = story.journey;
          const told = story.give(role, type, data, { who: actor, id: `s${n}` });
          const { journey } = story;
          story.journey = before;
          story.happened.length -= told.decided.events.length;
          const again = story.give(role, type, data, { who: actor, id: `s${n}` });
          expect([again.decided.events, again.refusal]).toEqual([told.decided.events, told.refusal]);
          if (told.refusal) expect(without(journey)).toEqual(without(before));
          expect(journey.revision).toBe(before.revision + told.decided.events.length);
          holds(story);
        });
      }),
      { numRuns: 150 },
    );
  });

  test('the events alone make the journey, as stored, in one go or in two', () => {
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), happenings, fc.nat(), (begin, steps, at) => {
        const story = begin();
        steps.forEach(({ step: next, who, later }, n) => {
          story.now += later;
          const [role, type, data] = next(story);
          story.know({ clinician: licensed(who) });
          story.give(role, type, data, { who: usual[role] ?? who, id: `s${n}` });
        });
        const stored = JSON.parse(JSON.stringify(story.happened)) as typeof story.happened;
        const cut = at % (stored.length + 1);
        const half = stored.slice(0, cut).reduce(journeys.evolve, journeys.initial);
        expect(stored.slice(cut).reduce(journeys.evolve, half)).toEqual(story.journey);
        expect(stored.reduce(journeys.evolve, journeys.initial)).toEqual(story.journey);
      }),
      { numRuns: 70 },
    );
  });

  test('no journey closes while a test is open or a result is not reviewed and told', () => {
    fc.assert(
      fc.property(fc.constantFrom(ordered, atBedside, tested, visitEnded), fc.shuffledSubarray([...acts.keys()]), (begin, order) => {
        const story = begin();
        for (const index of order) {
          const [role, type, data] = acts[index]?.(story) ?? ['C', 'SignLabOrder', { orderId: 'o1' }];
          const { decided: made } = story.give(role, type, data);
          if (made.events.some((event) => event.type === 'JourneyClosed')) expect(obligations(made.journey)).toEqual([]);
        }
        while (isOpen(story.journey) && journeys.plan(story.journey).deadlines.some(({ name }) => name === 'followup.end')) {
          story.elapse('followup.end');
          if (!isOpen(story.journey)) expect(obligations(story.journey)).toEqual([]);
        }
      }),
      { numRuns: 70 },
    );
  });
});
