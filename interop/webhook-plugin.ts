// Where partners' webhooks come in: kept in the inbox before they are acknowledged.
import { createHash } from 'node:crypto';
import type { FastifyPluginAsync, FastifySchema } from 'fastify';
import type { Instant } from '../domain/kernel/time.ts';
import { isSigned, signatureHeader } from './signature.ts';
import { isSource, type ReceivedMessage } from './webhooks.ts';

export interface WebhookRoutesOptions {
  /** Keeps a message; false when this source's id has been received before. */
  readonly inbox: { receive(message: ReceivedMessage): Promise<boolean> };
  /** The secret of each source, by name; a source without one is not known. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: { now(): Promise<Instant> };
  /** What the API's document says of the route; nothing is checked against it. */
  readonly schema?: FastifySchema;
}

/** A message that is not let in; the API answers it as the problem of its code. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  readonly code: 'source-unknown' | 'signature-invalid';
  constructor(code: WebhookRefused['code']) {
    super(code);
    this.code = code;
  }
}

/** No partner's message comes near this. */
const maxBytes = 64 * 1024;

/** `POST /v1/webhooks/:source`. A message counts as received once it stands in the inbox; a repeat is acknowledged like the first. */
export const webhookRoutes =
  ({ inbox, secrets, clock, schema }: WebhookRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    // The signature is over the raw bytes, so nothing may parse them first.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBytes }, (_request, body, done) => done(null, body));

    const documented = schema && { schema, validatorCompiler: () => (value: unknown) => ({ value }) };

    app.post<{ Params: { source: string } }>('/v1/webhooks/:source', { bodyLimit: maxBytes, ...documented }, async (request, reply) => {
      const { source } = request.params;
      const secret = isSource(source) && Object.hasOwn(secrets, source) ? secrets[source] : undefined;
      if (!secret) throw new WebhookRefused('source-unknown');
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const header = request.headers[signatureHeader];
      if (typeof header !== 'string' || !isSigned(secret, body, header, Date.now())) throw new WebhookRefused('signature-invalid');
      await inbox.receive({ source, ...contentOf(body), receivedAt: await clock.now() });
      return reply.code(202).send();
    });
  };

/** The message and its own id. What is signed is never turned away: without an id, the bytes name it, and the inbox's reader sets it aside. */
function contentOf(bytes: Buffer): { readonly externalId: string; readonly body: unknown } {
  const named = `sha256-${createHash('sha256').update(bytes).digest('hex')}`;
  const unreadable = { unreadable: bytes.toString('base64') };
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    if (isDeep(body)) return { externalId: named, body: unreadable };
    const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
    return { externalId: typeof id === 'string' && printable.test(id) ? id : named, body };
  } catch {
    return { externalId: named, body: unreadable };
  }
}

/** What can be stored as the name of a message. */
const printable = /^[\x20-\x7e]{1,100}$/;

const deepest = 100;

/** Nested deeper than any partner's message is, and than the inbox can hold. */
function isDeep(body: unknown): boolean {
  let level: readonly unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}
