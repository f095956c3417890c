// Who asks: a bearer token, checked against a key set.
import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Actor, type Role, roles } from '../domain/kernel/actor.ts';
import { Id } from '../domain/kernel/event.ts';
import { Unavailable } from '../store/event-store.ts';
import type { Scope } from '../store/ports.ts';
import { Problem } from './problems.ts';

export interface AuthOptions {
  readonly keys: { readonly url: string } | { readonly file: string } | JSONWebKeySet;
  readonly issuer: string;
  readonly audience: string;
  /** The development issuer is refused here. */
  readonly production: boolean;
}

/** Whoever sent a request, as the token says. */
export interface Principal {
  /** Issuer and subject: the scope of idempotency keys and rate limits. */
  readonly client: string;
  readonly actor: Actor;
  /** An employer's id, or '*'. */
  readonly tenant: string;
  /** Whom a patient or a proxy may act for. */
  readonly patients: readonly string[];
  /** What the database may show. */
  readonly scope: Scope;
  /** Real time, in milliseconds since the epoch, at which the token ends. */
  readonly expiresAt: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that asks for a token. */
    principal: Principal;
  }
}

/** Reads the Authorization header. @throws Problem `unauthenticated`; Unavailable when the key set cannot be reached */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

const developmentIssuer = 'urn:caretrail:development';
const algorithms = ['ES256', 'EdDSA', 'RS256'];

// No token makes anybody the system: the role T is not among them.
const Claims = z.object({
  iss: z.string(),
  sub: Id,
  exp: z.number(),
  role: z.enum(roles).exclude(['T']),
  tenant: z.union([z.literal('*'), Id]),
  patients: z.array(Id).max(100).default([]),
});

/** @throws Error when the development issuer would open a production system, or the file holds no key set */
export async function createAuthenticate(options: AuthOptions): Promise<Authenticate> {
  const { issuer, audience, production } = options;
  if (production && issuer === developmentIssuer) throw new Error(`the issuer ${developmentIssuer} is refused in production`);
  const keys = await keySet(options.keys);
  return async (authorization) => {
    const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '') ?? [];
    if (!token) throw new Problem('unauthenticated');
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: 5,
      });
      return principalOf(Claims.parse(payload));
    } catch (error) {
      throw isOutage(error) ? new Unavailable('the key set cannot be reached', { cause: error }) : new Problem('unauthenticated');
    }
  };
}

async function keySet(keys: AuthOptions['keys']): Promise<JWTVerifyGetKey> {
  if ('url' in keys) return createRemoteJWKSet(new URL(keys.url as string));
  if ('file' in keys) return createLocalJWKSet(JSON.parse(await readFile(keys.file as string, 'utf8')));
  return createLocalJWKSet(keys);
}

/** The holder of the token is not to blame when the key set does not answer. */
const isOutage = (error: unknown): boolean =>
  !(error instanceof z.ZodError) &&
  (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC');

function principalOf({ iss, sub, exp, role, tenant, patients }: z.output<typeof Claims>): Principal {
  return {
    client: `${iss}|${sub}`,
    actor: { kind: role === 'A' ? 'partner' : 'person', id: sub, role },
    tenant,
    patients,
    scope: { tenant, patients: isForPatient(role) ? patients : '*' },
    expiresAt: exp * 1_000,
  };
}

/** True for the roles that see nothing but the patients that their token names. */
export const isForPatient = (role: Role): boolean => role === 'P' || role === 'X';
