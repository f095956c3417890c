import type { Role } from '../domain/kernel/actor.ts';
import { instantOf } from '../domain/kernel/calendar.ts';
import type { Vault } from '../store/ports.ts';
import type { Answer, CommandMessage } from '../workflows/messages.ts';
import { clinic, inForceFrom, inForceUntil, terms } from './clinic.ts';
import { familyOf, isMinor, type Person } from './population.ts';

export interface SeedParts {
  readonly executeOn: (category: string, id: string, message: CommandMessage) => Promise<Answer>;
  readonly vault: Vault;
}

/** How many people are registered at once. */
const width = 16;

/** Loads the sample clinic and its population; a second time changes nothing. */
export async function seed(parts: SeedParts, population: readonly Person[]): Promise<void> {
  await openContracts(parts);
  await openClinic(parts);
  const queue = [...population];
  const register = async (): Promise<void> => {
    for (let person = queue.shift(); person; person = queue.shift()) await registerPerson(parts, person);
  };
  await Promise.all(Array.from({ length: width }, register));
  await enrol(parts, population);
}

/** A day's slots of two hours, three visits each. */
export function slotsOf(date: string) {
  const { areaId, zone } = clinic;
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const slots = [9, 11, 13, 15].map((hour) => ({
    slotId: `${areaId}_${date}_${String(hour).padStart(2, '0')}00`,
    window: { from: instantOf({ year, month, day, hour }, zone), to: instantOf({ year, month, day, hour: hour + 2 }, zone) },
    count: 3,
  }));
  return { areaId, date, slots };
}

/** Publishes a day's slots. */
export const publishSlots = (parts: SeedParts, date: string): Promise<void> =>
  give(parts, 'O', 'capacity', `${clinic.areaId}_${date}`, 'PublishSlotCapacity', slotsOf(date));

async function openContracts(parts: SeedParts): Promise<void> {
  const { large, small } = clinic.employers;
  for (const employerId of [large, small]) {
    await give(parts, 'O', 'employer', employerId, 'OpenEmployerContract', {
      employerId,
      contractId: `${employerId}-2026`,
      effectiveOn: inForceFrom,
      terms,
    });
  }
  for (const state of terms.states) {
    await give(parts, 'O', 'group', clinic.groupId, 'OpenGroupContract', {
      groupId: clinic.groupId,
      state,
      validFrom: inForceFrom,
      validUntil: inForceUntil,
    });
  }
}

async function openClinic(parts: SeedParts): Promise<void> {
  const { clinicianIds, groupId, areaId, postalCodes, pharmacyId, siteId, visitorIds, zone } = clinic;
  for (const clinicianId of clinicianIds) {
    const licence = {
      clinicianId,
      groupId,
      scope: 'prescriber',
      state: 'WA',
      licenceId: `wa-${clinicianId}`,
      validFrom: inForceFrom,
      validUntil: inForceUntil,
    };
    await give(parts, 'O', 'clinician', clinicianId, 'RecordLicence', licence);
  }
  await give(parts, 'O', 'area', areaId, 'OpenServiceArea', {
    areaId,
    postalCodes: [...postalCodes],
    modalities: ['home', 'clinicSite'],
    on: inForceFrom,
  });
  for (const visitorId of visitorIds) {
    await give(parts, 'D', 'visitor', visitorId, 'OpenVisitorShift', {
      visitorId,
      at: inForceFrom,
      areaId,
      skills: ['swab', 'vitals'],
      states: ['WA'],
      supplies: ['strep-test'],
    });
  }
  const calendar = { calendarId: 'pharmacy-hours', version: 1, zone, days: [1, 2, 3, 4, 5, 6, 7], fromHour: 8, toHour: 22 };
  await give(parts, 'O', 'partner', pharmacyId, 'OpenPartnerContract', {
    partnerId: pharmacyId,
    kind: 'pharmacy',
    effectiveOn: inForceFrom,
    data: { capabilities: ['courier', 'pickup'], calendar },
  });
  await give(parts, 'O', 'partner', siteId, 'OpenPartnerContract', {
    partnerId: siteId,
    kind: 'lab',
    effectiveOn: inForceFrom,
    data: { capabilities: ['pointOfCare'], waiverRef: 'clia-waiver-sample' },
  });
}

async function registerPerson(parts: SeedParts, { patientId, ...person }: Person): Promise<void> {
  await parts.vault.register(patientId);
  const vaultRef = await parts.vault.put(patientId, `patient-${patientId}`, JSON.stringify(person));
  await give(parts, 'K', 'patient', patientId, 'RegisterPatient', { patientId, vaultRef });
}

/** One roster for each employer; every minor is the dependant of the same adult. */
async function enrol(parts: SeedParts, population: readonly Person[]): Promise<void> {
  const { parent } = familyOf(population);
  const { large, small, smallCount } = clinic.employers;
  const others = population.filter((person) => !isMinor(person) && person !== parent);
  await importRoster(
    parts,
    small,
    others.slice(0, smallCount).map((person) => row(person, small)),
  );
  const family = population
    .filter(isMinor)
    .map((child) => ({ ...row(child, large), relationship: 'child', subscriberId: parent.patientId, guardianIds: [parent.patientId] }));
  await importRoster(parts, large, [row(parent, large), ...others.slice(smallCount).map((person) => row(person, large)), ...family]);
}

const row = ({ patientId }: Person, employerId: string) => ({
  memberId: patientId,
  patientId,
  employerId,
  relationship: 'self',
  effectiveOn: inForceFrom,
});

async function importRoster(parts: SeedParts, employerId: string, rows: readonly object[]): Promise<void> {
  await parts.vault.register(employerId);
  const fileRef = await parts.vault.put(employerId, `employer-${employerId}`, rows.map((entry) => JSON.stringify(entry)).join('\n'));
  await give(parts, 'A', 'employer', employerId, 'ImportRoster', { employerId, fileRef });
}

async function give(parts: SeedParts, role: Role, category: string, id: string, type: string, data: object, part = ''): Promise<void> {
  const actor = { kind: role === 'A' ? 'partner' : 'person', id: role === 'A' ? 'roster' : 'sample-data', role } as const;
  const answer = await parts.executeOn(category, id, {
    id: `seed:${type}:${id}:${part}`,
    type,
    data,
    actor,
    source: 'seed',
  });
  if (!answer.accepted) throw new Error(`${type} on ${category} was refused: ${answer.code}`);
}
