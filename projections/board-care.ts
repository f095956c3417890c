// What a visit, a lab order, a prescription or a delivery waits for.
import { isOver, statusOf } from '../domain/journey/delivery/state.ts';
import type { Journey } from '../domain/journey/index.ts';
import type { Prescription, PrescriptionStatus } from '../domain/journey/prescription/standing.ts';
import { openIds as openPrescriptions } from '../domain/journey/prescription/state.ts';
import { goesToPatient, isTerminal, type Visit, type VisitStatus } from '../domain/journey/visit/state.ts';
import type { Role } from '../domain/kernel/actor.ts';
import type { Reason } from './board-row.ts';

/** Who asked for care, and is to go on with it: the patient or the proxy. */
export function patientOf({ intake: { request, proxy } }: Journey): Reason['waitingOn'] {
  if (!request) return { who: 'P' };
  if (request.requester.role === 'X') return { who: 'X', id: proxy?.proxyId ?? request.requester.id };
  return { who: 'P', id: request.patientId };
}

type Next = readonly [who: Role, unblocks: string];

/** A result that nobody has reviewed, or that the patient has not been told. */
export const results = ({ lab, consult: { byId } }: Journey): readonly Reason[] =>
  Object.values(lab.results)
    .filter(({ reviewedAt, informedAt }) => reviewedAt === undefined || informedAt === undefined)
    .map(({ reviewedAt }) => {
      const id = Object.values(byId).at(-1)?.clinicianId;
      return {
        why: 'resultToReview',
        waitingOn: { who: 'C', ...(id && { id }) },
        unblocks: reviewedAt === undefined ? 'ReviewResult' : 'InformPatientOfResult',
        needsHuman: true,
      };
    });

export const visits = (journey: Journey): readonly Reason[] =>
  Object.values(journey.visit.byId)
    .filter((visit) => !isTerminal(visit) || visit.timer)
    .map((visit) => visitReason(journey, visit));

function visitReason(journey: Journey, visit: Visit): Reason {
  const { timer, dispatch } = visit;
  // Whoever is in a home and does not answer needs somebody to look.
  if (timer && timer.missed > 0) return underWay('S', 'AnswerLoneWorkerCheck', true);
  if (timer && isTerminal(visit)) return underWay('V', 'LeaveHome', false, timer.visitorId);
  const booking = bookings(visit);
  if (booking) return { why: 'patientToBook', waitingOn: patientOf(journey), unblocks: booking, needsHuman: false };
  const [who, unblocks] = stepOf(visit);
  if (unblocks === 'AssignVisitor' && dispatch.failures > 0) return underWay('D', unblocks, true);
  if (who === 'P') return { ...underWay('P', unblocks, false), waitingOn: patientOf(journey) };
  return underWay(who, unblocks, false, who === 'V' ? visit.visitorId : undefined);
}

const underWay = (who: Role, unblocks: string, needsHuman: boolean, id?: string): Reason => ({
  why: 'visitUnderway',
  waitingOn: { who, ...(id && { id }) },
  unblocks,
  needsHuman,
});

/** What is still to do before the visit is booked. */
function bookings(visit: Visit): string | undefined {
  if (visit.status === 'Held') return 'BookVisit';
  if (visit.status !== 'Requested' && visit.status !== 'AreaChecked' && visit.status !== 'SafetyScreened') return undefined;
  if (visit.status === 'Requested' && visit.alternatives.length > 0) return 'ChooseAlternative';
  return visit.place === 'home' && !visit.screened ? 'ScreenHomeSafety' : 'HoldSlot';
}

const onTheSpot: Partial<Readonly<Record<VisitStatus, Next>>> = {
  EnRoute: ['V', 'ArriveAtVisit'],
  AtDoor: ['V', 'IdentifyPatientAtVisit'],
  IdentityConfirmed: ['V', 'StartVisit'],
  InProgress: ['V', 'EndVisit'],
};

function stepOf(visit: Visit): Next {
  const known = onTheSpot[visit.status];
  if (known) return known;
  if (!goesToPatient(visit)) return visit.status === 'Arrived' ? ['V', 'IdentifyPatientAtVisit'] : ['P', 'CheckInAtSite'];
  if (visit.status === 'Arrived') return ['V', 'RecordDoorOutcome'];
  if (!visit.visitorId) return ['T', 'AssignVisitor'];
  return ['V', visit.accepted ? 'DepartForVisit' : 'AnswerAssignment'];
}

