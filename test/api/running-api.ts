import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createExecute } from '../../activities/execute.ts';
import type { LoadFacts } from '../../activities/facts.ts';
import { createReferences } from '../../activities/references.ts';
import { createStreams } from '../../activities/streams.ts';
import { type ApiParts, createApp, defaultLimits } from '../../api/app.ts';
import { createMetrics } from '../../api/metrics.ts';
import type { Facts } from '../../domain/journey/facts.ts';
import { openApiReader } from '../../store/postgres/api-reader.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openIdempotency } from '../../store/postgres/idempotency.ts';
import { openVault } from '../../store/postgres/vault.ts';
import { firstDay, sampleFacts } from '../journeys/sample-facts.ts';
import { createDatabase } from '../parts/postgres.ts';
import { createSampleViews } from './sample-views.ts';

export const issuer = 'https://id.example.org';
export const audience = 'caretrail';

/** Who asks. */
export type Claims = JWTPayload & { readonly role?: string; readonly tenant?: string; readonly patients?: readonly string[] };

export const parent: Claims = { sub: 'parent-1', role: 'X', tenant: 'employer-1', patients: ['patient-1'] };
export const coordinator: Claims = { sub: 'coordinator-1', role: 'K', tenant: '*' };
export const clinician: Claims = { sub: 'clinician-1', role: 'C', tenant: '*' };
export const operations: Claims = { sub: 'operations-1', role: 'O', tenant: '*' };
export const auditor: Claims = { sub: 'auditor-1', role: 'L', tenant: '*' };
export const payer: Claims = { sub: 'payer-1', role: 'A', tenant: '*' };

export const start = {
  patientId: 'patient-1',
  employerId: 'employer-1',
  entryPoint: 'app',
  templateId: 'sore-throat',
  modality: 'async',
  zone: 'America/Los_Angeles',
};
export const answers = { troubleBreathing: false, drooling: false, neckStiffness: false, cannotSwallow: false, feverNow: true, daysIll: 2 };

type Headers = Readonly<Record<string, string>>;

/** An answer with its body read. */
export interface Answered {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  json(): Content;
}

/** What answers may hold; a test looks at those fields that its own kind of answer has. */
interface Content {
  readonly journeyId: string;
  readonly reference: string;
  readonly revision: number;
  readonly position: number;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly entityId: string;
    readonly version: number;
    readonly position: number;
    readonly actor: object;
    readonly data: { readonly clock?: string };
  }[];
  readonly next: number;
  readonly now: number;
  readonly superState: string;
  readonly waitingOn: readonly object[];
  readonly deadlines: readonly object[];
  readonly emergencyText: object;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly field: string; readonly problem: string }[];
}

/** What lies behind the API: PostgreSQL with the real deciders, and no runner between. The facts are a sample; the clock stands still. */
async function openBackground() {
  const database = await createDatabase();
  const store = openEventStore(database.writer);
  const clock = openJourneyClock(database.writer);
  await clock.set({ at: firstDay, scale: 0 });
  const vault = openVault(database.writer, randomBytes(32));
  const known: { facts: Partial<Facts> } = { facts: {} };
  const loadFacts: LoadFacts = async (names) => {
    const facts = { ...sampleFacts, ...known.facts };
    return { facts: Object.fromEntries(names.map((name) => [name, facts[name]])), basis: {} };
  };
  const defects: unknown[] = [];
  const report = (defect: unknown): void => void defects.push(defect);
  const { execute } = createExecute({ store, clock, loadFacts, loadClaim: async () => sampleFacts.claim, runId: () => '', report });
  const streams = createStreams({ store, clock, vault, references: createReferences(store), commitmentKey: 'test', report });
  const send: ApiParts['send'] = async (journeyId, message) => (await execute(journeyId, message, [])).answer;
  return { database, store, clock, vault, known, defects, send, executeOn: streams.execute };
}

/** An identity provider with one key. */
async function openIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256' }] };
  const sign = (claims: Claims): Promise<string> =>
    new SignJWT({ iss: issuer, aud: audience, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'test' })
      .setExpirationTime(claims.exp ?? '1h')
      .sign(privateKey);
  return { keys, sign };
}

/** Sends requests as whoever is named. */
function createCaller(address: string, sign: (claims: Claims) => Promise<string>) {
  let count = 0;
  const call = async (method: string, url: string, who?: Claims, body?: object | string, more: Headers = {}): Promise<Answered> => {
    const headers = {
      ...(who && { authorization: `Bearer ${await sign(who)}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...more,
    };
    const payload = typeof body === 'object' ? JSON.stringify(body) : body;
    const answered = await fetch(`${address}${url}`, { method, headers, ...(payload !== undefined && { body: payload }) });
    const text = await answered.text();
    const { status: statusCode } = answered;
    return { statusCode, headers: Object.fromEntries(answered.headers), body: text, json: () => JSON.parse(text) };
  };
  return {
    get: (url: string, who?: Claims, headers?: Headers) => call('GET', url, who, undefined, headers),
    put: (url: string, who: Claims | undefined, body: object) => call('PUT', url, who, body),
    /** Posts under a fresh key, unless the headers name one. */
    post: (url: string, who: Claims | undefined, body: object | string = {}, headers: Headers = {}) => {
      count += 1;
      return call('POST', url, who, body, { 'idempotency-key': `test-key-${count}`, ...headers });
    },
  };
}

/** The API as it listens, over a database of its own. */
export async function openRunningApi(change: (given: ApiParts) => Partial<ApiParts> = () => ({}), { development = true } = {}) {
  const { send, executeOn, known, ...background } = await openBackground();
  const { database, clock, vault } = background;
  const { keys, sign } = await openIssuer();
  const refreshed: number[] = [];
  const reader = openApiReader(database.api);
  const given: ApiParts = {
    send,
    executeOn,
    vault,
    clock,
    reader,
    log: reader,
    views: createSampleViews(),
    idempotency: openIdempotency(database.writer),
    fingerprintKey: randomBytes(32),
    auth: { keys, issuer, audience, production: false },
    checks: {},
    metrics: createMetrics(),
    logger: false,
    limits: defaultLimits,
    ...(development && { development: { clock, refreshAll: async () => void refreshed.push(await clock.now()) } }),
  };
  const parts = { ...given, ...change(given) };
  const app = await createApp(parts);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...background,
    ...createCaller(address, sign),
    app,
    address,
    parts,
    refreshed,
    sign,
    /** Changes what the journeys' decisions know of the world. */
    know(facts: Partial<Facts>): void {
      known.facts = facts;
    },
    async close(): Promise<void> {
      await app.close();
      await database.drop();
    },
  };
}
export type RunningApi = Awaited<ReturnType<typeof openRunningApi>>;

/** Starts a journey of the parent's child. Returns its id. */
export async function startJourney(api: RunningApi, who = parent, body: object = start): Promise<string> {
  const answered = await api.post('/v1/journeys', who, body);
  if (answered.statusCode !== 201) throw new Error(`the start was answered ${answered.statusCode}: ${answered.body}`);
  return answered.json().journeyId;
}
