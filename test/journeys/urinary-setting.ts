import { urinaryInfection } from '../../domain/templates/urinary-infection.ts';
import { consultOf, must } from './consult-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story, type Told } from './story.ts';
import { at } from './visit-setting.ts';

const { contract } = sampleFacts.pathway;
const { majorityOn: _grown, ...adult } = sampleFacts.start;
export const facts = {
  pathway: { template: urinaryInfection, contract },
  start: { ...adult, template: urinaryInfection, ageYears: 34 },
  pharmacy: { ...sampleFacts.pharmacy, capabilities: ['pickup'] },
};
const start = { patientId: 'patient-1', employerId: 'employer-1', entryPoint: 'app', modality: 'async', zone: 'America/Los_Angeles' };
export const begin = { ...start, templateId: urinaryInfection.templateId };
export const plain = {
  fever: false,
  flankPain: false,
  pregnant: false,
  recentHospitalStay: false,
  bornFemale: true,
  burning: true,
  daysIll: 2,
};

/** A woman who has answered everything but the questionnaire, and pays alone. */
export const selfPaying = (): Story => {
  const story = new Story(at('09:00'), facts);
  must(story, 'P', 'StartJourney', begin);
  must(story, 'P', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'ref-identifiers' });
  must(story, 'P', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'ref-address' });
  must(story, 'P', 'QuotePrice', { groupId: 'group-1', offerVersion: 1, arrangement: 'selfPay' });
  must(story, 'P', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') });
  must(story, 'P', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
  return story;
};
export const submit = (story: Story, answers: object): Told =>
  story.give('P', 'SubmitQuestionnaire', { version: 1, codedAnswers: answers, answersRef: 'ref-answers' });

/** The same woman after her consult, for which she has paid. */
export const paid = (): Story => {
  const story = selfPaying();
  submit(story, plain);
  must(story, 'C', 'ClaimConsult', consultOf(story));
  must(story, 'C', 'StartConsult', consultOf(story));
  must(story, 'C', 'DecideDisposition', { ...consultOf(story), level: 9, rationaleRef: 'r' });
  must(story, 'C', 'CompleteConsult', { ...consultOf(story), plannedOutcome: 'SelfCare', summaryRef: 'r' });
  const chargeId = story.entityOf('CopayRequested');
  must(story, 'A', 'RecordPayment', { chargeId, outcome: 'charged', cents: 3_900 }, 'payment');
  return story;
};
