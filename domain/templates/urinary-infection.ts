import { hour } from '../kernel/time.ts';
import { soreThroat } from './sore-throat.ts';
import type { Template } from './template.ts';

/** The states in which the pathway is open. */
const states = [
  ...['AZ', 'CA', 'CO', 'CT', 'FL', 'GA', 'IL', 'IN', 'IA', 'KS', 'KY', 'ME', 'MD', 'MA', 'MI', 'MN', 'MO'],
  ...['NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'OH', 'OR', 'PA', 'SC', 'TN', 'TX', 'UT', 'VA', 'WA', 'WI'],
];

/**
 * Urinary infection of women from 18 to 64: messages only, no test, a short antibiotic course that the patient picks up.
 *
 * The pathway treats an uncomplicated infection of the bladder. Fever or pain in the flank point to the kidney; pregnancy, a recent
 * hospital stay and a male patient make the infection a complicated one: then a clinician calls, and sees the patient by video
 * or in person. In women with typical complaints no urine test is needed before treatment. First choices are nitrofurantoin for
 * five days and trimethoprim-sulfamethoxazole for three (source for all of it: IDSA and ESCMID guideline on acute uncomplicated
 * cystitis and pyelonephritis in women, Clin Infect Dis 2011;52:e103). Medicines by their RxNorm ingredient.
 *
 * The promises are those of the sore-throat pathway, a published version that never changes, but for the reply clock.
 */
export const urinaryInfection: Template = {
  ...soreThroat,
  templateId: 'urinary-infection-async',
  version: 1,
  owner: 'clinical-owner-primary-care',
  effectiveFrom: Date.UTC(2026, 8, 1),
  condition: {
    code: 'urinary-infection',
    label: 'Urinary infection',
    synonyms: ['bladder infection', 'cystitis', 'UTI', 'burning when passing water'],
  },
  entryPoints: ['app', 'employerReferral', 'clinicianReferral'],
  questionnaire: {
    questionnaireId: 'urinary-infection-intake',
    versions: [1],
    items: [
      { item: 'fever', label: 'Have you had a fever or chills?' },
      { item: 'flankPain', label: 'Do you have pain in the side or the back, below the ribs?' },
      { item: 'pregnant', label: 'Are you pregnant, or could you be?' },
      { item: 'recentHospitalStay', label: 'Have you been in a hospital during the last three months?' },
      { item: 'bornFemale', label: 'Were you born female?' },
      { item: 'burning', label: 'Does it burn when you pass water?' },
      { item: 'daysIll', label: 'For how many days?' },
    ],
  },
  redFlags: [
    { ruleId: 'rf-fever', version: 1, severity: 'urgent', item: 'fever', equals: true },
    { ruleId: 'rf-flank-pain', version: 1, severity: 'urgent', item: 'flankPain', equals: true },
    { ruleId: 'rf-pregnancy', version: 1, severity: 'urgent', item: 'pregnant', equals: true },
    { ruleId: 'rf-recent-hospital-stay', version: 1, severity: 'urgent', item: 'recentHospitalStay', equals: true },
    { ruleId: 'rf-not-female', version: 1, severity: 'urgent', item: 'bornFemale', equals: false },
  ],
  eligibleAge: { from: 18, to: 64 },
  states,
  consultModalities: ['async'],
  redFlagModalities: ['video', 'clinicSite'],
  visitPlaces: ['clinicSite'],
  pointOfCareTests: [],
  medicines: [
    { rxnorm: '7454', label: 'Nitrofurantoin', handling: [] },
    { rxnorm: '10831', label: 'Sulfamethoxazole / trimethoprim', handling: [] },
  ],
  slaSet: {
    ...soreThroat.slaSet,
    clocks: { ...soreThroat.slaSet.clocks, 'async.first': 4 * hour, 'followup.group': 2 * hour, 'followup.reply': 4 * hour },
    notices: [
      ...soreThroat.slaSet.notices,
      { event: 'EligibilityDenied', kind: 'selfPayOffer', recipientRole: 'P', channel: 'push', textVersion: 1 },
      { event: 'MedicationReadyForPickup', kind: 'readyForPickup', recipientRole: 'P', channel: 'push', textVersion: 1 },
      { event: 'ReceiptIssued', kind: 'receipt', recipientRole: 'P', channel: 'push', textVersion: 1 },
    ],
  },
  consultCalendar: {
    calendarId: 'consults',
    version: 1,
    zone: 'America/Chicago',
    days: [1, 2, 3, 4, 5, 6, 7],
    fromHour: 7,
    toHour: 22,
  },
  selfPay: [
    {
      on: 'ConsultCompleted',
      code: '99421',
      stage: 'consult',
      modality: 'async',
      pos: '10',
      arrangement: 'selfPay',
      payer: 'patient',
      cents: 3_900,
      copayCents: 0,
    },
  ],
};
