import { clock } from '../domain/journey/clocks.ts';
import { holdersOf } from '../domain/journey/consult/queue.ts';
import type { ClinicianFact, VisitorFact } from '../domain/journey/facts.ts';
import type { Journey } from '../domain/journey/index.ts';
import { goesToPatient, openVisitOf, type Visit } from '../domain/journey/visit/state.ts';
import type { Instant } from '../domain/kernel/time.ts';
import { everServes, openingAt } from '../domain/reference/area.ts';
import { areaOf, type Capacity, capacityOf, hasRoom, heldUntil } from '../domain/reference/capacity.ts';
import { licensedIn } from '../domain/reference/clinician.ts';
import { contractedStates } from '../domain/reference/group.ts';
import { contractedAs } from '../domain/reference/partner.ts';
import { scopesAt } from '../domain/reference/patient.ts';
import type { Visitor } from '../domain/reference/visitor.ts';
import type { Loaders, Reader } from './facts.ts';

/** The laboratory under whose certificate visitors test in homes. */
const homeTesting = 'site-home-visits';

/** Who may give the care, where and when, and with what. */
export const careFacts: Omit<Loaders, 'start' | 'pathway' | 'identity' | 'proxy' | 'patientAge'> = {
  clinician: async (reader, { actor, data, at }) => {
    // Somebody who acts as a clinician answers for nobody else.
    return clinicianFact(reader, actor.role === 'C' ? actor.id : (data.clinicianId ?? actor.id), at);
  },

  holders: (reader, { journey, at }) => Promise.all(holdersOf(journey).map((clinicianId) => clinicianFact(reader, clinicianId, at))),

  offer: async (reader, { journey: { intake }, data: { groupId = '' }, at }) => {
    const state = intake.location?.state ?? '';
    if (!contractedStates(await reader.load('group', groupId), at).includes(state)) return { available: false };
    const clinicians = await reader.list('clinician');
    const licensed = [...clinicians].find(([, { state: held }]) => held.groupId === groupId && licensedIn(held, state, at));
    if (licensed) reader.cite('clinician', licensed[0], licensed[1].version);
    return { available: licensed !== undefined };
  },

  area: async (reader, { journey: { intake }, at }) => {
    const postalCode = intake.location?.areaKey ?? '';
    const areas = [...(await reader.list('area'))].filter(([, { state }]) => everServes(state, postalCode));
    const served = areas.map(([areaId, standing]) => ({ areaId, ...standing, now: openingAt(standing.state, at) }));
    const open = served.find(({ now }) => now?.postalCodes.includes(postalCode));
    const area = open ?? served[0];
    if (!area) return { areaId: 'none', version: 0, open: false, places: [] };
    reader.cite('area', area.areaId, area.version);
    return { areaId: area.areaId, version: area.now?.version ?? 0, open: open !== undefined, places: open?.now?.modalities ?? [] };
  },

  homeSafety: async (reader, { journey: { intake }, at }) => ({
    scopes: scopesAt(await reader.load('patient', intake.request?.patientId ?? ''), at),
  }),

  slot: async (reader, asked) => {
    const { journey, data, at } = asked;
    const { slotId = '', visitId = '' } = data;
    const now = await reader.clock.now();
    const areaId = areaOf(capacityOf(slotId));
    const slot = (await reader.load('capacity', capacityOf(slotId))).slots.get(slotId);
    const earliest = await earliestStart(reader, areaId, { visitId, now });
    const found = { ...(earliest !== undefined && { earliest }) };
    if (!slot) return { window: { from: 0, to: 0 }, placeMatches: false, expiresAt: at, ...found };
    const expiresAt = heldUntil(slot, visitId, now) ?? at + clock(journey, 'slot.hold');
    const visit = new Map(Object.entries(journey.visit.byId)).get(visitId);
    return { window: slot.window, placeMatches: await serves(reader, areaId, journey, visit, slot.window.from), expiresAt, ...found };
  },

  visitor: async (reader, { actor, data, at }) => {
    const visitorId = data.visitorId ?? actor.id;
    return visitorFact(visitorId, await reader.load('visitor', visitorId), at);
  },

  // A fact about a prescription that names no pharmacy is about the one that has it.
  pharmacy: async (reader, { journey, data, at }) => {
    const prescriptions = new Map(Object.entries(journey.prescription.byId));
    const pharmacyId = data.pharmacyId ?? prescriptions.get(data.rxId ?? '')?.pharmacyId ?? '';
    const contract = contractedAs(await reader.load('partner', pharmacyId), 'pharmacy', at);
    const calendar = contract?.calendar;
    return { known: contract !== undefined, capabilities: contract?.capabilities ?? [], ...(calendar && { calendar }) };
  },

  device: async (reader, { journey, data, at }) => {
    const siteId = openVisitOf(journey.visit, data.orderId ?? '')?.siteId ?? homeTesting;
    const waiverRef = contractedAs(await reader.load('partner', siteId), 'lab', at)?.waiverRef;
    return { ...(waiverRef && { waiverRef }) };
  },

  lab: async (reader, { journey, data, at }) => {
    const orders = new Map(Object.entries(journey.lab.orders));
    const labId = data.labId ?? orders.get(data.orderId ?? '')?.labId ?? '';
    return { open: contractedAs(await reader.load('partner', labId), 'lab', at) !== undefined };
  },

  conversation: async (reader, { journey }) => {
    const conversationId = journey.followUp.conversationId;
    if (!conversationId) return {};
    const { turn, turnRevision } = await reader.load('conversation', conversationId);
    return { ...(turn === 'patient' && { openTurn: turnRevision }) };
  },
};

async function clinicianFact(reader: Reader, clinicianId: string, at: Instant): Promise<ClinicianFact> {
  const { groupId = 'none', scope = 'nurse', licences } = await reader.load('clinician', clinicianId);
  const group = await reader.load('group', groupId);
  return { clinicianId, groupId, scope, licences, groupStates: contractedStates(group, at) };
}

/** What a decision may know of a visitor. */
export function visitorFact(visitorId: string, { shift, shifts }: Visitor, at: Instant): VisitorFact {
  const { skills = [], states = [], supplies = [] } = shift ?? {};
  return { visitorId, onShift: shift !== undefined && shift.from <= at, skills, states, supplies, shiftVersion: shifts };
}

/** Start of the earliest slot of the area that has room for the visit. */
async function earliestStart(
  reader: Reader,
  areaId: string,
  { visitId, now }: { visitId: string; now: Instant },
): Promise<Instant | undefined> {
  const days = [...(await reader.list('capacity', `${areaId}_`))].filter(([capacityId]) => areaOf(capacityId) === areaId);
  const withRoom = ({ slots }: Capacity) => [...slots.values()].filter((slot) => now < slot.window.from && hasRoom(slot, visitId, now));
  const starts = days.flatMap(([, { state }]) => withRoom(state).map(({ window }) => window.from));
  return starts.toSorted((a, b) => a - b)[0];
}

/** True if the slot's area serves visits of this kind where the patient is; a site is an area of its own, named by its id. */
async function serves(reader: Reader, areaId: string, { intake }: Journey, visit: Visit | undefined, from: Instant): Promise<boolean> {
  const opening = openingAt(await reader.load('area', areaId), from);
  if (!visit || !opening?.modalities.includes(visit.place)) return false;
  return goesToPatient(visit) ? opening.postalCodes.includes(intake.location?.areaKey ?? '') : (visit.siteId ?? areaId) === areaId;
}
