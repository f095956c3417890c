// Signing in and out with a browser, and who one is.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { roles } from '../../domain/kernel/actor.ts';
import { Id } from '../../domain/kernel/event.ts';
import type { Authenticate } from '../auth.ts';
import { emptyAnswers, readAnswers, writeAnswers } from '../documentation.ts';
import { Problem } from '../problems.ts';
import { cookieName, requireOwnOrigin, type SignInCodes } from '../sign-in.ts';

export interface SignInOptions {
  readonly codes: SignInCodes;
  readonly authenticate: Authenticate;
  /** Whether browsers may send the cookie over an encrypted line only. */
  readonly secure: boolean;
  /** Attempts per minute and address. */
  readonly attemptsPerMinute: number;
}

const about = { tags: ['sign-in'], security: [] };
const Code = z.strictObject({ code: z.string().regex(/^[\w-]{16,64}$/) });
const Token = z.strictObject({ token: z.string().min(1).max(8_000) });

/** `POST` and `DELETE /v1/sign-in`. */
export const signInRoutes = ({ codes, authenticate, secure, attemptsPerMinute }: SignInOptions): FastifyPluginAsync => {
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  const routes: FastifyPluginAsyncZod = async (app) => {
    const config = { rateLimit: { max: attemptsPerMinute, timeWindow: 60_000 } };
    app.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      requireOwnOrigin(request);
    });
    app.post('/v1/sign-in', {
      config,
      schema: { ...about, summary: 'Sign in with a one-time code', body: Code, response: emptyAnswers('Signed in; the cookie is set.') },
      handler: async ({ body: { code } }, reply) => {
        const token = codes.take(code);
        if (token === undefined) throw new Problem('sign-in-code-unknown');
        const { expiresAt } = await authenticate(`Bearer ${token}`);
        return reply
          .setCookie(cookieName, token, { ...cookie, expires: new Date(expiresAt) })
          .code(204)
          .send();
      },
    });
    app.delete('/v1/sign-in', {
      schema: { ...about, summary: 'Sign out', response: emptyAnswers('Signed out; the cookie is gone.') },
      handler: async (_request, reply) => reply.clearCookie(cookieName, cookie).code(204).send(),
    });
  };
  return routes;
};

/** `POST /dev/sign-in-codes`, which makes a code for whoever holds a token; for development alone. */
export const signInCodeRoutes = ({ codes, authenticate }: Pick<SignInOptions, 'codes' | 'authenticate'>): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    app.post('/dev/sign-in-codes', {
      schema: {
        tags: ['development'],
        security: [],
        summary: 'Make a one-time code for a token',
        body: Token,
        response: writeAnswers(201, 'The code, good for ten minutes.', Code),
      },
      handler: async ({ body: { token } }, reply) => {
        await authenticate(`Bearer ${token}`);
        return reply.code(201).send({ code: codes.issue(token) });
      },
    });
  };
  return routes;
};

const Me = z.strictObject({
  id: Id,
  role: z.enum(roles),
  tenant: z.string().describe("An employer's id, or `*`."),
  patients: z.array(Id).describe('For whom a patient or a proxy may act.'),
});

/** `GET /v1/me`. */
export const meRoutes: FastifyPluginAsync = async (app) => {
  app.get(
    '/v1/me',
    { schema: { tags: ['sign-in'], summary: 'Read who one is', response: readAnswers('Whom the token names.', Me) } },
    async ({ principal: { actor, tenant, patients } }) => ({ id: actor.id, role: actor.role, tenant, patients }),
  );
};
