import { createClaims, type ExecuteOn } from '../../activities/claims.ts';
import { createExecute, type ExecuteDependencies } from '../../activities/execute.ts';
import type { FactsInput, LoadFacts } from '../../activities/facts.ts';
import type { Activities } from '../../activities/index.ts';
import type { FactName, Facts } from '../../domain/journey/facts.ts';
import type { Actor, Role } from '../../domain/kernel/actor.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import type { Instant } from '../../domain/kernel/time.ts';
import type { EventStore, StoredEvent } from '../../store/event-store.ts';
import type { Clock } from '../../store/ports.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { start } from '../journeys/intake-setting.ts';
import { firstDay, sampleFacts } from '../journeys/sample-facts.ts';

export const journeyId = 'j1';

/** A clock that a test moves by hand. It is frozen, unless real time is to pass at this scale from now on. */
export interface HandClock extends Clock {
  at: Instant;
  scale: number;
}
export function handClock(at: Instant = firstDay): HandClock {
  const real = Date.now();
  const clock: HandClock = {
    at,
    scale: 0,
    now: async () => clock.at,
    realTimeOf: async (instant) => (clock.scale === 0 ? undefined : real + (instant - clock.at) / clock.scale),
  };
  return clock;
}

/** The facts of the sample world; a test may change or leave out what one command is to know. */
export type Knowing = (input: FactsInput) => Partial<Facts>;
export const loadFactsOf =
  (know: Knowing = () => ({})): LoadFacts =>
  async (names: readonly FactName[], input) => {
    const world = { ...sampleFacts, ...know(input) };
    return { facts: Object.fromEntries(names.map((name) => [name, world[name]])), basis: { 'employer-employer-1': 3 } };
  };

const granted: ExecuteOn = async () => ({ accepted: true, revision: 1, position: 1, events: [] });

export interface Executing extends Partial<Pick<ExecuteDependencies, 'report' | 'runId'>> {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly know?: Knowing;
  readonly executeOn?: ExecuteOn;
}
export type Executor = Pick<Activities, 'open' | 'execute'>;

/** `execute` with the real decider over a store. */
export function executor({ store, clock, know, executeOn = granted, runId = () => 'run-1', report }: Executing): Executor {
  const loadFacts = loadFactsOf(know);
  const fail: ExecuteDependencies['report'] = ({ error }) => {
    throw error;
  };
  return createExecute({ store, clock, loadFacts, loadClaim: createClaims(executeOn, loadFacts), runId, report: report ?? fail });
}

const kinds: Partial<Record<Role, Actor['kind']>> = { A: 'partner', T: 'system' };
const usual: Partial<Record<Role, string>> = { X: 'parent-1', P: 'patient-1', K: 'coordinator-1', C: 'clinician-1', T: 'caretrail' };

/** A command as it reaches `execute`. */
export const message = (
  id: string,
  role: Role,
  type: string,
  data: object,
  { who = usual[role] ?? role, ...more }: Partial<CommandMessage> & { readonly who?: string } = {},
): CommandMessage => ({ id, type, data, actor: { kind: kinds[role] ?? 'person', id: who, role }, source: 'api', ...more });

export const startMessage = message('start', 'X', 'StartJourney', start);
export const openTask = (id: string, kind = 'patientCall'): CommandMessage =>
  message(`open-${id}`, 'K', 'OpenTask', { taskId: id, kind, cites: [] });

export async function stored(store: EventStore, id = journeyId): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(journeyStream(id))) events.push(event);
  return events;
}
