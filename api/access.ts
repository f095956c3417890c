// Who has to do with what. Whatever somebody may not see is answered as if it did not exist.
import type { onRequestAsyncHookHandler } from 'fastify';
import { type Role, staff } from '../domain/kernel/actor.ts';
import type { StoredEvent, StreamRange } from '../store/event-store.ts';
import type { Scope } from '../store/ports.ts';
import { isForPatient, type Principal } from './auth.ts';
import { Problem } from './problems.ts';

/** Reads streams under row-level security. */
export interface StreamReader {
  /** @throws Unavailable */
  readStream(scope: Scope, stream: string, range?: StreamRange): Promise<readonly StoredEvent[]>;
}

/** Roles that may read journeys: patient, proxy, staff, the visitor on the way and the auditor. */
export const readers: readonly Role[] = ['P', 'X', 'V', 'L', ...staff];

/** Roles that may put a text about a patient into the vault. */
export const writers: readonly Role[] = ['P', 'X', 'V', 'A', ...staff];

/** Lets only these roles pass. It asks before anything is read, so that the answer says nothing about what there is. */
export const requireRole =
  (allowed: readonly Role[]): onRequestAsyncHookHandler =>
  async ({ principal }) => {
    if (!allowed.includes(principal.actor.role)) throw new Problem('not-your-role');
  };

/** The first event of a stream that the caller may see. @throws Problem `entity-unknown` */
export async function firstSeen(reader: StreamReader, { scope }: Principal, stream: string): Promise<StoredEvent> {
  const [first] = await reader.readStream(scope, stream, { limit: 1 });
  if (!first) throw new Problem('entity-unknown');
  return first;
}

/** Refuses to start a journey for somebody else's patient or another tenant. @throws Problem `entity-unknown` */
export async function admitStart(
  { actor, tenant, patients }: Principal,
  data: { readonly patientId?: unknown; readonly employerId?: unknown },
): Promise<void> {
  const theirs = isForPatient(actor.role) ? patients.some((id) => id === data.patientId) : tenant === '*' || tenant === data.employerId;
  if (!theirs) throw new Problem('entity-unknown');
}

/** Refuses a command or a text for a stream that the caller has nothing to do with. @throws Problem `entity-unknown` */
export async function admitTo(reader: StreamReader, principal: Principal, category: string, id: string): Promise<void> {
  const { actor, tenant, patients } = principal;
  if (category === 'journey' || category === 'conversation') return void (await firstSeen(reader, principal, `${category}-${id}`));
  if (category === 'patient' && isForPatient(actor.role) ? patients.includes(id) : tenant === '*' || isOwn(category, id, tenant)) return;
  throw new Problem('entity-unknown');
}

/** Data of one employer, or of a person who may stand on several rosters; all else belongs to the service. */
const isOwn = (category: string, id: string, tenant: string): boolean =>
  category === 'patient' || (category === 'employer' && id === tenant);
