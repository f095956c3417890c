// Worked journey J-1 of the domain reference: sore throat, home swab, antibiotic by courier.
import { instantOf } from '../../domain/kernel/calendar.ts';
import type { Cast, EntityOf, WorkedStep } from './step.ts';

type Ref = (text: string) => string;
type Data = (entityOf: EntityOf, ref: Ref) => object;

/** Every command of J-1 in order, with the events that it leaves (notices left out). */
export function j1(cast: Cast): readonly WorkedStep[] {
  const steps: WorkedStep[] = [];
  const [year = 0, month = 1, date = 1] = cast.firstDay.split('-').map(Number);
  const at = (time: string, day = 0) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return instantOf({ year, month, day: date + day, hour: hours, minute: minutes }, cast.zone);
  };
  const step = (
    time: string | readonly [number, string],
    role: WorkedStep['role'],
    command: string,
    data: Data,
    ...events: string[]
  ): void => {
    steps.push({ at: typeof time === 'string' ? at(time) : at(time[1], time[0]), role, command, data, events });
  };
  intake(cast, step);
  consult(cast, step, at);
  booking(cast, step);
  visit(step, at);
  treatment(cast, step);
  leaving(step);
  delivery(step);
  followUp(step, at);
  return steps;
}

type Step = (time: string | readonly [number, string], role: WorkedStep['role'], command: string, data: Data, ...events: string[]) => void;
type At = (time: string, day?: number) => number;

function intake({ patientId, proxyId, employerId, groupId, areaKey, zone }: Cast, step: Step): void {
  const start = { patientId, employerId, entryPoint: 'app', templateId: 'sore-throat', modality: 'async', zone };
  step('09:00', 'X', 'StartJourney', () => start, 'JourneyRequested');
  step(
    '09:01',
    'X',
    'VerifyIdentity',
    (_, ref) => ({ method: 'knowledge', identifiersRef: ref('identifiers') }),
    'PatientIdentityVerified',
    'ScreeningStarted',
  );
  step('09:01', 'T', 'VerifyProxy', () => ({ proxyId, kind: 'parent' }), 'ProxyAuthorityVerified');
  step(
    '09:02',
    'X',
    'AttestLocation',
    (_, ref) => ({ state: 'WA', areaKey, addressRef: ref('address') }),
    'PatientLocationAttested',
    'EligibilityCheckRequested',
  );
  step(
    '09:02',
    'A',
    'RecordEligibility',
    (of) => ({ checkId: of('EligibilityCheckRequested'), attempt: 1, outcome: 'confirmed', coverage }),
    'EligibilityConfirmed',
  );
  step('09:03', 'X', 'QuotePrice', () => ({ groupId, offerVersion: 1 }), 'PriceQuoted');
  step('09:03', 'X', 'AcceptPrice', (of) => ({ quoteId: of('PriceQuoted') }), 'PriceAccepted');
  step('09:04', 'X', 'GrantConsent', () => ({ scopes: ['treatment', 'telehealth'], textVersion: 1 }), 'ConsentGranted');
  step(
    '09:08',
    'X',
    'SubmitQuestionnaire',
    (_, ref) => ({ version: 2, codedAnswers: answers, answersRef: ref('answers') }),
    'IntakeQuestionnaireCompleted',
    'RedFlagScreenCleared',
    'JourneyAccepted',
    'ConsultQueued',
  );
}

const coverage = { coverageId: 'cov-1', cobOrder: 1, hdhp: false };
const answers = { troubleBreathing: false, drooling: false, neckStiffness: false, cannotSwallow: false, feverNow: true, daysIll: 2 };

function consult(_cast: Cast, step: Step, at: At): void {
  const open = (of: EntityOf) => ({ consultId: of('ConsultQueued') });
  const turn = (of: EntityOf, kind: string, revision: number) => ({ conversationId: of('ConsultQueued'), turn: kind, revision });
  step('09:20', 'C', 'ClaimConsult', open, 'LicenceVerified', 'ConsultClaimed');
  step('09:20', 'C', 'StartConsult', open, 'ConsultStarted');
  step('09:21', 'T', 'NoteConversationTurn', (of) => turn(of, 'clinicianAsks', 2), 'FirstResponseGiven', 'AwaitingPatientStarted');
  step('09:23', 'T', 'NoteConversationTurn', (of) => turn(of, 'patient', 3), 'AwaitingPatientEnded');
  step(
    '09:24',
    'C',
    'RecordAssessment',
    (of, ref) => ({ ...open(of), noteRef: ref('note'), codedFindings: ['tonsillar-exudate'] }),
    'AssessmentRecorded',
  );
  step('09:24', 'C', 'DecideDisposition', (of, ref) => ({ ...open(of), level: 6, rationaleRef: ref('rationale') }), 'DispositionDecided');
  step('09:25', 'C', 'AgreeCarePlan', () => ({ activities: [{ id: 'swab', kind: 'visit', orderId: 'o1' }] }), 'CarePlanAgreed');
  step(
    '09:25',
    'C',
    'PlaceOrders',
    () => ({ orders: orders(at) }),
    'OrdersPlaced',
    'VisitRequested',
    'ServiceAreaConfirmed',
    'LabOrderDrafted',
  );
  step('09:25', 'C', 'SignLabOrder', () => ({ orderId: 'o1' }), 'LabOrderSigned', 'LabPayerDecided');
}

