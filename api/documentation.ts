// The OpenAPI document, made from the schemas that the routes check against, and its pages.
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Role } from '../domain/kernel/actor.ts';
import type { CommandSpec } from '../domain/kernel/command.ts';
import { signatureHeader } from '../interop/signature.ts';
import { documentationPages } from './documentation-pages.ts';
import { problemCodes } from './problems.ts';
import { cookieName } from './sign-in.ts';

declare module 'fastify' {
  interface FastifySchema {
    /** Role codes of the domain reference, section 2. */
    'x-roles'?: readonly Role[];
  }
}

/** The body of every problem. */
export const ProblemSchema = z.looseObject({
  type: z.string().describe('urn:caretrail:problem:<code>'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe(`One of: ${problemCodes.join(', ')}. More may be added; none is ever reused.`),
  detail: z.string().describe('What a person should read.'),
  remedy: z.string().describe('What would make it succeed.'),
  errors: z
    .array(z.strictObject({ field: z.string(), problem: z.string(), remedy: z.string() }))
    .optional()
    .describe('Which fields cannot be read, never with what they held.'),
  revision: z.int().optional().describe('The present version.'),
});

const EmergencyTextSchema = z.strictObject({ textId: z.string(), version: z.int(), text: z.string() });

/** What a command that was taken has led to. */
export const AcceptedSchema = z.looseObject({
  revision: z.int().describe('Version of the stream, as the ETag says it.'),
  position: z.int().describe('Position of the last event in the log; 0 if there was nothing to do.'),
  events: z.array(z.strictObject({ id: z.string(), type: z.string(), entityId: z.string() })),
  emergencyText: EmergencyTextSchema.optional().describe('To be shown at once, whatever else the answer says.'),
});

const schemaRegistry = z.registry<{ id: string }>();
schemaRegistry.add(ProblemSchema, { id: 'Problem' });
schemaRegistry.add(AcceptedSchema, { id: 'Accepted' });

const problemTexts = {
  400: 'The request cannot be read.',
  401: 'There is no valid token.',
  403: 'The role may not do this.',
  404: 'There is no such thing, or the caller has nothing to do with it.',
  409: 'Refused by a rule; the code says why and the remedy what would make it succeed.',
  408: 'The body did not come in time.',
  412: 'It has changed since the version in If-Match; the answer holds the present one and what changed.',
  413: 'The body is too large.',
  415: 'The body is no JSON.',
  422: 'A field is wrong, an idempotency key was used for another request, or the instant lies in the future.',
  429: 'Too many requests; Retry-After says when to go on.',
  500: 'A fault of ours; nothing was changed.',
  503: 'No answer in time; repeat with the same key after Retry-After.',
} as const;
type ProblemStatus = keyof typeof problemTexts;

const readProblems: readonly ProblemStatus[] = [400, 401, 403, 404, 422, 429, 500, 503];
const writeProblems: readonly ProblemStatus[] = [400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503];

const problems = (statuses: readonly ProblemStatus[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: problemTexts[status], content: { 'application/problem+json': { schema: ProblemSchema } } },
    ]),
  );

/** The answers of a route that reads. */
export const readAnswers = (description: string, schema: z.ZodType) => ({
  200: { description, content: { 'application/json': { schema } } },
  ...problems(readProblems),
});

/** The answers of a route that changes something. */
export const writeAnswers = (status: 200 | 201, description: string, schema: z.ZodType) => ({
  [status]: { description, content: { 'application/json': { schema } } },
  ...problems(writeProblems),
});

/** The answers of a route that has nothing to say beyond its status. */
export const emptyAnswers = (description: string) => ({ 204: z.undefined().describe(description), ...problems(writeProblems) });

const otherContent = (description: string, type: string) => ({
  200: { description, content: { [type]: { schema: z.string() } } },
  ...problems(readProblems),
});

/** The answers of a route that draws. */
export const imageAnswers = (description: string) => otherContent(description, 'image/svg+xml');

/** The answers of a route that goes on answering. */
export const streamAnswers = (description: string) => otherContent(description, 'text/event-stream');

/** What the document says of the route of partners' webhooks, which checks by itself who sends. */
export const webhookSchema: FastifySchema = {
  tags: ['webhook'],
  security: [],
  summary: 'Take in a message of a partner',
  description: 'Kept before it is acknowledged. Its `id` is remembered for ever: a repeat is acknowledged like the first.',
  params: z.strictObject({ source: z.string() }),
  headers: z.looseObject({
    [signatureHeader]: z.string().describe('`t=<seconds since the epoch>,v1=<hex>`: HMAC-SHA256 of the stamp, a dot and the raw bytes.'),
  }),
  body: z.looseObject({ id: z.string().optional() }),
  response: { 202: z.undefined().describe('It stands in the inbox.'), ...problems([400, 401, 404, 408, 413, 415, 429, 500, 503]) },
};

const roleNames: Readonly<Record<Role, string>> = {
  P: 'patient',
  X: 'proxy',
  C: 'clinician',
  M: 'medical director',
  K: 'care coordinator',
  D: 'dispatcher',
  V: 'visitor',
  S: 'field supervisor',
  B: 'billing specialist',
  O: 'operations manager',
  W: 'clinical rule owner',
  Y: 'privacy officer',
  E: 'employer administrator',
  L: 'auditor',
  A: 'partner',
  T: 'system',
};

/** What the document says of a command's route. */
export function documentedCommand(command: string, { roles, clinical }: CommandSpec, category: string, success: 200 | 201): FastifySchema {
  const allowed = roles.filter((role) => role !== 'T');
  return {
    operationId: command,
    summary: command.replace(/(?<!^)([A-Z])/g, ' $1'),
    description: `For: ${allowed.map((role) => roleNames[role]).join(', ')}.${clinical ? ' A clinical act: it needs a licence where the patient is.' : ''}`,
    tags: [category],
    'x-roles': allowed,
    response: {
      ...writeAnswers(success, success === 201 ? 'Started; Location names it.' : 'Recorded.', AcceptedSchema),
      ...problems([412]),
    },
  };
}

/** Registers `/openapi.json` and `/docs`; to be called before any route that the document describes. */
export async function addDocumentation(app: FastifyInstance): Promise<void> {
  const transform = createJsonSchemaTransform({ schemaRegistry });
  const transformObject = createJsonSchemaTransformObject({ schemaRegistry });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Caretrail',
        version: '1',
        description:
          'Care journeys: one route per command, and every journey as of any instant. Instants in bodies are milliseconds since the epoch; in headers and queries they are ISO 8601.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          cookie: { type: 'apiKey', in: 'cookie', name: cookieName },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
    transform: (route) => (route.schema ? transform(route as never) : { schema: { hide: true }, url: route.url }),
    transformObject: (document) => withoutInputs(transformObject(document as never)),
  });
  await app.register(documentationPages);
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

type Document = ReturnType<ReturnType<typeof createJsonSchemaTransformObject>>;

/** The registry lists each shape a second time as an input; nothing here is one. */
function withoutInputs(document: Document): Document {
  const { components } = document as { readonly components?: { readonly schemas?: object } };
  const schemas = Object.fromEntries(Object.entries(components?.schemas ?? {}).filter(([name]) => !name.endsWith('Input')));
  return { ...document, components: { ...components, schemas } } as Document;
}
