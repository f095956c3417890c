// One request, one effect: the key of a request names its command, and its answer is kept (domain reference 12).
import { createHash, createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Idempotency } from '../store/ports.ts';
import { type Extension, Problem, sendProblemBody } from './problems.ts';

/** The headers of every request that changes something. */
export const writeHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{8,100}$/)
    .describe('Names this request; repeat it with the same value. 8 to 100 printable characters.'),
});

/** The headers of a command. */
export const commandHeaders = writeHeaders.extend({
  'if-match': z
    .string()
    .regex(/^"v\d{1,15}"$/)
    .optional()
    .describe(
      'The version that you have read, as the ETag gives it: `"v<revision>"`. Refused with 412 if it is no longer the present one.',
    ),
  'occurred-at': z.iso
    .datetime({ offset: true })
    .refine((value) => !(Date.parse(value) < 0), 'lies before 1970')
    .optional()
    .describe('When it happened in the world, if that was not now. An instant in the future is refused.'),
});

/** A request that may be repeated. */
export interface Repeatable {
  readonly client: string;
  /** The concrete path. */
  readonly path: string;
  readonly key: string;
}

/** What is sent back, now and for every repetition. */
export interface Reply {
  readonly status: number;
  readonly body: Extension;
}

export interface OncePerKey {
  readonly idempotency: Idempotency;
  /** Keys the fingerprints, so that nobody can guess a body from its own. */
  readonly fingerprintKey: Uint8Array;
}

/** Which request this is. */
export function repeatable({ principal, params, routeOptions, headers }: FastifyRequest): Repeatable {
  const values = params as Readonly<Record<string, string>>;
  const path = (routeOptions.url ?? '').replace(/:(\w+)/g, (_, name: string) => values[name] ?? '');
  return { client: principal.client, path, key: String(headers['idempotency-key']) };
}

/** An id that follows from its parts: the same parts always give the same one. */
export function derivedId(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The id of the command that a request gives. */
export const commandIdOf = ({ client, path, key }: Repeatable): string => derivedId('command', client, `POST ${path}`, key);

/**
 * Does the work of a request unless its answer is known. The caller's right is asked for before either, and also for a repetition:
 * it may have ended since.
 * @throws Problem `idempotency-key-reused`, and whatever `admit` and `work` throw
 */
export async function once(
  { idempotency, fingerprintKey }: OncePerKey,
  request: FastifyRequest,
  { admit, work }: { readonly admit: () => Promise<unknown>; readonly work: (which: Repeatable) => Promise<Reply> },
): Promise<Reply & { readonly replayed: boolean }> {
  const which = repeatable(request);
  const { client, path, key } = which;
  // Claimed first, so that a journey one may not see leaves the same traces as one that does not exist.
  const known = await idempotency.claim(client, path, key, fingerprint(fingerprintKey, request));
  await admit();
  if (known.kind === 'other-body') throw new Problem('idempotency-key-reused');
  if (known.kind === 'answered') return { status: known.status, body: known.body as Extension, replayed: true };
  const reply = await work(which);
  // What is not here may come, and what failed may be mended: such an answer is worked out again.
  if (reply.status < 500 && reply.status !== 404) await idempotency.answer(client, path, key, reply.status, reply.body);
  return { ...reply, replayed: false };
}

/** Sends the answer to a request that may be repeated. */
export function sendReply(reply: FastifyReply, { status, body, replayed }: Reply & { readonly replayed: boolean }): FastifyReply {
  if (replayed) reply.header('idempotent-replayed', 'true');
  if (status >= 400) return sendProblemBody(reply, { ...body, status });
  if (body.revision !== undefined) reply.header('etag', `"v${body.revision}"`);
  if (status === 201 && body.journeyId !== undefined) reply.header('location', `/v1/journeys/${body.journeyId}`);
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function fingerprint(key: Uint8Array, { body, headers }: FastifyRequest): string {
  const content = JSON.stringify([body, headers['occurred-at'], headers['if-match']], inOrder);
  return createHmac('sha256', key).update(content).digest('hex');
}

/** The order of fields says nothing. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
