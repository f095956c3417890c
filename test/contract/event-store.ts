import { appendingCases } from './appending.ts';
import type { ContractCase, Open } from './case.ts';
import { followingCases } from './following.ts';

/** All that an adapter must do. */
export const eventStoreContract: readonly ContractCase[] = [...appendingCases, ...followingCases];

/** Describes the contract as tests of the adapter that `open` gives. */
export function describeEventStore(name: string, open: Open): void {
  describe(`the event store ${name}`, () => {
    test.each(eventStoreContract)('%s', (_, holds) => holds(open));
  });
}
