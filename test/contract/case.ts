import type { EventStore } from '../../store/event-store.ts';

/** Gives the store under test; what other cases left in it does no harm. */
export type Open = () => Promise<EventStore>;

/** A sentence, and what throws when it is not true of a store. */
export type ContractCase = readonly [sentence: string, holds: (open: Open) => Promise<void>];