/** An order that is signed waits for the collection, which belongs to its visit. */
export const labOrders = ({ lab }: Journey): readonly Reason[] =>
  Object.values(lab.orders).flatMap(({ status, pointOfCare }): Reason[] => {
    if (status === 'Drafted') return [{ why: 'resultToReview', waitingOn: { who: 'C' }, unblocks: 'SignLabOrder', needsHuman: true }];
    if (status !== 'Signed' && status !== 'AwaitingCollection') return [];
    const [who, unblocks]: Next = pointOfCare ? ['V', 'PerformPointOfCareTest'] : ['K', 'OpenTask'];
    return [{ why: 'resultToReview', waitingOn: { who }, unblocks, needsHuman: false }];
  });

/** Whom each state of a prescription waits for; one that is on its way is its delivery's matter. */
const prescriptionSteps: Partial<Readonly<Record<PrescriptionStatus, Next>>> = {
  Drafted: ['A', 'RecordRxSafetyCheck'],
  SafetyChecking: ['A', 'RecordRxSafetyCheck'],
  AlertRaised: ['C', 'OverrideRxSafetyAlert'],
  CheckBlocked: ['C', 'OverrideMissingRxCheck'],
  ReadyToSign: ['C', 'SignPrescription'],
  Signed: ['A', 'RecordRxTransmission'],
  SendUnconfirmed: ['A', 'RecordRxReconciliation'],
  AcceptedByNetwork: ['A', 'RecordPharmacyStatus'],
  VerifiedByPharmacy: ['A', 'RecordDispense'],
  PriorAuthorisation: ['A', 'RecordPharmacyStatus'],
  ChangeRequested: ['C', 'AnswerPharmacyChange'],
  OutOfStock: ['P', 'ChooseReroute'],
  RejectedByPharmacy: ['C', 'DraftPrescription'],
  PartiallyFilled: ['A', 'RecordDispense'],
  Filled: ['A', 'RecordPharmacyStatus'],
  ReadyForPickup: ['A', 'RecordPharmacyStatus'],
  CancelRequested: ['A', 'RecordRxCancelAnswer'],
  CancelUnconfirmed: ['A', 'RecordRxCancelAnswer'],
};

/** A refill is asked for while the prescription is under way, or long after. */
const refills = (journey: Journey): readonly Reason[] =>
  Object.values(journey.prescription.byId)
    .flatMap(({ refills: asked }: Prescription) => Object.values(asked))
    .filter((status) => status === 'requested')
    .map(() => ({ why: 'prescriptionUnderway', waitingOn: { who: 'C' }, unblocks: 'AnswerRefill', needsHuman: true }));

export const prescriptions = (journey: Journey): readonly Reason[] => [...underTreatment(journey), ...refills(journey)];

const underTreatment = (journey: Journey): readonly Reason[] =>
  openPrescriptions(journey.prescription).flatMap((rxId): Reason[] => {
    const rx = journey.prescription.byId[rxId];
    const next = rx && prescriptionSteps[rx.status];
    if (!next) return [];
    const [who, unblocks] = next;
    const waitingOn = who === 'P' ? patientOf(journey) : { who };
    return [{ why: 'prescriptionUnderway', waitingOn, unblocks, needsHuman: who === 'C' || who === 'K' }];
  });

export const deliveries = (journey: Journey): readonly Reason[] =>
  Object.values(journey.delivery.byId)
    .filter((delivery) => !isOver(statusOf(delivery)))
    .map((delivery) => {
      const leg = delivery.legs[delivery.leg];
      if (leg?.problemSince !== undefined)
        return { why: 'deliveryUnderway', waitingOn: patientOf(journey), unblocks: 'CorrectDeliveryAddress', needsHuman: false };
      const status = statusOf(delivery);
      if (status === 'Attempted' || status === 'Refused' || status === 'HeldForPickup')
        return { why: 'deliveryUnderway', waitingOn: { who: 'K' }, unblocks: 'RequestDelivery', needsHuman: true };
      // Handed over without the check that the item needs: somebody has to find the proof.
      const unproven = leg?.unproven === true;
      return { why: 'deliveryUnderway', waitingOn: { who: unproven ? 'K' : 'A' }, unblocks: 'RecordDeliveryStatus', needsHuman: unproven };
    });
