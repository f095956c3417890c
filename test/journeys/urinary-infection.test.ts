import { superState } from '../../domain/journey/super-state.ts';
import { day, hour } from '../../domain/kernel/time.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import { Template } from '../../domain/templates/template.ts';
import { urinaryInfection } from '../../domain/templates/urinary-infection.ts';
import { consultOf, must } from './consult-setting.ts';
import { Story } from './story.ts';
import { begin, facts, paid, plain, selfPaying, submit } from './urinary-setting.ts';
import { at, dataOf } from './visit-setting.ts';

describe('The pathway for a urinary infection', () => {
  test.each([soreThroat, urinaryInfection])('is well-formed data, like every other (%#)', (template) =>
    expect(Template.parse(template)).toEqual(template),
  );

  test('is open in at least 32 states, asks every question of its rules, and tests nothing', () => {
    const { states, redFlags, questionnaire, pointOfCareTests, controlledSubstances, consultModalities } = urinaryInfection;
    expect(new Set(states).size).toBeGreaterThanOrEqual(32);
    expect(redFlags.filter(({ item }) => !questionnaire.items.some((asked) => asked.item === item))).toEqual([]);
    expect([pointOfCareTests, controlledSubstances, consultModalities]).toEqual([[], 'none', ['async']]);
  });

  test.each([
    [17, 'age-outside-template'],
    [18, undefined],
    [64, undefined],
    [65, 'age-outside-template'],
  ])('at the age of %i answers %s', (ageYears, refusal) => {
    const story = new Story(at('09:00'), { ...facts, start: { ...facts.start, ageYears } });
    expect(story.give('P', 'StartJourney', begin).refusal).toBe(refusal);
  });

  test('promises a reply within four hours, the group before that', () => {
    const { clocks } = urinaryInfection.slaSet;
    expect([clocks['followup.reply'], clocks['async.first']]).toEqual([4 * hour, 4 * hour]);
    expect(clocks['followup.group']).toBeLessThan(clocks['followup.reply']);
  });

  test.each([
    ['fever', true],
    ['flankPain', true],
    ['pregnant', true],
    ['recentHospitalStay', true],
    ['bornFemale', false],
  ])('with %s %s calls, and sees the patient by video once the call was clear', (item, value) => {
    const story = selfPaying();
    expect(submit(story, { ...plain, [item]: value }).events).toEqual([
      'IntakeQuestionnaireCompleted',
      'RedFlagRaised',
      'EmergencyTextShown',
      'TaskOpened',
    ]);
    must(story, 'P', 'SubmitQuestionnaire', { version: 1, codedAnswers: plain, answersRef: 'ref-answers' });
    const told = story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'clear' });
    expect(told.events).toEqual(['TaskCompleted', 'JourneyAccepted', 'ConsultQueued']);
    expect(dataOf(told, 'ConsultQueued')).toMatchObject({ modality: 'video' });
    const change = (to: string) => story.give('P', 'ChangeModality', { ...consultOf(story), to, reason: 'preferred' }).refusal;
    expect([change('chat'), change('clinicSite')]).toEqual(['modality-not-offered', undefined]);
  });

  test('without a red flag is by messages alone', () => {
    const story = selfPaying();
    expect(dataOf(submit(story, plain), 'ConsultQueued')).toMatchObject({ modality: 'async' });
    expect(story.give('P', 'ChangeModality', { ...consultOf(story), to: 'video', reason: 'preferred' }).refusal).toBe(
      'modality-not-offered',
    );
  });
});

