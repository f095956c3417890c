import { openRunningApi, type RunningApi } from './running-api.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly additionalProperties?: boolean } }>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, object>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly securitySchemes: object };
}

let api: RunningApi;
let document: Document;
beforeAll(async () => {
  api = await openRunningApi();
  document = JSON.parse((await api.get('/openapi.json')).body) as Document;
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('the document is OpenAPI 3.1 and says how to sign in', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.components.securitySchemes).toEqual({
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    cookie: { type: 'apiKey', in: 'cookie', name: 'caretrail' },
  });
});

/** Routes whose answers are no JSON. */
const others: Readonly<Record<string, readonly string[]>> = {
  '/v1/board/stream': ['text/event-stream'],
  '/v1/employers/{employerId}/access/chart': ['image/svg+xml'],
  '/v1/sign-in': [],
};

test('every route says what it is for and what it answers', () => {
  expect(operations().length).toBeGreaterThan(40);
  for (const { path, method, operation } of operations()) {
    const { summary, responses } = operation;
    expect({ path, method, summary }).toEqual({ path, method, summary: expect.stringMatching(/\w/) });
    const wanted = path.startsWith('/health')
      ? ['200']
      : method === 'get'
        ? ['200', '401', '404', '503']
        : ['401', '403', '422', '429', '503'];
    expect({ path, method, answers: Object.keys(responses) }).toEqual({ path, method, answers: expect.arrayContaining(wanted) });
    for (const [status, { description, content = {} }] of Object.entries(responses)) {
      expect(description).not.toBe('');
      const expected = Number(status) < 400 ? (others[path] ?? ['application/json']) : ['application/problem+json'];
      expect({ path, status, types: Object.keys(content) }).toEqual({ path, status, types: expected });
    }
  }
});

test('every path names its parameters', () => {
  for (const { path, operation } of operations()) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect({ path, declared }).toEqual({ path, declared: named });
  }
});

test('every command says its headers and takes no unknown field', () => {
  const commands = operations().filter(({ operation }) => operation.responses['412']);
  expect(commands.length).toBeGreaterThan(30);
  for (const { path, operation } of commands) {
    const headers = Object.fromEntries(
      (operation.parameters ?? []).filter((p) => p.in === 'header').map((p) => [p.name, p.required === true]),
    );
    expect({ path, headers }).toEqual({ path, headers: { 'idempotency-key': true, 'if-match': false, 'occurred-at': false } });
    expect(operation.requestBody?.content['application/json']?.schema.additionalProperties).toBe(false);
  }
});

test('every operation has a name of its own', () => {
  const ids = operations().flatMap(({ operation }) => operation.operationId ?? []);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
  expect(references.length).toBeGreaterThan(100);
  const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(new Set(references)).toEqual(new Set(known));
});

test('only health, signing in and the reading of a development clock need no token', () => {
  const open = operations().filter(({ operation }) => operation.security?.length === 0);
  expect(open.map(({ path, method }) => `${method} ${path}`).toSorted()).toEqual([
    'delete /v1/sign-in',
    'get /dev/clock',
    'get /health/live',
    'get /health/ready',
    'post /dev/sign-in-codes',
    'post /v1/sign-in',
  ]);
});

test('the pages stand on this machine and run no script of their own', async () => {
  const page = await api.get('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("script-src 'self';");
  expect(page.body).not.toMatch(/<script>|https?:\/\/|\son\w+=/);
  const parts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
  expect(parts).toContain('/docs/swagger-ui-bundle.js');
  for (const part of parts) {
    const answered = await api.get(part);
    expect({ part, status: answered.statusCode, sniffing: answered.headers['x-content-type-options'] }).toEqual({
      part,
      status: 200,
      sniffing: 'nosniff',
    });
    expect(answered.body.length).toBeGreaterThan(100);
  }
});
