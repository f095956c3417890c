import type { Facts } from '../../domain/journey/facts.ts';
import * as journeys from '../../domain/journey/index.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import { noon, person } from './scenario.ts';
import { contract, createWorld, type World } from './world.ts';

export const officer = person('O');
const clinician = person('C', 'd1');
const request = {
  patientId: 'p1',
  employerId: 'e1',
  templateId: 'sore-throat',
  templateVersion: 3,
  zone: 'America/Los_Angeles',
  slaSet: soreThroat.slaSet,
  modality: 'async',
  entryPoint: 'app',
  requester: person('X', 'x1'),
  at: noon,
} as const;
export const location = { state: 'WA', areaKey: '98101', addressRef: 'a1', at: noon };
export const journey: journeys.Journey = { ...journeys.initial, intake: { ...journeys.initial.intake, request, location } };
export const slotId = 'sea_2026-10-06_1300';
/** A world in which everything that J-1 needs is known. */
export async function populatedWorld(): Promise<World> {
  const world = createWorld();
  const { vault } = world;
  const give = (category: string, id: string, type: string, data: object, actor: Actor = officer) =>
    world.give(category, id, type, data, { actor });
  await give('employer', 'e1', 'OpenEmployerContract', contract);
  const row = {
    memberId: 'M-1',
    patientId: 'p1',
    employerId: 'e1',
    relationship: 'child',
    subscriberId: 'x1',
    guardianIds: ['x1', 'x2'],
    effectiveOn: noon,
  };
  const fileRef = await vault.put('e1', 'employer-e1', JSON.stringify(row));
  await give('employer', 'e1', 'ImportRoster', { employerId: 'e1', fileRef }, person('E'));
  const vaultRef = await vault.put(
    'p1',
    'patient-p1',
    JSON.stringify({ name: 'Ada Sample', birthDate: '2017-10-07', phone: '+1 206 555 0100' }),
  );
  await give('patient', 'p1', 'RegisterPatient', { patientId: 'p1', vaultRef }, person('K'));
  await give('group', 'g1', 'OpenGroupContract', { groupId: 'g1', state: 'WA', validFrom: 0, validUntil: noon + day });
  const licence = {
    clinicianId: 'd1',
    groupId: 'g1',
    scope: 'prescriber',
    licenceId: 'l1',
    state: 'WA',
    validFrom: 0,
    validUntil: noon + day,
  };
  await give('clinician', 'd1', 'RecordLicence', licence);
  await give('area', 'sea', 'OpenServiceArea', { areaId: 'sea', postalCodes: ['98101'], modalities: ['home'], on: noon });
  const slots = [13, 15].map((at) => ({
    slotId: `sea_2026-10-06_${at}00`,
    window: { from: noon + at * hour, to: noon + (at + 2) * hour },
    count: 1,
  }));
  await give('capacity', 'sea_2026-10-06', 'PublishSlotCapacity', { areaId: 'sea', date: '2026-10-06', slots });
  const shift = { visitorId: 'v1', areaId: 'sea', skills: ['swab'], states: ['WA'], supplies: ['strep-test'], at: noon };
  await give('visitor', 'v1', 'OpenVisitorShift', shift, person('D'));
  await give('partner', 'ph1', 'OpenPartnerContract', {
    partnerId: 'ph1',
    kind: 'pharmacy',
    effectiveOn: 0,
    data: { capabilities: ['courier'] },
  });
  const lab = { partnerId: 'site-home-visits', kind: 'lab', effectiveOn: 0, data: { capabilities: [], waiverRef: 'clia-1' } };
  await give('partner', 'site-home-visits', 'OpenPartnerContract', lab);
  return world;
}

/** Loads one fact in a world, as a command of a clinician would ask for it unless the test says otherwise. */
export const factsOf =
  (worldNow: () => World) =>
  async <N extends keyof Facts>(name: N, data: object = {}, more: { actor?: Actor; on?: journeys.Journey; at?: number } = {}) => {
    const { actor = clinician, on = journey, at = noon } = more;
    const { facts, basis } = await worldNow().facts.load([name], { journey: on, command: { type: 'Any', data, actor }, at });
    return { fact: facts[name], basis };
  };
