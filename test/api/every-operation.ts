// Every operation of the API's document, with a request that fits it, and a system to send bad ones to.
import { z } from 'zod';
import { webhookSchema } from '../../api/documentation.ts';
import * as journeys from '../../domain/journey/index.ts';
import { type Role, roles, system } from '../../domain/kernel/actor.ts';
import type { CommandSpec } from '../../domain/kernel/command.ts';
import { At } from '../../domain/kernel/event.ts';
import { day } from '../../domain/kernel/time.ts';
import { aggregates, type Category, isCategory, targetIn } from '../../domain/reference/index.ts';
import { signatureHeader } from '../../interop/signature.ts';
import { webhookRoutes } from '../../interop/webhook-plugin.ts';
import { openInbox } from '../../store/postgres/inbox.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { knownIn } from '../state-machine/known-values.ts';
import { begin } from '../state-machine/play.ts';
import { samplesOf } from '../state-machine/sample-data.ts';
import { type Claims, openRunningApi, type RunningApi, startJourney } from './running-api.ts';

interface Documented {
  readonly operationId?: string;
  readonly 'x-roles'?: readonly Role[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}

/** One route and what fits it. */
export interface Operation {
  /** Such as `post /v1/journeys`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly documented: Documented;
  /** The body's schema and samples of it; absent where there is no body. */
  readonly body?: { readonly schema: z.ZodType; readonly samples: readonly unknown[] };
  /** Who may ask, with ids of the sample world; absent where everybody may. */
  readonly who?: Claims;
  readonly queries: readonly string[];
  readonly needsKey: boolean;
  readonly takesVersion: boolean;
  /** The address of something that is there. */
  readonly url: string;
  readonly ids: Readonly<Record<string, string>>;
}

export const webhookSecret = 'a secret of at least thirty-two characters';

const rosterBytes = 300_000;
const text = (longest: number) => z.strictObject({ text: z.string().min(1).max(longest) });
const code = z.strictObject({ code: z.string().regex(/^[\w-]{16,64}$/) });
const token = z.strictObject({ token: z.string().min(1).max(8_000) });
const others: Readonly<Record<string, Operation['body']>> = {
  'post /v1/journeys/{journeyId}/texts': { schema: text(40_000), samples: [{ text: 'She coughs.' }, { text: 'She sleeps.' }] },
  'post /v1/patients/{patientId}/texts': { schema: text(40_000), samples: [{ text: 'She coughs.' }, { text: 'She sleeps.' }] },
  'post /v1/employers/{employerId}/texts': { schema: text(rosterBytes), samples: [{ text: 'Ann,Lee' }, { text: 'Bob,Lee' }] },
  'post /v1/sign-in': { schema: code, samples: [{ code: 'nobody-has-this-code' }] },
  'post /dev/sign-in-codes': { schema: token, samples: [{ token: 'nobody.has.this' }] },
  'put /dev/clock': { schema: z.strictObject({ at: At }), samples: [{ at: 0 }] },
};

const commands: ReadonlyMap<string, { readonly category: string; readonly spec: CommandSpec }> = new Map([
  ...Object.entries(journeys.commands).map(([name, spec]) => [name, { category: 'journey', spec }] as const),
  ...Object.values(aggregates).flatMap(({ category, commands: own }) =>
    Object.entries(own).map(([name, spec]) => [name, { category, spec }] as const),
  ),
]);
const inSampleWorld = knownIn(begin(journeys, firstDay));
/** Texts of every form that a schema may ask for. */
const forms = ['2026-10-06', 'WA', '98101', 'America/Los_Angeles', '0'.repeat(64), '+12065550100', '09:30', '2026-10', '99421'];

/** What has to fit another field. */
const fitting: Readonly<Record<string, readonly unknown[]>> = {
  validFrom: [firstDay - day],
  validUntil: [firstDay + day],
  areaId: ['sea-north'],
};

/** Values of the sample world for a field, else texts of which one will fit. */
const sampled = (command: string) => (field: string) => {
  const values = fitting[field] ?? inSampleWorld(command)(field);
  return values.length > 0 ? values : [`${field}-1`, ...forms];
};

const people: Partial<Record<Role, string>> = { P: 'patient-1', X: 'parent-1', C: 'clinician-1', V: 'visitor-1' };
const isFamily = (role: Role): boolean => role === 'P' || role === 'X';

/** Somebody of a role, with all that the role needs to be let in. */
export const personOf = (role: Role, source = 'lab'): Claims => ({
  sub: role === 'A' ? source : (people[role] ?? `person-${role}`),
  role,
  tenant: isFamily(role) ? 'employer-1' : '*',
  patients: isFamily(role) ? ['patient-1'] : [],
});

/** The same with nothing to do with the sample world. */
export const strangerOf = ({ role }: Claims): Claims => ({
  sub: 'stranger-2',
  role: String(role),
  tenant: 'employer-2',
  patients: ['patient-2'],
});

function bodyOf(name: string, { operationId = '', requestBody }: Documented): Operation['body'] | undefined {
  const spec = commands.get(operationId)?.spec;
  const body = spec ? { schema: spec.data, samples: samplesOf(spec.data, sampled(operationId)) } : others[name];
  if (requestBody && !name.includes('/webhooks/') && !body?.samples.length) throw new Error(`no sample body is known for ${name}`);
  return body;
}

function idsOf({ operationId = '' }: Documented, journeyId: string, data: unknown): Readonly<Record<string, string>> {
  const category = commands.get(operationId)?.category ?? '';
  const named = isCategory(category) && data !== undefined ? targetIn(category as Category, data) : undefined;
  const usual = { journeyId, conversationId: 'talk-1', patientId: 'patient-1', employerId: 'employer-1', source: 'courier' };
  return { ...usual, ...(named !== undefined && { [`${category}Id`]: named }) };
}

/** A path with its parameters filled in. */
export const fill = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `${name}-1`);

