import fc from 'fast-check';
import { isLive } from '../../domain/journey/prescription/standing.ts';
import { inTreatment, withLists } from './prescription-story.ts';
import type { Story } from './story.ts';

const rxIds = ['p1', 'p2'] as const;
const pharmacies = ['pharmacy-1', 'pharmacy-2'] as const;
const order = { rxnorm: '723', sig: 'once', quantity: 10, days: 5 };

type Step = readonly [role: 'A' | 'C' | 'K' | 'P' | 'T', command: string, data: object];

/** Something that somebody, or a partner, may say of a prescription, at the wrong time as well. */
const step: fc.Arbitrary<Step> = fc.constantFrom(...rxIds).chain((rxId) => {
  const other = rxId === 'p1' ? 'p2' : 'p1';
  const steps: readonly Step[] = [
    ['C', 'DraftPrescription', { rxId, ...order }],
    ['C', 'DraftPrescription', { rxId, ...order, replaces: other }],
    ['C', 'RevisePrescription', { rxId, quantity: 5 }],
    ['C', 'OverrideMissingRxCheck', { rxId, reasonCode: 'service-down' }],
    ['C', 'SignPrescription', { rxId }],
    ['C', 'CancelPrescription', { rxId, reason: 'error' }],
    ['P', 'ChooseReroute', { rxId, pharmacyId: 'pharmacy-2' }],
    ...pharmacies.map((pharmacyId): Step => ['P', 'ChoosePharmacy', { pharmacyId, fulfilment: 'courier' }]),
    ...['succeeded', 'refused', 'failed', 'unknown'].map((outcome): Step => ['A', 'RecordRxTransmission', { rxId, attempt: 1, outcome }]),
    ...['found', 'notFound', 'unknown'].map((outcome): Step => ['K', 'RecordRxReconciliation', { rxId, outcome }]),
    ...['verified', 'rejected', 'stock-out', 'ready', 'picked-up', 'transferred'].map(
      (status): Step => ['A', 'RecordPharmacyStatus', { rxId, status, pharmacyId: 'pharmacy-1' }],
    ),
    ...['dispensed', 'partial', 'not-dispensed', 'returned-to-stock'].map((outcome): Step => ['A', 'RecordDispense', { rxId, outcome }]),
    ...['confirmed', 'denied', 'unknown'].map((outcome): Step => ['A', 'RecordRxCancelAnswer', { rxId, outcome }]),
    ['A', 'RecordPharmacyChange', { rxId, changeId: 'change-1', kind: 'generic' }],
    ['C', 'AnswerPharmacyChange', { rxId, changeId: 'change-1', decision: 'approved' }],
  ];
  return fc.constantFrom(...steps);
});

/** Signs whatever can be signed: the drafts that a reroute made have ids of their own. */
function signAll(story: Story): void {
  for (const rxId of Object.keys(story.journey.prescription.byId)) {
    story.give('C', 'OverrideMissingRxCheck', { rxId, reasonCode: 'service-down' });
    story.give('C', 'SignPrescription', { rxId });
  }
}

/** A second prescription after the first was cancelled: chance alone does not always come so far. */
const oneAfterTheOther: Step[] = [
  ['C', 'DraftPrescription', { rxId: 'p1', ...order }],
  ['A', 'RecordRxTransmission', { rxId: 'p1', attempt: 1, outcome: 'succeeded' }],
  ['C', 'CancelPrescription', { rxId: 'p1', reason: 'error' }],
  ['A', 'RecordRxCancelAnswer', { rxId: 'p1', outcome: 'confirmed' }],
  ['C', 'DraftPrescription', { rxId: 'p2', ...order }],
];

const live = (story: Story): number => Object.values(story.journey.prescription.byId).filter(isLive).length;

test('there are never two live prescriptions for one medicine, whatever is said and done (I-7)', () => {
  let reached = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), fc.boolean(), (steps, eager) => {
      const story = withLists(inTreatment());
      story.give('P', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
      for (const [role, command, data] of steps) {
        story.give(role, command, data);
        if (eager) signAll(story);
        expect(live(story)).toBeLessThanOrEqual(1);
        reached = Math.max(reached, Object.values(story.journey.prescription.byId).filter(({ signedAt }) => signedAt !== undefined).length);
      }
    }),
    { numRuns: 200, examples: [[oneAfterTheOther, true]] },
  );
  // The scripts do come to where a second one could go wrong.
  expect(reached).toBeGreaterThan(1);
});
