// `perform` over one journey of the pure decider, real stand-ins and a ledger that the test chooses.
import { createPerform, type PerformDependencies } from '../../activities/perform.ts';
import type { RunningPartners } from '../../dev/partners/server.ts';
import type { VisitorFact } from '../../domain/journey/facts.ts';
import { commands } from '../../domain/journey/index.ts';
import type { Effect } from '../../domain/kernel/plan.ts';
import { courierClient } from '../../interop/courier/client.ts';
import { eligibilityClient } from '../../interop/eligibility/client.ts';
import { noticesClient } from '../../interop/notices/client.ts';
import { paymentClient } from '../../interop/payment/client.ts';
import { pharmacyClient } from '../../interop/pharmacy/client.ts';
import { safetyClient } from '../../interop/safety/client.ts';
import type { Attempt, Attempts } from '../../store/ports.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import type { Story } from '../journeys/story.ts';

/** The ledger in memory; the suites of the store hold the PostgreSQL adapter to the same. */
export function memoryAttempts(): Attempts {
  const known = new Map<string, Attempt>();
  return {
    async begin(effectId, attempt) {
      const key = `${effectId}:${attempt}`;
      const earlier = known.get(key);
      if (!earlier) known.set(key, {});
      return earlier;
    },
    async settle(effectId, attempt, outcome, result) {
      const earlier = known.get(`${effectId}:${attempt}`);
      const stands = earlier?.outcome !== undefined && earlier.outcome !== 'unknown';
      if (!stands) known.set(`${effectId}:${attempt}`, { outcome, result });
    },
  };
}

export const partiesAt = (partners: Pick<RunningPartners, 'endpointOf'>): PerformDependencies['parties'] => ({
  eligibility: eligibilityClient(partners.endpointOf('eligibility')),
  safety: safetyClient(partners.endpointOf('safety')),
  pharmacy: pharmacyClient(partners.endpointOf('pharmacy')),
  courier: courierClient(partners.endpointOf('courier')),
  payment: paymentClient(partners.endpointOf('payment')),
  notices: noticesClient(partners.endpointOf('notices')),
});

export interface Performing {
  readonly story: Story;
  readonly partners: Pick<RunningPartners, 'endpointOf'>;
  readonly attempts?: Attempts;
  readonly onShift?: readonly VisitorFact[];
  /** Takes the texts that go into the vault. */
  readonly written?: string[];
}

/** Performs effects of the story's journey, `j1`; a command that the journey could not read fails the test. */
export function performing({ story, partners, attempts = memoryAttempts(), onShift = [], written = [] }: Performing) {
  const vault = {
    register: async () => 'key-1',
    put: async (_subject: string, _stream: string, text: string) => {
      written.push(text);
      return 'text-1';
    },
    get: async () => undefined,
    destroyKey: async () => undefined,
  };
  const { perform } = createPerform({
    journeys: { load: async () => ({ journey: story.journey, byCommand: new Map() }) },
    attempts,
    parties: partiesAt(partners),
    people: {
      person: async () => ({ name: 'Robin Doe', birthDate: '2017-03-02' }),
      text: async () => '1 Pine Street, Seattle',
    },
    vault,
    clock: { now: async () => story.now, realTimeOf: async () => undefined },
    visitorsOnShift: async () => onShift,
  });
  return async (effect: Effect): Promise<CommandMessage | null> => {
    const message = await perform('j1', effect);
    if (message) expect(commands[message.type]?.data.safeParse(message.data).error).toBeUndefined();
    return message;
  };
}

/** The one effect of a kind that the journey asks for now. */
export function effectOf(story: Story, kind: string): Effect {
  const [effect] = story.effects(kind);
  if (!effect) throw new Error(`the journey asks for no ${kind}`);
  return effect;
}
