import { z } from 'zod';
import type { Facts, IdentityFact } from '../domain/journey/facts.ts';
import { ageAt, birthday } from '../domain/kernel/calendar.ts';
import { text } from '../domain/kernel/event.ts';
import { day, type Instant } from '../domain/kernel/time.ts';
import { enrolmentAt, type Member } from '../domain/reference/member.ts';
import { templateInForce, templateOf } from '../domain/templates/index.ts';
import type { Asked, Loaders, Reader } from './facts.ts';

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** What stands in the vault about a registered person, as JSON. */
const RegisteredPerson = z.object({
  name: text(200),
  birthDate: Day,
  address: text(500).optional(),
  phone: text(40).optional(),
  photoId: text(60).optional(),
});
type RegisteredPerson = z.output<typeof RegisteredPerson>;

/** What stands in the vault behind `identifiersRef`, as JSON: what somebody said or showed, by kind. */
const Identifiers = z.object({
  name: text(200).optional(),
  dateOfBirth: Day.optional(),
  memberNumber: text(100).optional(),
  address: text(500).optional(),
  phone: text(40).optional(),
  photoId: text(60).optional(),
});

/** Who the patient is, who may act for the patient, and what the journey runs on. */
export const personFacts: Pick<Loaders, 'start' | 'pathway' | 'identity' | 'proxy' | 'patientAge'> = {
  start: async (reader, { data, at }) => {
    const { patientId = '', employerId = '', templateId = '', zone = 'UTC' } = data;
    const [{ contract }, member, person] = await Promise.all([
      reader.load('employer', employerId),
      reader.load('member', patientId),
      registered(reader, patientId),
    ]);
    const template = templateInForce(reader.templates, templateId, at);
    return {
      onRoster: enrolmentAt(member, employerId, at) !== undefined,
      ...(contract && { contract }),
      ...(template && { template }),
      ...(person && { ageYears: ageAt(person.birthDate, at, zone), majorityOn: birthday(person.birthDate, 18, zone) }),
    };
  },

  // A journey that is about to start names its pathway itself.
  pathway: async (reader, { journey: { intake }, data, at }) => {
    const { request } = intake;
    const { contract } = await reader.load('employer', request?.employerId ?? data.employerId ?? '');
    const template = request
      ? templateOf(reader.templates, request.templateId, request.templateVersion)
      : templateInForce(reader.templates, data.templateId ?? '', at);
    return template && contract && { template, contract };
  },

  identity: async (reader, { journey: { intake }, data }) => {
    const patientId = intake.request?.patientId ?? '';
    const [person, member, given] = await Promise.all([
      registered(reader, patientId),
      reader.load('member', patientId),
      reader.text(patientId, data.identifiersRef ?? '', Identifiers),
    ]);
    const shown = Object.entries(given ?? {}) as [IdentityFact['kinds'][number], string][];
    const matches = shown.every(([kind, value]) =>
      expected(kind, person, member).some((known) => plain(kind, known) === plain(kind, value)),
    );
    return { kinds: shown.map(([kind]) => kind), matches: shown.length > 0 && matches };
  },

  proxy: async (reader, asked) => ({ relationship: await relationship(reader, asked) }),

  patientAge: async (reader, { journey: { intake }, at }) => {
    const { patientId = '', zone = 'UTC' } = intake.request ?? {};
    const person = await registered(reader, patientId);
    return person && { years: ageAt(person.birthDate, at, zone) || infancy(person.birthDate, at, zone) };
  },
};

/** The part of the first year of life that has passed. */
const infancy = (bornOn: string, at: Instant, zone: string): number => Math.max(0, (at - birthday(bornOn, 0, zone)) / (365 * day));

const registered = async (reader: Reader, patientId: string): Promise<RegisteredPerson | undefined> => {
  const { vaultRef } = await reader.load('patient', patientId);
  return vaultRef === undefined ? undefined : reader.text(patientId, vaultRef, RegisteredPerson);
};

/** What an identifier of this kind may be; the number that an employer gave stands on its roster. */
function expected(kind: IdentityFact['kinds'][number], person: RegisteredPerson | undefined, member: Member): readonly string[] {
  if (kind === 'memberNumber') return [...member.enrolments.values()].map(({ memberId }) => memberId);
  const known = kind === 'dateOfBirth' ? person?.birthDate : person?.[kind];
  return known === undefined ? [] : [known];
}

/** Two ways of writing the same thing are equal: case, spaces, and the punctuation of telephone numbers. */
const plain = (kind: string, value: string): string =>
  kind === 'phone' ? value.replace(/\D/g, '').slice(-10) : value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** The subscriber through whom a child is insured is taken for a parent; the others whom the roster names are guardians. */
async function relationship(reader: Reader, { journey: { intake }, data, at }: Asked): Promise<Facts['proxy']['relationship']> {
  const { patientId = '', employerId = '' } = intake.request ?? {};
  const enrolment = enrolmentAt(await reader.load('member', patientId), employerId, at);
  const proxyId = data.proxyId ?? '';
  if (!enrolment?.guardianIds.includes(proxyId)) return 'none';
  return enrolment.subscriberId === proxyId ? 'parent' : 'guardian';
}
