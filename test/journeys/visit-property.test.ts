import fc from 'fast-check';
import { claimOf } from '../../domain/journey/claims.ts';
import { isTerminal } from '../../domain/journey/visit/state.ts';
import { minute } from '../../domain/kernel/time.ts';
import { owedBy } from '../../domain/owed.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { decideOn, type Given, person } from '../reference/scenario.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story, Told } from './story.ts';
import { at, of, order, safe, slot, visitAfter } from './visit-setting.ts';

const visitor = 'visitor-1';

/** One visitor's stream, and two visits of theirs in one journey, both accepted. */
class Rounds {
  readonly story: Story;
  readonly visits: readonly string[];
  /** What was claimed of the visitor's stream and given back to it. */
  presence: readonly Given[] = [];

  constructor() {
    this.story = visitAfter('ConfirmVisit');
    const second = { ...order, tasks: [{ taskRef: 'vitals', kind: 'vitals' as const }] };
    this.story.give('K', 'RequestVisit', second);
    const visitId = this.story.entityOf('VisitRequested');
    this.visits = [of.visitId, visitId];
    this.story.give('X', 'ScreenHomeSafety', { visitId, answers: safe });
    this.story.know({ slot: { ...slot, window: { from: at('15:00'), to: at('17:00') } } });
    this.story.give('X', 'HoldSlot', { visitId, slotId: 'sea-north_2026-10-06_1500' });
    this.story.give('X', 'BookVisit', { visitId });
    this.story.give('D', 'AssignVisitor', { visitId, visitorId: visitor });
    this.story.give('V', 'AnswerAssignment', { visitId, answer: 'accepted' });
    this.story.now = at('13:10');
  }

  /** Gives a command as `execute` does: the claim first, then the decision, then what its events owe. */
  give(type: string, data: { readonly visitId: string }): Told {
    const role = roleOf[type] ?? 'V';
    const command = { type, data, actor: { kind: 'person', id: role === 'V' ? visitor : 'parent-1', role } as const };
    const claim = claimOf(this.story.journey, command, { at: this.story.now, facts: { slot: sampleFacts.slot } });
    const granted = claim?.category !== 'visitor' || this.onVisitor(claim.type, claim.data);
    const told = this.story.know({ claim: { granted } }).give(role, type, data);
    for (const event of told.decided.events)
      for (const { target, command: owed } of owedBy({ ...event, stream: 'journey-1', entityId: 'x', tenant: 'e1', patient: 'p1' }))
        if (target.category === 'visitor') this.onVisitor(owed.type, owed.data);
    return told;
  }

  private onVisitor(type: string, data: object): boolean {
    const { history, refusal } = decideOn(aggregates.visitor, this.presence, type, data, { actor: person('T'), now: this.story.now });
    this.presence = history;
    return refusal === undefined;
  }
}

const roleOf: Readonly<Record<string, 'X' | 'D' | 'K'>> = { CancelVisit: 'X', RescheduleVisit: 'X', ReassignVisitor: 'D' };

const acts: readonly (readonly [type: string, data: object])[] = [
  ['DepartForVisit', { eta: at('14:00') }],
  ['DepartForVisit', { eta: at('14:00') }],
  ['ArriveAtVisit', { placeVerification: 'gps' }],
  ['ArriveAtVisit', { placeVerification: 'gps' }],
  ['ArriveAtVisit', { placeVerification: 'gps' }],
  ['RecordDoorOutcome', { answered: true }],
  ['RecordDoorOutcome', { answered: false, channel: 'bell' }],
  ['IdentifyPatientAtVisit', { identifierKinds: ['name', 'phone'], matches: true }],
  ['IdentifyPatientAtVisit', { identifierKinds: ['name', 'phone'], matches: false }],
  ['StartVisit', {}],
  ['EndVisit', {}],
  ['AbortVisit', { reason: 'unsafe' }],
  ['AbortVisit', { reason: 'emergency' }],
  ['LeaveHome', {}],
  ['LeaveHome', {}],
  ['TurnBack', { reason: 'traffic' }],
  ['AnswerAssignment', { answer: 'accepted' }],
  ['CancelVisit', { reason: 'recovered' }],
  ['RescheduleVisit', { slotId: 'sea-north_2026-10-06_1700' }],
  ['SignalDuress', {}],
  ['ReportUnsafeCondition', { categories: ['harassment'] }],
  ['AnswerLoneWorkerCheck', {}],
  ['ExtendLoneWorkerTimer', { minutes: 10 }],
];

const steps = fc.array(
  fc.record({ act: fc.constantFrom(...acts), which: fc.constantFrom(0, 1), later: fc.constantFrom(0, minute, 12 * minute) }),
  { minLength: 5, maxLength: 60 },
);

const inHomes = ({ happened }: Story): readonly string[] => {
  const inside = new Set<string>();
  for (const { type, data } of happened) {
    if (type === 'VisitorArrived') inside.add(data.visitId);
    if (type === 'VisitorLeftHome') inside.delete(data.visitId);
  }
  return [...inside];
};

describe('Whatever visitors, patients and dispatchers do, in any order', () => {
  test('I-8: the visitor is in at most one home, and the timer runs exactly while in it', () => {
    let homes = 0;
    fc.assert(
      fc.property(steps, (given) => {
        const rounds = new Rounds();
        for (const { act, which, later } of given) {
          const { story } = rounds;
          story.now += later;
          const [type, data] = act;
          const before = story.journey;
          const { refusal, decided } = rounds.give(type, { visitId: rounds.visits[which] ?? '', ...data });
          if (refusal && decided.events.length === 0) expect(story.journey).toEqual(before);
          const timed = Object.entries(story.journey.visit.byId).flatMap(([visitId, { timer }]) => (timer ? [visitId] : []));
          expect(timed).toEqual(inHomes(story));
          expect(timed.length).toBeLessThanOrEqual(1);
          homes += timed.length;
        }
      }),
      { numRuns: 200 },
    );
    expect(homes).toBeGreaterThan(100);
  });

  test('a visit that has ended stays ended', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const rounds = new Rounds();
        for (const { act, which } of given) {
          const visitId = rounds.visits[which] ?? '';
          const before = rounds.story.journey.visit.byId[visitId];
          rounds.give(act[0], { visitId, ...act[1] });
          const after = rounds.story.journey.visit.byId[visitId];
          if (before && isTerminal(before)) expect(after?.status).toBe(before.status);
        }
      }),
      { numRuns: 100 },
    );
  });
});
