import { superState } from '../../domain/journey/super-state.ts';
import {
  amoxicillin,
  checkOf,
  clockTime,
  drafted,
  inTreatment,
  pharmacySays,
  readyToSign,
  signed,
  statusOfRx,
  verified,
  withLists,
} from './prescription-story.ts';
import { sampleFacts } from './sample-facts.ts';

const p1 = { rxId: 'p1' };
const unlicensed = { clinician: { ...sampleFacts.clinician, licences: [] } };

describe('Confirming the lists', () => {
  it('gives each list a version of its own and says who confirmed it', () => {
    const story = withLists();
    const told = story.give('V', 'ConfirmAllergyList', { codedList: ['7980'] });
    expect(told.events).toEqual(['AllergyListConfirmed']);
    expect(told.decided.events[0]?.data).toEqual({ listVersion: 2, codedList: ['7980'], by: 'visitor-1' });
    expect(story.journey.prescription.medications?.version).toBe(1);
  });

  it('needs a licence of a clinician, and none of a visitor', () => {
    const story = inTreatment().know(unlicensed);
    const told = story.give('C', 'ConfirmMedicationList', { codedList: [] });
    expect([told.refusal, ...told.events]).toEqual(['licence-not-valid-here', 'ClinicalActRefused']);
    expect(story.give('V', 'ConfirmMedicationList', { codedList: [] }).refusal).toBeUndefined();
  });

  it('keeps the licence on which a clinician acted', () => {
    const told = inTreatment().give('C', 'ConfirmAllergyList', { codedList: [] });
    expect(told.decided.events[0]?.data.licenceBasis?.licenceId).toBe('lic-wa');
  });
});

