// The screens: files that were built beforehand, under a policy that lets nothing else in.
import type { FastifyPluginAsync } from 'fastify';

const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const yearSeconds = 31_536_000;

/** Serves the files of a folder at `/`. Assets carry a hash in their names and may be kept; the page itself is asked for each time. */
export const screens =
  (folder: string): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', async (_request, reply) => void reply.header('content-security-policy', policy));
    // Loaded where it is needed: most tests serve no screens, and their runner cannot load it.
    const { default: fastifyStatic } = await import('@fastify/static');
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      cacheControl: false,
      setHeaders: (reply, path) =>
        void reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? `public, max-age=${yearSeconds}, immutable` : 'no-cache'),
    });
  };
