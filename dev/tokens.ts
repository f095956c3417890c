import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { developmentIssuer } from '../config.ts';
import type { Role } from '../domain/kernel/actor.ts';
import { clinic } from './clinic.ts';
import type { Person } from './population.ts';

export const audience = 'caretrail';
const lifetime = '2h';

/** Who signs in as which role in development. */
export interface Identity {
  readonly sub: string;
  readonly role: Role;
  readonly tenant: string;
  readonly patients?: readonly string[];
}

/** One person for each role that has a route. */
export function identities({ child, parent }: { readonly child: Person; readonly parent: Person }): readonly Identity[] {
  const staff = (role: Role, sub: string): Identity => ({ role, sub, tenant: '*' });
  const employer = clinic.employers.large;
  return [
    { role: 'P', sub: parent.patientId, tenant: employer, patients: [parent.patientId] },
    { role: 'X', sub: parent.patientId, tenant: employer, patients: [child.patientId] },
    { role: 'E', sub: 'employer-admin', tenant: employer },
    staff('C', clinic.clinicianIds[0]),
    staff('V', clinic.visitorIds[0]),
    staff('K', 'coordinator-dubois'),
    staff('D', 'dispatcher-reyes'),
    staff('S', 'supervisor-novak'),
    staff('M', 'medical-director-haas'),
    staff('B', 'billing-tran'),
    staff('O', 'operations-ali'),
    staff('W', 'rule-owner-byrne'),
    staff('Y', 'privacy-officer-costa'),
    staff('L', 'auditor-weiss'),
    staff('A', 'roster'),
  ];
}

/** Signs a short-lived token. */
export type Sign = (identity: Identity) => Promise<string>;

/** The development issuer: a key pair of its own in this folder, and the public half beside it as a key set. */
export async function openIssuer(folder: string): Promise<{ readonly sign: Sign; readonly jwksFile: string }> {
  const secretFile = join(folder, 'token-key.json');
  const jwksFile = join(folder, 'jwks.json');
  const known = await readFile(secretFile, 'utf8').catch(() => undefined);
  const secret = known === undefined ? await createKey(secretFile, jwksFile) : (JSON.parse(known) as JWK);
  const key = await importJWK(secret, 'ES256');
  return {
    jwksFile,
    sign: ({ sub, role, tenant, patients = [] }) =>
      new SignJWT({ role, tenant, patients })
        .setProtectedHeader({ alg: 'ES256', kid: 'development' })
        .setSubject(sub)
        .setIssuer(developmentIssuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(key),
  };
}

async function createKey(secretFile: string, jwksFile: string): Promise<JWK> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const secret = await exportJWK(privateKey);
  const shown = { ...(await exportJWK(publicKey)), kid: 'development', alg: 'ES256', use: 'sig' };
  await writeFile(jwksFile, JSON.stringify({ keys: [shown] }));
  await writeFile(secretFile, JSON.stringify(secret), { mode: 0o600 });
  return secret;
}

/** One token for each role. */
export async function tokensOf(sign: Sign, people: readonly Identity[]): Promise<Record<string, string>> {
  const signed = await Promise.all(people.map(async (identity) => [identity.role, await sign(identity)] as const));
  return Object.fromEntries(signed);
}