describe('Choosing a pharmacy', () => {
  const choice = { pharmacyId: 'pharmacy-1', fulfilment: 'courier' };

  it('keeps the choice with what the pharmacy can do', () => {
    const told = inTreatment().give('X', 'ChoosePharmacy', choice);
    expect(told.events).toEqual(['PharmacyChosen']);
    expect(told.decided.events[0]?.data).toMatchObject({ ...choice, capabilities: ['courier'], chosenBy: 'parent-1' });
  });

  it('is refused for a pharmacy that nobody knows', () => {
    const story = inTreatment().know({ pharmacy: { known: false, capabilities: [] } });
    expect(story.give('P', 'ChoosePharmacy', choice).refusal).toBe('entity-unknown');
  });

  it('completes the task that asked for a choice', () => {
    const story = verified();
    pharmacySays(story, 'stock-out');
    expect(story.give('X', 'ChoosePharmacy', { ...choice, pharmacyId: 'pharmacy-2' }).events).toEqual(['PharmacyChosen', 'TaskCompleted']);
  });

  it('changes how a live prescription comes, not the pharmacy that has it', () => {
    const story = signed();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
    expect(story.journey.prescription.byId.p1).toMatchObject({ pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-2', fulfilment: 'courier' });
    expect(story.journey.prescription.byId.p1).toMatchObject({ pharmacyId: 'pharmacy-1', fulfilment: 'pickup' });
  });
});

describe('Drafting', () => {
  it('asks for a safety check in the same decision', () => {
    const story = drafted();
    expect(statusOfRx(story)).toBe('SafetyChecking');
    expect(superState(story.journey)).toBe('InCare');
    expect(story.effects('check-rx-safety')).toEqual([
      { id: `rx-check.${checkOf(story)}`, attempt: 1, kind: 'check-rx-safety', entityId: 'p1' },
    ]);
  });

  it('is refused until both lists are confirmed (R-15)', () => {
    const story = inTreatment();
    story.give('C', 'ConfirmAllergyList', { codedList: [] });
    expect(story.give('C', 'DraftPrescription', amoxicillin).refusal).toBe('list-not-confirmed');
  });

  it('takes lists of 24 hours, and none that are older', () => {
    const story = withLists();
    story.now = clockTime('38:01');
    expect(story.give('C', 'DraftPrescription', amoxicillin).refusal).toBeUndefined();
    story.now += 1;
    expect(story.give('C', 'DraftPrescription', { ...amoxicillin, rxId: 'p2' }).refusal).toBe('list-not-confirmed');
  });

  it.each([
    ['a medicine that the pathway does not allow', { ...amoxicillin, rxnorm: '7804' }],
    ['a controlled substance', { ...amoxicillin, schedule: 'II' }],
  ])('refuses %s, and leaves a trace', (_what, order) => {
    const told = withLists().give('C', 'DraftPrescription', order);
    expect([told.refusal, ...told.events]).toEqual(['scope-exceeded', 'ClinicalActRefused']);
  });

  it('is refused while a twin is live, for the same medicine or the one to be replaced (I-7)', () => {
    const story = signed();
    expect(story.give('C', 'DraftPrescription', { ...amoxicillin, rxId: 'p2' }).refusal).toBe('live-twin');
    const other = { template: { ...sampleFacts.pathway.template, medicines: [{ rxnorm: '18631', label: 'Azithromycin', handling: [] }] } };
    story.know({ pathway: { ...sampleFacts.pathway, ...other } });
    expect(story.give('C', 'DraftPrescription', { ...amoxicillin, rxId: 'p2', rxnorm: '18631', replaces: 'p1' }).refusal).toBe('live-twin');
    expect(story.give('C', 'DraftPrescription', { ...amoxicillin, rxId: 'p2', rxnorm: '18631' }).refusal).toBeUndefined();
  });

  it('is allowed again once the twin has ended', () => {
    const story = verified();
    pharmacySays(story, 'transferred');
    expect(story.give('C', 'DraftPrescription', { ...amoxicillin, rxId: 'p2', replaces: 'p1' }).refusal).toBeUndefined();
  });

  it('is refused under an id that is taken, and as a replacement of nothing', () => {
    expect(drafted().give('C', 'DraftPrescription', amoxicillin).refusal).toBe('not-allowed-in-state');
    expect(withLists().give('C', 'DraftPrescription', { ...amoxicillin, replaces: 'p9' }).refusal).toBe('entity-unknown');
  });

  it('is refused without a licence where the patient is (R-20)', () => {
    expect(withLists().know(unlicensed).give('C', 'DraftPrescription', amoxicillin).refusal).toBe('licence-not-valid-here');
  });
});

describe('Signing', () => {
  it('is refused until the patient has chosen a pharmacy', () => {
    const story = withLists();
    story.give('C', 'DraftPrescription', amoxicillin);
    readyToSign(story);
    expect(story.give('C', 'SignPrescription', p1).refusal).toBe('pharmacy-not-chosen');
  });

  it('sends to where the patient wants it at that moment', () => {
    const story = readyToSign();
    story.give('X', 'ChoosePharmacy', { pharmacyId: 'pharmacy-2', fulfilment: 'pickup' });
    expect(story.give('C', 'SignPrescription', p1).events).toEqual(['PrescriptionSigned']);
    expect(story.journey.prescription.byId.p1).toMatchObject({ status: 'Signed', pharmacyId: 'pharmacy-2', fulfilment: 'pickup' });
  });

  it('is refused for the second of two drafts of the same medicine (I-7)', () => {
    const story = drafted();
    const first = checkOf(story);
    story.give('C', 'DraftPrescription', { ...amoxicillin, rxId: 'p2' });
    story.give('A', 'RecordRxSafetyCheck', { rxId: 'p2', checkId: checkOf(story), outcome: 'passed' });
    story.give('A', 'RecordRxSafetyCheck', { ...p1, checkId: first, outcome: 'passed' });
    expect(story.give('C', 'SignPrescription', { rxId: 'p2' }).events).toEqual(['PrescriptionSigned']);
    expect(story.give('C', 'SignPrescription', p1).refusal).toBe('live-twin');
  });

  it('happens once, and to what exists', () => {
    expect(signed().give('C', 'SignPrescription', p1).refusal).toBe('not-allowed-in-state');
    expect(signed().give('C', 'SignPrescription', { rxId: 'p9' }).refusal).toBe('entity-unknown');
  });
});
