// Every problem that the API can answer with: RFC 9457, one catalogue, one mapping to status codes.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { faults, refusals } from '../domain/kernel/refusals.ts';
import { WebhookRefused } from '../interop/webhook-plugin.ts';
import { Unavailable } from '../store/event-store.ts';
import { ClockBackwards, KeyDestroyed } from '../store/ports.ts';
import { RunnerUnavailable } from '../workflows/send.ts';

/** Problems of the API itself; the refusals of the domain stand in its own catalogue. */
const apiProblems = {
  'json-malformed': { text: 'The body is no JSON that can be read.', remedy: 'Send one JSON object in UTF-8.' },
  'json-ambiguous': { text: 'The body names a field twice.', remedy: 'Send each field once.' },
  'url-malformed': { text: 'The address cannot be read.', remedy: 'Encode it as RFC 3986 says.' },
  'idempotency-key-missing': {
    text: 'The request has no idempotency key.',
    remedy: 'Send the header Idempotency-Key with a fresh value, and the same value when you repeat the request.',
  },
  unauthenticated: { text: 'The request carries no valid token.', remedy: 'Send the header Authorization: Bearer with a current token.' },
  'sign-in-code-unknown': {
    text: 'The code was used, has lapsed or never was.',
    remedy: 'Ask for a new sign-in link; each is good once and for ten minutes.',
  },
  'origin-foreign': {
    text: 'The request does not come from a page of this service.',
    remedy: 'Send it from our own pages, or with the header Authorization: Bearer.',
  },
  'view-behind': {
    text: 'The view has not yet taken in what was asked for.',
    remedy: 'Ask again after Retry-After seconds.',
  },
  'route-unknown': { text: 'There is no such route.', remedy: 'See the list of routes in the API documentation.' },
  'body-too-slow': { text: 'The body did not come in time.', remedy: 'Send it without a pause, under the same idempotency key.' },
  'too-large': { text: 'The body is too large.', remedy: 'Send a smaller one.' },
  'content-type-unsupported': { text: 'The body is of a type that is not read here.', remedy: 'Send application/json.' },
  'idempotency-key-reused': {
    text: 'The idempotency key was used for another request.',
    remedy: 'Take a fresh key for a new request; repeat the old one with the very same content.',
  },
  'rate-limited': { text: 'Too many requests.', remedy: 'Wait for as many seconds as Retry-After says.' },
  'key-destroyed': { text: 'The texts of this person were destroyed for ever.', remedy: 'Nothing more can be stored here.' },
  'clock-backwards': { text: 'The clock cannot go back.', remedy: 'Set a later instant.' },
  unavailable: {
    text: 'No answer came in time; whether the command was recorded is not known.',
    remedy: 'Repeat the request with the same idempotency key after Retry-After seconds.',
  },
  'source-unknown': { text: 'No partner of this name sends messages here.', remedy: 'Send to the address that was agreed.' },
  'signature-invalid': {
    text: 'The signature is missing, wrong or too old.',
    remedy: 'Sign the stamp and the raw bytes with the secret of this source, and send them within five minutes.',
  },
  'not-ready': { text: 'A part that this service needs does not answer.', remedy: 'Wait and ask again.' },
} as const;

const catalogue: Readonly<Record<string, { readonly text: string; readonly remedy: string }>> = { ...refusals, ...faults, ...apiProblems };

/** Where a code has another status than 409. */
const statuses: Readonly<Record<string, number>> = {
  'json-malformed': 400,
  'json-ambiguous': 400,
  'url-malformed': 400,
  'idempotency-key-missing': 400,
  unauthenticated: 401,
  'sign-in-code-unknown': 401,
  'signature-invalid': 401,
  'origin-foreign': 403,
  'not-your-role': 403,
  'entity-unknown': 404,
  'route-unknown': 404,
  'command-unknown': 404,
  'source-unknown': 404,
  'body-too-slow': 408,
  'stale-version': 412,
  'too-large': 413,
  'content-type-unsupported': 415,
  'input-invalid': 422,
  'occurred-in-future': 422,
  'idempotency-key-reused': 422,
  'rate-limited': 429,
  'internal-error': 500,
  unavailable: 503,
  'not-ready': 503,
  'view-behind': 503,
};

