import fc from 'fast-check';
import { type CourierStatus, courierStatuses } from '../../domain/journey/delivery/events.ts';
import { courierSays, handedOut, signedFor, standing, statusOfRx } from './prescription-story.ts';
import type { Story } from './story.ts';

const statuses = Object.keys(courierStatuses) as CourierStatus[];
const rankOf = (status: CourierStatus): number => courierStatuses[status].rank;
const ranks = [...new Set(statuses.map(rankOf))];

/** What a courier may report of one leg: at most one status of each rank. */
const history = fc
  .subarray(ranks, { minLength: 1 })
  .chain((some) => fc.tuple(...some.map((rank) => fc.constantFrom(...statuses.filter((status) => rankOf(status) === rank)))));

/** A history with delays, every report given one to three times, in any order. */
const storm = history.chain((reported) =>
  fc
    .tuple(
      ...[...reported, 'delayed' as const].map((status) =>
        fc.integer({ min: 1, max: 3 }).map((times) => Array<string>(times).fill(status)),
      ),
    )
    .chain((copies) => fc.shuffledSubarray(copies.flat(), { minLength: copies.flat().length }))
    .map((told) => ({ reported, told })),
);

/** Nobody checks who takes a parcel that is not handed over. */
const hear = (story: Story, status: string, seen: object) => courierSays(story, status, status === 'delivered' ? seen : {});

const standingRank = (story: Story): number => Object.values(courierStatuses).find(({ state }) => state === standing(story))?.rank ?? 0;

describe('Reports of a courier, repeated and in any order', () => {
  it('never move a delivery back, and end where the highest of them leads', () => {
    fc.assert(
      fc.property(storm, ({ reported, told }) => {
        const story = handedOut();
        for (const status of told) {
          const before = standingRank(story);
          expect(hear(story, status, signedFor).refusal).toBeUndefined();
          expect(standingRank(story)).toBeGreaterThanOrEqual(before);
        }
        const highest = reported.toSorted((a, b) => rankOf(b) - rankOf(a))[0];
        expect(standing(story)).toBe(highest && courierStatuses[highest].state);
        expect(statusOfRx(story)).toBe(highest === 'delivered' ? 'InHand' : 'InDelivery');
      }),
      { numRuns: 300 },
    );
  });

  it('never put a medicine into hands that nobody checked (R-17)', () => {
    fc.assert(
      fc.property(storm, ({ told }) => {
        const story = handedOut();
        for (const status of told) hear(story, status, { recipientKind: 'adult' });
        expect(standing(story)).not.toBe('Delivered');
        expect(statusOfRx(story)).toBe('InDelivery');
      }),
      { numRuns: 300 },
    );
  });
});