/** The visit takes 45 minutes and may start until a day after the disposition. */
const orders = (at: At) => [
  {
    kind: 'visit',
    activityId: 'swab',
    place: 'home',
    reasonCode: 'sore-throat',
    tasks: [
      { taskRef: 'vitals', kind: 'vitals' },
      { taskRef: 'swab', kind: 'pointOfCareTest', orderId: 'o1' },
    ],
    skills: ['swab'],
    plannedMin: 45,
    notBefore: at('09:25'),
    notAfter: at('09:24', 1),
  },
  { kind: 'lab', activityId: 'swab', orderId: 'o1', loinc: ['78012-2'], priority: 'routine', labId: 'site-home-visits', pointOfCare: true },
];

/** The visit that an event of the journey asked for. */
const of = (entityOf: EntityOf) => ({ visitId: entityOf('VisitRequested') });

function booking({ areaId, firstDay, visitorId }: Cast, step: Step): void {
  const slotId = `${areaId}_${firstDay}_1300`;
  step(
    '09:25',
    'X',
    'ScreenHomeSafety',
    (e) => ({ ...of(e), answers: { dogAtHome: false, weaponAtHome: false, safeEntrance: true } }),
    'HomeSafetyScreened',
  );
  step('09:26', 'X', 'HoldSlot', (e) => ({ ...of(e), slotId }), 'SlotHeld');
  step('09:27', 'X', 'BookVisit', of, 'VisitScheduled');
  step(
    '09:28',
    'C',
    'CompleteConsult',
    (e, ref) => ({ consultId: e('ConsultQueued'), plannedOutcome: 'Resolved', summaryRef: ref('summary') }),
    'ConsultCompleted',
    'FollowUpWindowOpened',
    'ChargeCaptured',
  );
  step('09:40', 'T', 'AssignVisitor', (e) => ({ ...of(e), visitorId }), 'VisitorAssigned');
  step('09:45', 'V', 'AnswerAssignment', (e) => ({ ...of(e), answer: 'accepted' }), 'VisitorAccepted');
  step('11:05', 'X', 'ConfirmVisit', of, 'VisitConfirmed');
}

function visit(step: Step, at: At): void {
  step('13:10', 'V', 'DepartForVisit', (e) => ({ ...of(e), eta: at('13:40') }), 'VisitorDeparted');
  step('13:40', 'V', 'ArriveAtVisit', (e) => ({ ...of(e), placeVerification: 'gps' }), 'VisitorArrived', 'LoneWorkerTimerStarted');
  step('13:41', 'V', 'RecordDoorOutcome', (e) => ({ ...of(e), answered: true }), 'DoorAnswered');
  step(
    '13:42',
    'V',
    'IdentifyPatientAtVisit',
    (e) => ({ ...of(e), identifierKinds: ['name', 'dateOfBirth'], matches: true }),
    'PatientIdentifiedAtVisit',
  );
  step('13:43', 'V', 'StartVisit', of, 'VisitStarted');
  step(
    '13:46',
    'V',
    'RecordVitals',
    (e) => ({ ...of(e), codedValues: { heartRate: 96, respiratoryRate: 18, oxygenSaturation: 98, temperatureCelsius: 38.2 } }),
    'VitalsRecorded',
  );
  step(
    '13:58',
    'V',
    'PerformPointOfCareTest',
    () => ({ orderId: 'o1', device: 'strep-reader-7', lot: 'L2231', expiry: at('00:00', 90), value: 'positive' }),
    'PointOfCareTestPerformed',
    'FinalResultReceived',
    'ResultReviewAssigned',
  );
}