/** The status of a code; a refusal that is named nowhere is a conflict with the present state. */
export const statusOf = (code: string): number => statuses[code] ?? 409;

/** Every code that the API answers with, for its documentation. */
export const problemCodes: readonly string[] = Object.keys(catalogue);

/** One field that cannot be read; never its value. */
export interface FieldError {
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
}

/** What a problem may say beyond its code. */
export interface Extension {
  readonly errors?: readonly FieldError[];
  readonly revision?: number;
  readonly [name: string]: unknown;
}

/** An error that is answered as the problem of its code. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly extension: Extension;
  constructor(code: string, extension: Extension = {}) {
    super(code);
    this.code = code;
    this.extension = extension;
  }
}

/** The body of a problem. The domain's own words are taken where they came with its answer. */
export function problemBody(code: string, extension: Extension = {}, said = catalogue[code]): { readonly status: number } & Extension {
  return {
    type: `urn:caretrail:problem:${code}`,
    title: titleOf(code),
    status: statusOf(code),
    code,
    detail: said?.text ?? 'The request was refused.',
    remedy: said?.remedy ?? 'Ask a coordinator.',
    ...extension,
  };
}

const titleOf = (code: string): string => `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('-', ' ')}`;

const frameworkCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'content-type-unsupported',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_HANDLER_TIMEOUT: 'unavailable',
  FST_ERR_BAD_URL: 'url-malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'route-unknown',
};

/** SQLSTATE classes 08, 53 and 57, and the network's own codes. */
const outageCodes = /^(08|53|57)|^(ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;
const lostConnection = /^(Connection terminated|timeout exceeded when trying to connect)/;

/** A database or a network that is away; repeating the request later may help. */
const isOutage = (error: unknown, code: string): boolean =>
  outageCodes.test(code) || (error instanceof Error && lostConnection.test(error.message));

/** The problem that an error of any kind is answered as. */
function problemOf(error: unknown, { raw }: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof WebhookRefused) return new Problem(error.code);
  if (error instanceof RunnerUnavailable || error instanceof Unavailable) return new Problem('unavailable');
  if (error instanceof KeyDestroyed) return new Problem('key-destroyed');
  if (error instanceof ClockBackwards) return new Problem('clock-backwards');
  const { code = '', statusCode } = error as Partial<FastifyError>;
  // Time that the sender took is no outage of ours.
  if (code === 'FST_ERR_HANDLER_TIMEOUT' && !raw.complete) return new Problem('body-too-slow');
  const known = frameworkCodes[code];
  if (known) return new Problem(known);
  if (isOutage(error, code)) return new Problem('unavailable');
  return new Problem(statusCode === 400 ? 'json-malformed' : 'internal-error');
}

/** Answers with a problem. The text is made here, so that equal problems are equal byte for byte. */
export function sendProblem(reply: FastifyReply, { code, extension }: Problem): FastifyReply {
  return sendProblemBody(reply, problemBody(code, extension));
}

/** Answers with the body of a problem and the headers that belong to it. */
export function sendProblemBody(reply: FastifyReply, body: { readonly status: number } & Extension): FastifyReply {
  if (body.status === 401) reply.header('www-authenticate', body.code === 'signature-invalid' ? 'Caretrail-Signature' : 'Bearer');
  if (body.status === 503) reply.header('retry-after', '2');
  if (body.status === 412 && body.revision !== undefined) reply.header('etag', `"v${body.revision}"`);
  return reply.code(body.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
}

/** The error handler of the app. Only what is our own fault is logged as an error. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (statusOf(problem.code) >= 500) request.log.error({ err: error }, 'the request failed');
  return sendProblem(reply, problem);
}
