import { z } from 'zod';
import type { Journey } from '../domain/journey/index.ts';
import type { Vault } from '../store/ports.ts';
import type { References } from './references.ts';
import { readText } from './vault-text.ts';

/** As much of a registered person as a pharmacy or a courier needs. */
const Person = z.object({ name: z.string().min(1), birthDate: z.string().optional(), address: z.string().optional() });
export type Person = z.output<typeof Person>;

export interface People {
  /** Undefined for somebody who is not registered, or whose key was destroyed. */
  person(patientId: string): Promise<Person | undefined>;
  /** A text about the patient, such as an address. */
  text(patientId: string, reference: string): Promise<string | undefined>;
}

/** Reads about people from the vault, for those few partners who must know. */
export const createPeople = ({ references, vault }: { readonly references: References; readonly vault: Vault }): People => ({
  text: (patientId, reference) => readText(vault, patientId, reference),
  async person(patientId) {
    const { vaultRef } = (await references.load('patient', patientId)).state;
    const body = vaultRef === undefined ? undefined : await readText(vault, patientId, vaultRef);
    return body === undefined ? undefined : parsed(body);
  },
});

/** Who reads and pays for the patient: a proxy where there is one. */
export function addressee({ intake: { request, proxy } }: Journey): string {
  const patientId = request?.patientId ?? '';
  if (proxy) return proxy.ended ? patientId : proxy.proxyId;
  return request?.requester.role === 'X' ? request.requester.id : patientId;
}

function parsed(body: string): Person | undefined {
  try {
    return Person.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