function operationOf(method: string, path: string, documented: Documented, journeyId: string): Operation {
  const name = `${method} ${path}`;
  const { parameters = [], security, 'x-roles': allowed = ['K'], operationId = '' } = documented;
  const role = allowed.find((one) => one !== 'A') ?? 'A';
  const body = bodyOf(name, documented);
  const ids = idsOf(documented, journeyId, body?.samples[0]);
  return {
    name,
    method: method.toUpperCase(),
    path,
    documented,
    ...(body && { body }),
    ...(security?.length !== 0 && { who: personOf(role, commands.get(operationId)?.spec.source) }),
    queries: parameters.flatMap((parameter) => (parameter.in === 'query' ? [parameter.name] : [])),
    needsKey: parameters.some((parameter) => parameter.name === 'idempotency-key'),
    takesVersion: parameters.some((parameter) => parameter.name === 'if-match'),
    url: fill(path, ids) + (path.endsWith('/chart') ? '?month=2026-10' : ''),
    ids,
  };
}

/** Roles that an operation is closed to. */
export const closedTo = ({ documented }: Operation): readonly Role[] =>
  roles.filter((role) => role !== 'T' && documented['x-roles'] && !documented['x-roles'].includes(role));

export interface EveryRoute {
  readonly api: RunningApi;
  readonly operations: readonly Operation[];
  /** What the API has logged. */
  readonly lines: readonly string[];
  readonly journeyId: string;
}

/** The API with a journey and a conversation, every route that production and development have, and no bound on how often one asks. */
export async function openEveryRoute(limits: Partial<RunningApi['parts']['limits']> = {}): Promise<EveryRoute> {
  const lines: string[] = [];
  const api: RunningApi = await openRunningApi(({ clock, limits: usual }) => ({
    logger: { level: 'info', stream: { write: (line) => void lines.push(line) } },
    limits: { ...usual, requestsPerMinute: 1_000_000, strangersPerMinute: 1_000_000, rosterBytes, ...limits },
    plugins: [
      webhookRoutes({
        inbox: { receive: (message) => openInbox(api.database.writer).receive(message) },
        secrets: { courier: webhookSecret },
        clock,
        schema: webhookSchema,
      }),
    ],
  }));
  const journeyId = await startJourney(api);
  const now = await api.clock.now();
  const whose = { journeyId, employerId: 'employer-1', patientId: 'patient-1' };
  const data = { conversationId: 'talk-1', ...whose, postableFrom: now, postableUntil: now + 86_400_000 };
  await api.parts.executeOn('conversation', 'talk-1', { id: 'open-1', type: 'OpenConversation', data, actor: system, source: 'owed' });
  const { paths } = JSON.parse((await api.get('/openapi.json')).body) as { paths: Record<string, Record<string, Documented>> };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]) => operationOf(method, path, documented, journeyId)),
  );
  return { api, operations, lines, journeyId };
}

/** The header in which a webhook is signed. */
export const signature = (value: string) => ({ [signatureHeader]: value });
