// How a browser signs in: a one-time code for a cookie that no script can read.
import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problems.ts';

/** Name of the cookie that holds the token. */
export const cookieName = 'caretrail';

/** One-time codes, each good for one token. */
export interface SignInCodes {
  /** Returns a code that can be taken once within ten minutes. */
  issue(token: string): string;
  /** The token behind a code; undefined when it was taken, has lapsed or never was. */
  take(code: string): string | undefined;
}

const lifetimeMs = 600_000;
const most = 10_000;

/** Codes kept in memory: a restart makes them void, which costs a new link. */
export function openSignInCodes(now: () => number = Date.now): SignInCodes {
  const tokens = new Map<string, { readonly token: string; readonly until: number }>();
  const forgetOld = (): void => {
    for (const [code, { until }] of tokens) if (until <= now() || tokens.size >= most) tokens.delete(code);
  };
  return {
    issue(token) {
      forgetOld();
      const code = randomBytes(24).toString('base64url');
      tokens.set(code, { token, until: now() + lifetimeMs });
      return code;
    },
    take(code) {
      const known = tokens.get(code);
      tokens.delete(code);
      return known && known.until > now() ? known.token : undefined;
    },
  };
}

const harmless = ['GET', 'HEAD'];

/**
 * The Authorization header of a request, or what its cookie stands for. A cookie goes along with whatever a browser sends, so it
 * counts for a change only when one of our own pages asks for it. @throws Problem `origin-foreign`
 */
export function authorizationOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  const token = request.cookies[cookieName];
  if (authorization !== undefined || token === undefined) return authorization;
  if (!harmless.includes(request.method)) requireOwnOrigin(request);
  return `Bearer ${token}`;
}

/** @throws Problem `origin-foreign` unless the page that asks came from this very address */
export function requireOwnOrigin({ headers: { origin, host } }: FastifyRequest): void {
  if (origin === undefined || !URL.canParse(origin) || new URL(origin).host !== host) throw new Problem('origin-foreign');
}