function treatment({ pharmacyId }: Cast, step: Step): void {
  const result = (e: EntityOf) => ({ resultId: e('FinalResultReceived'), version: 1 });
  const rx = { rxId: 'p1' };
  step('14:00', 'C', 'ReviewResult', (e) => ({ ...result(e), decision: 'treat' }), 'ResultReviewed');
  step('14:00', 'C', 'InformPatientOfResult', (e) => ({ ...result(e), channel: 'app' }), 'PatientInformedOfResult');
  step('14:01', 'C', 'ConfirmAllergyList', () => ({ codedList: [] }), 'AllergyListConfirmed');
  step('14:01', 'C', 'ConfirmMedicationList', () => ({ codedList: [] }), 'MedicationListConfirmed');
  step('14:01', 'C', 'RecordDiagnosis', () => ({ icd10: 'J02.0', certainty: 'confirmed' }), 'DiagnosisRecorded');
  step('14:02', 'X', 'ChoosePharmacy', () => ({ pharmacyId, fulfilment: 'courier' }), 'PharmacyChosen');
  step(
    '14:02',
    'C',
    'DraftPrescription',
    (e) => ({ ...rx, rxnorm: '723', sig: 'two-times-a-day', quantity: 20, days: 10, citesResults: [e('FinalResultReceived')] }),
    'PrescriptionDrafted',
    'RxSafetyCheckRequested',
  );
  step(
    '14:02',
    'A',
    'RecordRxSafetyCheck',
    (e) => ({ ...rx, checkId: e('RxSafetyCheckRequested'), outcome: 'passed', databaseVersion: '2026-10' }),
    'RxSafetyCheckPassed',
  );
  step('14:03', 'C', 'SignPrescription', () => rx, 'PrescriptionSigned');
  step(
    '14:03',
    'A',
    'RecordRxTransmission',
    () => ({ ...rx, attempt: 1, outcome: 'succeeded', messageId: 'msg-1', scriptVersion: '2023011' }),
    'PrescriptionTransmitted',
  );
  step('14:04', 'A', 'RecordPharmacyStatus', () => ({ ...rx, status: 'verified', pharmacyId }), 'PrescriptionVerifiedByPharmacy');
}

function leaving(step: Step): void {
  step('14:08', 'V', 'EndVisit', of, 'VisitEnded', 'ChargeCaptured', 'CopayRequested');
  step(
    '14:08',
    'A',
    'RecordPayment',
    (e) => ({ chargeId: e('CopayRequested'), outcome: 'charged', cents: 2_500, paymentRef: 'pay-1' }),
    'CopayCharged',
  );
  step('14:10', 'V', 'LeaveHome', of, 'VisitorLeftHome', 'LoneWorkerTimerStopped');
  step('14:20', 'T', 'ShareVisitSummary', (e, ref) => ({ ...of(e), summaryRef: ref('visit summary') }), 'VisitSummaryShared');
}

function delivery(step: Step): void {
  const reported = (e: EntityOf, status: string) => ({
    deliveryId: e('DeliveryRequested'),
    leg: 1,
    status,
    vendor: 'courier',
    externalId: 'del_1',
  });
  step(
    '14:50',
    'A',
    'RecordDispense',
    () => ({ rxId: 'p1', outcome: 'dispensed', ndc: '00093-4150-73', quantity: 20, patientCents: 0 }),
    'MedicationDispensed',
    'DeliveryRequested',
  );
  step('14:52', 'A', 'RecordDeliveryStatus', (e) => reported(e, 'courier-assigned'), 'CourierAssigned');
  step('15:05', 'A', 'RecordDeliveryStatus', (e) => reported(e, 'picked-up'), 'DeliveryPickedUp');
  step('15:45', 'A', 'RecordDeliveryStatus', (e) => reported(e, 'at-door'), 'DeliveryArrivedAtDoor');
  step(
    '15:48',
    'A',
    'RecordDeliveryStatus',
    (e) => ({ ...reported(e, 'delivered'), recipientKind: 'adult', proofRef: 'proof-1' }),
    'DeliveryCompleted',
  );
}

function followUp(step: Step, at: At): void {
  const turn = (e: EntityOf, kind: string, revision: number) => ({ conversationId: e('ConsultQueued'), turn: kind, revision });
  const checkIn = (n: number) => ({ n, codedAnswers: { better: true } });
  step([2, '09:28'], 'T', 'SendCheckIn', () => ({ n: 1 }), 'CheckInSent');
  step([2, '12:00'], 'X', 'AnswerCheckIn', () => checkIn(1), 'CheckInAnswered');
  step([3, '10:00'], 'T', 'NoteConversationTurn', (e) => turn(e, 'patient', 5), 'FollowUpQuestionOpened');
  step([3, '11:00'], 'T', 'NoteConversationTurn', (e) => turn(e, 'clinician', 6), 'FollowUpQuestionAnswered');
  step([7, '09:28'], 'T', 'SendCheckIn', () => ({ n: 2 }), 'CheckInSent');
  step([7, '12:00'], 'X', 'AnswerCheckIn', () => checkIn(2), 'CheckInAnswered');
  step(
    [14, '09:28'],
    'T',
    'ElapseDeadline',
    () => ({ name: 'followup.end', entityId: 'window', dueAt: at('09:28', 14) }),
    'FollowUpWindowClosed',
    'ClosureRequested',
    'SurveyOffered',
    'JourneyClosed',
  );
  step([15, '10:00'], 'X', 'RecordSurvey', () => ({ scores: { overall: 5, ease: 4 } }), 'SurveyAnswered');
}
