// One HTTP call to a partner, with the four outcomes told apart.
import type { z } from 'zod';
import type { Called, Endpoint, Found } from './port.ts';

const defaultTimeoutMs = 3_000;

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Our idempotency key: the partner does the same thing once, however often it is asked. */
  readonly key?: string;
  readonly body?: unknown;
  readonly mediaType?: string;
}

type Received = { readonly status: number; readonly text: string } | { readonly outcome: 'failed' | 'unknown'; readonly reason: string };

/** Calls a partner and reads its answer. Never throws: whatever went wrong is one of the outcomes. */
export async function call<T>(endpoint: Endpoint, request: Request, schema: z.ZodType<T>): Promise<Called<T>> {
  const received = await exchange(endpoint, request);
  if ('outcome' in received) return received;
  const { status } = received;
  if (status >= 200 && status < 300) {
    const answer = read(received.text, schema);
    return answer === undefined ? { outcome: 'unknown', reason: 'answer-unreadable' } : { outcome: 'succeeded', answer };
  }
  if (notTaken.includes(status)) return { outcome: 'failed', reason: `http-${status}` };
  const refused = status >= 400 && status < 500 && status !== underWay;
  return { outcome: refused ? 'refused' : 'unknown', reason: `http-${status}` };
}

/** Asks a partner what became of an earlier call. Only a plain 404 says that it is certainly not there. */
export async function ask<T>(endpoint: Endpoint, path: string, schema: z.ZodType<T>): Promise<Found<T>> {
  const received = await exchange(endpoint, { method: 'GET', path });
  if ('outcome' in received) return { state: 'unknown', reason: received.reason };
  if (received.status === 404) return { state: 'notFound' };
  if (received.status !== 200) return { state: 'unknown', reason: `http-${received.status}` };
  const answer = read(received.text, schema);
  return answer === undefined ? { state: 'unknown', reason: 'answer-unreadable' } : { state: 'found', answer };
}

/**
 * Answers from before the partner has looked at what is asked, so that it is certainly not done: we are not let in (401, 407), there is
 * no such door (404, 405), or not now (408, 425, 429). A mistake in our settings must never count as the partner's no. A 5xx is not
 * among them: a gateway says it also for a request that it has passed on.
 */
const notTaken: readonly number[] = [401, 404, 405, 407, 408, 425, 429];

/** An earlier request with the same key has not ended (IETF draft on the Idempotency-Key header): nobody knows yet how it will. */
const underWay = 409;

async function exchange(
  { url, token, timeoutMs = defaultTimeoutMs }: Endpoint,
  { method, path, key, body, mediaType }: Request,
): Promise<Received> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        accept: mediaType ?? 'application/json',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': mediaType ?? 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const code = codeOf(error);
    return { outcome: neverConnected.includes(code) ? 'failed' : 'unknown', reason: reasonOf(code) };
  }
}

/** Errors from before a connection stood, so that nothing can have been sent. */
const neverConnected: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** Node hides the system's error code in the cause of a "fetch failed". */
function codeOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: unknown };
  return String(cause?.code ?? name ?? 'unknown');
}

const reasonOf = (code: string): string => (code === 'TimeoutError' ? 'timeout' : code.toLowerCase().replace(/[^a-z0-9]+/g, '-'));

function read<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
