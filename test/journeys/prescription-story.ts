import { statusOf } from '../../domain/journey/delivery/state.ts';
import * as journeys from '../../domain/journey/index.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import type { Medicine, Template } from '../../domain/templates/template.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story, type Told } from './story.ts';

/** The time of the day of worked journey J-1, in Seattle; hours beyond 24 are those of the next day. */
export function clockTime(time: string): number {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return instantOf({ year: 2026, month: 10, day: 6, hour, minute }, 'America/Los_Angeles') + second * 1_000;
}

const consult = { consultId: 'consult-1', clinicianId: 'clinician-1', groupId: 'group-1', modality: 'async' } as const;
const earlier: readonly journeys.JourneyEvent[] = [
  {
    type: 'JourneyRequested',
    data: {
      patientId: 'patient-1',
      employerId: 'employer-1',
      entryPoint: 'app',
      templateId: 'sore-throat',
      templateVersion: 3,
      modality: 'async',
      requesterKind: 'patient',
      zone: 'America/Los_Angeles',
      slaSet: soreThroat.slaSet,
    },
  },
  { type: 'ScreeningStarted', data: {} },
  { type: 'PatientLocationAttested', data: { state: 'WA', areaKey: '98103', addressRef: 'home-address', reportedBy: 'patient-1' } },
  { type: 'JourneyAccepted', data: { firstStep: 'consult' } },
  { type: 'ConsultQueued', data: { consultId: 'consult-1', modality: 'async', priority: 'routine', reasonCode: 'sore-throat' } },
  { type: 'ConsultClaimed', data: consult },
  { type: 'ConsultStarted', data: consult },
  { type: 'DispositionDecided', data: { dispositionId: 'disposition-1', consultId: 'consult-1', level: 6, rationaleRef: 'rationale' } },
];

/** A story whose events are held against the schemas that declare them. */
class DeclaredStory extends Story {
  override give(...command: Parameters<Story['give']>): Told {
    const told = super.give(...command);
    for (const { type, data } of told.decided.events) journeys.events[type].parse(data);
    return told;
  }
}

/** A journey whose clinician has decided and now treats, at 14:01. */
export function inTreatment(): Story {
  const story = new DeclaredStory(clockTime('14:01'));
  const actor = { kind: 'person', id: 'patient-1', role: 'P' } as const;
  const how = { occurredAt: clockTime('09:00'), commandId: 'before', commandType: 'Before', actor };
  story.journey = earlier.reduce(
    (journey, event, i) => journeys.evolve(journey, { ...event, ...how, id: `before.${i}` }),
    journeys.initial,
  );
  return story;
}

export const amoxicillin = { rxId: 'p1', rxnorm: '723', sig: 'two-times-a-day', quantity: 20, days: 10, citesResults: ['result-1'] };

export function withLists(story: Story = inTreatment()): Story {
  story.give('C', 'ConfirmAllergyList', { codedList: [] });
  story.give('C', 'ConfirmMedicationList', { codedList: [] });
  return story;
}

export function drafted(story: Story = withLists()): Story {
  story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'courier' });
  story.give('C', 'DraftPrescription', amoxicillin);
  return story;
}

export const checkOf = (story: Story): string => story.entityOf('RxSafetyCheckRequested');

/** What the safety service says of the check that was asked for last. */
export const safetySays = (story: Story, said: object) =>
  story.give('A', 'RecordRxSafetyCheck', { rxId: 'p1', checkId: checkOf(story), ...said });

export function readyToSign(story: Story = drafted()): Story {
  safetySays(story, { outcome: 'passed', databaseVersion: '2026-10' });
  return story;
}

/** Signed at 14:03. */
export function signed(story: Story = readyToSign()): Story {
  story.now = clockTime('14:03');
  story.give('C', 'SignPrescription', { rxId: 'p1' });
  return story;
}

export const networkSays = (story: Story, outcome: string, attempt = 1) =>
  story.give('A', 'RecordRxTransmission', { rxId: 'p1', attempt, outcome, messageId: `msg-${attempt}`, scriptVersion: '2023011' });

export function transmitted(story: Story = signed()): Story {
  networkSays(story, 'succeeded');
  return story;
}

export const pharmacySays = (story: Story, status: string, more: object = {}) =>
  story.give('A', 'RecordPharmacyStatus', { rxId: 'p1', status, pharmacyId: 'pharmacy-1', ...more });

/** Verified at 14:04. */
export function verified(story: Story = transmitted()): Story {
  story.now = clockTime('14:04');
  pharmacySays(story, 'verified');
  return story;
}

export const dispensed = { rxId: 'p1', outcome: 'dispensed', ndc: '00093-4150-73', quantity: 20, patientCents: 0 };

/** Handed out at 14:50, with a delivery asked for. */
export function handedOut(story: Story = verified()): Story {
  story.now = clockTime('14:50');
  story.give('A', 'RecordDispense', dispensed);
  return story;
}

export const statusOfRx = (story: Story, rxId = 'p1') => story.journey.prescription.byId[rxId]?.status;

/** Deadlines of the treatment, those of the consult left out. */
export const clocksOf = (story: Story): readonly string[] => story.deadlines().filter((deadline) => /^(rx|delivery|task)/.test(deadline));

export const iso = (time: string): string => new Date(clockTime(time)).toISOString();

export const deliveryOf = (story: Story) => Object.values(story.journey.delivery.byId)[0];

/** Where the only delivery stands. */
export function standing(story: Story) {
  const delivery = deliveryOf(story);
  return delivery && statusOf(delivery);
}

export const aboutDelivery = (story: Story) => ({ deliveryId: story.entityOf('DeliveryRequested') });

export const courierSays = (story: Story, status: string, more: object = {}) =>
  story.give('A', 'RecordDeliveryStatus', { ...aboutDelivery(story), leg: 1, status, vendor: 'courier', externalId: 'del_1', ...more });

/** The recipient check that an adult's signature needs. */
export const signedFor = { recipientKind: 'adult', proofRef: 'proof-1' };

/** Calls to the courier that the plan lists. */
export const courierCalls = (story: Story) => story.effects('request-courier').map(({ id, attempt }) => [id, attempt]);

/** Kinds of the tasks that are open about one thing. */
export const tasksAbout = (story: Story, about: string): readonly string[] =>
  Object.values(story.journey.work.tasks)
    .filter(({ status, cites }) => status === 'open' && cites.includes(about))
    .map(({ kind }) => kind);

/** Has the safety service pass a prescription, a prescriber sign it, the network take it and its pharmacy verify it. */
export function carriedOut(story: Story, rxId: string, pharmacyId: string): readonly (readonly string[])[] {
  const check = { rxId, checkId: checkOf(story), outcome: 'passed' };
  return [
    story.give('A', 'RecordRxSafetyCheck', check),
    story.give('C', 'SignPrescription', { rxId }),
    story.give('A', 'RecordRxTransmission', { rxId, attempt: 1, outcome: 'succeeded' }),
    story.give('A', 'RecordPharmacyStatus', { rxId, status: 'verified', pharmacyId }),
  ].map(({ events }) => events);
}

/** The pathway with something else about its medicine, or about itself. */
export const pathwayWith = (medicine: Partial<Medicine>, more: Partial<Template> = {}) => ({
  pathway: {
    ...sampleFacts.pathway,
    template: {
      ...soreThroat,
      medicines: [{ rxnorm: '723', label: 'Amoxicillin', handling: ['adultSignature' as const], ...medicine }],
      ...more,
    },
  },
});
