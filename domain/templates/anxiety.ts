import { soreThroat } from './sore-throat.ts';
import type { Template } from './template.ts';

/** Anxiety or panic in adults: a talk first, no medicine. What feels like panic may be a heart, so that is asked first of all. */
export const anxiety: Template = {
  ...soreThroat,
  templateId: 'anxiety',
  version: 1,
  condition: { code: 'anxiety', label: 'Anxiety or panic', synonyms: ['worry', 'panic attack', 'palpitations'] },
  entryPoints: ['app', 'employerReferral', 'clinicianReferral'],
  questionnaire: {
    questionnaireId: 'anxiety-intake',
    versions: [1],
    items: [
      { item: 'chestPain', label: 'Is there pain, pressure or tightness in the chest now?' },
      { item: 'troubleBreathing', label: 'Is breathing difficult even at rest?' },
      { item: 'selfHarmThoughts', label: 'Have there been thoughts of self-harm or of suicide?' },
      { item: 'fainted', label: 'Has there been a faint since yesterday?' },
      { item: 'weeksWorried', label: 'For how many weeks has the worry lasted?' },
    ],
  },
  redFlags: [
    { ruleId: 'rf-chest-pain', version: 1, severity: 'emergency', item: 'chestPain', equals: true },
    { ruleId: 'rf-trouble-breathing', version: 1, severity: 'emergency', item: 'troubleBreathing', equals: true },
    { ruleId: 'rf-self-harm', version: 1, severity: 'crisis', item: 'selfHarmThoughts', equals: true },
    { ruleId: 'rf-fainted', version: 1, severity: 'urgent', item: 'fainted', equals: true },
  ],
  eligibleAge: { from: 18 },
  consultModalities: ['video', 'phone', 'async'],
  visitPlaces: [],
  pointOfCareTests: [],
  medicines: [],
};