test('A urinary infection runs event for event from the request to the close: self-pay, own pharmacy, picked up', () => {
  const story = new Story(at('09:00'), facts);
  const rx = { rxId: 'p1' };
  const give = (time: string, role: 'P' | 'C' | 'A' | 'T', type: string, data: object, ...events: string[]) => {
    story.now = at(time);
    const told = story.give(role, type, data, role === 'A' ? { who: 'partner' } : {});
    expect([type, told.refusal, told.events]).toEqual([type, undefined, events]);
    return told;
  };
  give('09:00', 'P', 'StartJourney', begin, 'JourneyRequested');
  give('09:01', 'P', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r1' }, 'PatientIdentityVerified', 'ScreeningStarted');
  const home = { state: 'WA', areaKey: '98101', addressRef: 'r2' };
  give('09:02', 'P', 'AttestLocation', home, 'PatientLocationAttested', 'EligibilityCheckRequested');
  const denied = { checkId: story.entityOf('EligibilityCheckRequested'), outcome: 'denied' };
  give('09:02', 'A', 'RecordEligibility', denied, 'EligibilityDenied');
  give('09:03', 'P', 'QuotePrice', { groupId: 'group-1', offerVersion: 1 }, 'PriceQuoted');
  give('09:03', 'P', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') }, 'PriceAccepted');
  give('09:04', 'P', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 }, 'ConsentGranted');
  const answered = { version: 1, codedAnswers: plain, answersRef: 'r3' };
  const accepted = ['IntakeQuestionnaireCompleted', 'RedFlagScreenCleared', 'JourneyAccepted', 'ConsultQueued'];
  give('09:06', 'P', 'SubmitQuestionnaire', answered, ...accepted);
  const c1 = consultOf(story);
  give('09:20', 'C', 'ClaimConsult', c1, 'LicenceVerified', 'ConsultClaimed');
  give('09:20', 'C', 'StartConsult', c1, 'ConsultStarted');
  const turn = { conversationId: c1.consultId, turn: 'clinician', revision: 2 };
  give('09:21', 'T', 'NoteConversationTurn', turn, 'FirstResponseGiven');
  give('09:22', 'C', 'ConfirmAllergyList', { codedList: [] }, 'AllergyListConfirmed');
  give('09:22', 'C', 'ConfirmMedicationList', { codedList: [] }, 'MedicationListConfirmed');
  give('09:23', 'C', 'RecordAssessment', { ...c1, noteRef: 'r4', codedFindings: ['dysuria'] }, 'AssessmentRecorded');
  give('09:23', 'C', 'RecordDiagnosis', { icd10: 'N30.00', certainty: 'provisional' }, 'DiagnosisRecorded');
  give('09:24', 'C', 'DecideDisposition', { ...c1, level: 9, rationaleRef: 'r5' }, 'DispositionDecided');
  give('09:24', 'P', 'ChoosePharmacy', { pharmacyId: 'own-pharmacy', fulfilment: 'pickup' }, 'PharmacyChosen');
  const course = { kind: 'prescription', ...rx, rxnorm: '7454', sig: 'two-times-a-day', quantity: 10, days: 5 };
  give('09:25', 'C', 'PlaceOrders', { orders: [course] }, 'OrdersPlaced', 'PrescriptionDrafted', 'RxSafetyCheckRequested');
  const checked = { ...rx, checkId: story.entityOf('RxSafetyCheckRequested'), outcome: 'passed', databaseVersion: '2026-10' };
  give('09:25', 'A', 'RecordRxSafetyCheck', checked, 'RxSafetyCheckPassed');
  give('09:26', 'C', 'SignPrescription', rx, 'PrescriptionSigned');
  const sent = { ...rx, attempt: 1, outcome: 'succeeded', messageId: 'm1', scriptVersion: '2023011' };
  give('09:26', 'A', 'RecordRxTransmission', sent, 'PrescriptionTransmitted');
  const says = (status: string) => ({ ...rx, status, pharmacyId: 'own-pharmacy' });
  give('09:27', 'A', 'RecordPharmacyStatus', says('verified'), 'PrescriptionVerifiedByPharmacy');
  give('09:28', 'C', 'GiveAdvice', { kind: 'selfCare', textRef: 'r6' }, 'ClinicalAdviceGiven');
  const end = { ...c1, plannedOutcome: 'Resolved', summaryRef: 'r7' };
  const charged = give(
    '09:30',
    'C',
    'CompleteConsult',
    end,
    'ConsultCompleted',
    'FollowUpWindowOpened',
    'ChargeCaptured',
    'CopayRequested',
  );
  expect(dataOf(charged, 'ChargeCaptured')).toMatchObject({ arrangement: 'selfPay', payer: 'patient', cents: 3_900 });
  expect(dataOf(charged, 'CopayRequested')).toMatchObject({ cents: 3_900 });
  const chargeId = story.entityOf('CopayRequested');
  expect(story.effects('issue-receipt')).toEqual([]);
  expect(story.give('T', 'IssueReceipt', { chargeId, receiptRef: 'r8' }).refusal).toBe('not-allowed-in-state');
  give('09:30', 'A', 'RecordPayment', { chargeId, outcome: 'charged', cents: 3_900, paymentRef: 'pay-1' }, 'CopayCharged');
  expect(story.effects('issue-receipt')).toMatchObject([{ entityId: chargeId }]);
  const issued = give('09:31', 'T', 'IssueReceipt', { chargeId, receiptRef: 'r8' }, 'ReceiptIssued');
  expect(dataOf(issued, 'ReceiptIssued')).toEqual({ chargeId, cents: 3_900, receiptRef: 'r8' });
  expect(story.effects('issue-receipt')).toEqual([]);
  expect(story.give('B', 'IssueReceipt', { chargeId, receiptRef: 'r8' })).toMatchObject({ events: [], refusal: undefined });
  expect(story.give('B', 'IssueReceipt', { chargeId: 'other', receiptRef: 'r8' }).refusal).toBe('entity-unknown');
  give('10:30', 'A', 'RecordPharmacyStatus', says('ready'), 'MedicationReadyForPickup');
  expect(superState(story.journey)).toBe('InCare');
  give('12:10', 'A', 'RecordPharmacyStatus', says('picked-up'), 'MedicationPickedUp');
  expect([story.journey.prescription.byId['p1']?.status, superState(story.journey)]).toEqual(['InHand', 'FollowUp']);

  const ended = story.elapse('followup.end');
  expect(story.now).toBe(at('09:30') + 14 * day);
  expect(ended.events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
  expect(story.journey.closing.closed).toMatchObject({ outcome: 'Resolved', resolvedBy: 'clinician-1' });
  const types = story.happened.map(({ type }) => type);
  for (const never of ['SlaBreached', 'DeliveryRequested', 'VisitRequested', 'LabOrderDrafted', 'EligibilityConfirmed'])
    expect(types).not.toContain(never);
});

test('A receipt is still owed after the journey has closed', () => {
  const story = paid();
  story.elapse('followup.end');
  expect(superState(story.journey)).toBe('Closed');
  expect(story.effects('issue-receipt')).toHaveLength(1);
  const issue = { chargeId: story.entityOf('CopayRequested'), receiptRef: 'r8' };
  expect(story.give('T', 'IssueReceipt', issue).events).toEqual(['ReceiptIssued']);
});
