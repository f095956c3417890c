import { eventStoreContract } from '../contract/event-store.ts';
import { plantedFaults } from '../contract/planted-faults.ts';

/** Sentences of the contract that are not true of such a store. */
async function violations(open: (typeof plantedFaults)[string]): Promise<string[]> {
  const results = await Promise.allSettled(eventStoreContract.map(([, holds]) => holds(async () => open())));
  return eventStoreContract.flatMap(([sentence], index) => (results[index]?.status === 'rejected' ? [sentence] : []));
}

/** One sentence that must catch each fault; others may too. */
const catches: Readonly<Record<string, string>> = {
  'does nothing': 'an event comes back with its whole envelope',
  'forgets the expected version': 'of fifty racers with one expected version one wins',
  'stores a repeated append again': 'the same append by several callers at once is stored once',
  'knows a repeated append only as the newest': 'a repeated append is answered with the first, whatever it expects and whatever came later',
  'stores the first events of a refused append': 'an append is stored whole or not at all',
  'drops an append on conflict and says it was taken': 'an append is taken only if the stream is as expected',
  'fails a whole moment for one bad append': 'an append that fails fails no other at the same moment',
  'takes appends to a closed stream': 'a closed stream is read but not written, and still knows what it has',
  'takes what is too large': 'an event or an append that is too large is refused',
  'loses who stood behind the actor': 'an event comes back with its whole envelope',
  'reads backwards in the wrong order': 'a stream is read exactly: forwards, backwards, from a version, up to a limit',
  'ignores the limit': 'the log is read after a position, by prefix, by type, up to a limit',
  'ignores the filter': 'a subscription gives only what it asked for',
  'leaves out the last event of a stretch': 'a stretch of the log is read whole or in shares, each stream in one of them and in order',
  'tears a stream between shares': 'a stretch of the log is read whole or in shares, each stream in one of them and in order',
  'misses an event on going live': 'a subscription goes from history to live without a gap or a repeat',
  'repeats an event on going live': 'a subscription goes from history to live without a gap or a repeat',
  'follows history only': 'a subscription goes on after a refused append',
  'does not hear that it is aborted': 'a subscription ends soon when it is aborted',
  'numbers positions with a gap after a refused append': 'an append that fails fails no other at the same moment',
};

describe('the contract of the event store', () => {
  test.concurrent.each(Object.entries(plantedFaults))('catches a store that %s', async (fault, open) => {
    expect(await violations(open)).toContain(catches[fault]);
  });
});
