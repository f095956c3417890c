// Where partners' webhooks come in: kept in the inbox before they are acknowledged.
import { createHash } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { Instant } from '../domain/kernel/time.ts';
import { isSigned, signatureHeader } from './signature.ts';
import { isSource, type ReceivedMessage } from './webhooks.ts';

export interface WebhookRoutesOptions {
  /** Keeps a message; false when this source's id has been received before. */
  readonly inbox: { receive(message: ReceivedMessage): Promise<boolean> };
  /** The secret of each source, by name; a source without one is not known. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: { now(): Promise<Instant> };
}

/** No partner's message comes near this. */
const maxBytes = 64 * 1024;

/** `POST /v1/webhooks/:source`. A message counts as received once it stands in the inbox; a repeat is acknowledged like the first. */
export const webhookRoutes =
  ({ inbox, secrets, clock }: WebhookRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    // The signature is over the raw bytes, so nothing may parse them first.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBytes }, (_request, body, done) => done(null, body));

    app.post<{ Params: { source: string } }>('/v1/webhooks/:source', { bodyLimit: maxBytes }, async (request, reply) => {
      const { source } = request.params;
      const secret = isSource(source) && Object.hasOwn(secrets, source) ? secrets[source] : undefined;
      if (!secret) return problem(reply, 404, 'source-unknown', 'No partner of this name sends messages here.');
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const header = request.headers[signatureHeader];
      if (typeof header !== 'string' || !isSigned(secret, body, header, Date.now()))
        return problem(reply, 401, 'signature-invalid', 'The signature is missing, wrong, or too old.');
      await inbox.receive({ source, ...contentOf(body), receivedAt: await clock.now() });
      return reply.code(202).send();
    });
  };

const problem = (reply: FastifyReply, status: number, code: string, title: string) =>
  reply.code(status).type('application/problem+json').send({ type: 'about:blank', status, title, code });

/** The message and its own id. What is signed is never turned away: without an id, the bytes name it, and the inbox's reader sets it aside. */
function contentOf(bytes: Buffer): { readonly externalId: string; readonly body: unknown } {
  const named = `sha256-${createHash('sha256').update(bytes).digest('hex')}`;
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
    return { externalId: typeof id === 'string' && id.length > 0 && id.length <= 100 ? id : named, body };
  } catch {
    return { externalId: named, body: { unreadable: bytes.toString('base64') } };
  }
}
