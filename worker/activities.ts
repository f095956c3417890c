// The activities of a worker, over one database and the partners that the configuration names.

import { activityInfo } from '@temporalio/activity';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { createClaims } from '../activities/claims.ts';
import { createExecute } from '../activities/execute.ts';
import { createFacts } from '../activities/facts.ts';
import type { Activities } from '../activities/index.ts';
import { createJourneys, type Journeys } from '../activities/journeys.ts';
import { createPerform, type Parties } from '../activities/perform.ts';
import { createPeople } from '../activities/perform-person.ts';
import { createReferences } from '../activities/references.ts';
import { createStreams, type Streams } from '../activities/streams.ts';
import type { ConfigWith } from '../config.ts';
import { templates } from '../domain/templates/index.ts';
import { courierClient } from '../interop/courier/client.ts';
import { eligibilityClient } from '../interop/eligibility/client.ts';
import { noticesClient } from '../interop/notices/client.ts';
import { paymentClient } from '../interop/payment/client.ts';
import { pharmacyClient } from '../interop/pharmacy/client.ts';
import { safetyClient } from '../interop/safety/client.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Pass } from '../store/fail-point.ts';
import { commitmentKeyOf } from '../store/key-file.ts';
import type { AttemptLedger, Clock } from '../store/ports.ts';
import { openAttempts } from '../store/postgres/attempts.ts';
import { openJourneyClock } from '../store/postgres/clock.ts';
import { openEventStore } from '../store/postgres/event-store.ts';
import { openVault } from '../store/postgres/vault.ts';
import { systemClock } from '../store/system-clock.ts';
import { passingAttempts } from './fail-points.ts';
import type { WorkerMetrics } from './metrics.ts';

/** The addresses of the partners, and the tokens that they know us by. */
export const neededByActivities = [
  ...(['eligibilityUrl', 'safetyUrl', 'pharmacyUrl', 'courierUrl', 'paymentUrl', 'noticesUrl'] as const),
  ...(['eligibilityToken', 'safetyToken', 'pharmacyToken', 'courierToken', 'paymentToken', 'noticesToken'] as const),
] as const;
type ActivitiesConfig = ConfigWith<(typeof neededByActivities)[number]>;

interface ActivitiesParts {
  readonly pool: Pool;
  readonly masterKey: Buffer;
  readonly log: Logger;
  readonly metrics: WorkerMetrics;
  readonly pass: Pass;
}

export interface ComposedActivities {
  readonly activities: Activities;
  readonly store: EventStore;
  readonly streams: Streams;
  readonly clock: Clock;
  readonly journeys: Pick<Journeys, 'load'>;
  readonly attempts: AttemptLedger;
}

/** Makes the activities and what else stands on the same store. */
export function composeActivities(config: ActivitiesConfig, { pool, masterKey, log, metrics, pass }: ActivitiesParts): ComposedActivities {
  const store = openEventStore(pool, metrics.flushed);
  const clock: Clock = config.journeyClock === 'journey' ? openJourneyClock(pool) : systemClock;
  const vault = openVault(pool, masterKey);
  const references = createReferences(store);
  const commitmentKey = commitmentKeyOf(masterKey);
  const report = ({ error, ...where }: { readonly commandId: string; readonly error: unknown }): void =>
    log.error({ ...where, error: stackOf(error) }, 'a rule failed');
  const streams = createStreams({ store, clock, vault, references, commitmentKey, report });
  const facts = createFacts({ references, vault, clock, templates });
  const runId = (): string => activityInfo().workflowExecution?.runId ?? '';
  const loadClaim = createClaims(streams.execute, facts.load);
  const execute = createExecute({ store, clock, loadFacts: facts.load, loadClaim, runId, report, pass });
  const journeys = createJourneys(store);
  const attempts = openAttempts(pool);
  const perform = createPerform({
    journeys,
    attempts: passingAttempts(attempts, pass),
    parties: partiesOf(config),
    people: createPeople({ references, vault }),
    vault,
    clock,
    visitorsOnShift: facts.visitorsOnShift,
  });
  return { activities: metrics.counted({ ...execute, ...perform }, clock), store, streams, clock, journeys, attempts };
}

const partiesOf = (config: ActivitiesConfig): Parties => ({
  eligibility: eligibilityClient({ url: config.eligibilityUrl, token: config.eligibilityToken }),
  safety: safetyClient({ url: config.safetyUrl, token: config.safetyToken }),
  pharmacy: pharmacyClient({ url: config.pharmacyUrl, token: config.pharmacyToken }),
  courier: courierClient({ url: config.courierUrl, token: config.courierToken }),
  payment: paymentClient({ url: config.paymentUrl, token: config.paymentToken }),
  notices: noticesClient({ url: config.noticesUrl, token: config.noticesToken }),
});

/** Where a defect is, without its message. */
const stackOf = (error: unknown): string =>
  error instanceof Error ? [error.name, ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))].join('\n') : 'unknown';
