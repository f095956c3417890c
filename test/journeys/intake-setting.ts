import type { Facts } from '../../domain/journey/facts.ts';
import { firstDay } from './sample-facts.ts';
import { Story } from './story.ts';

export const start = {
  patientId: 'patient-1',
  employerId: 'employer-1',
  entryPoint: 'app',
  templateId: 'sore-throat',
  modality: 'async',
  zone: 'America/Los_Angeles',
};
export const place = { state: 'WA', areaKey: '98101', addressRef: 'ref-address' };
export const calm = { troubleBreathing: false, drooling: false, neckStiffness: false, cannotSwallow: false };
export const questionnaire = (answers: object) => ({ version: 2, codedAnswers: answers, answersRef: 'ref-answers' });

export const requested = (facts: Partial<Facts> = {}): Story => {
  const story = new Story(firstDay, facts);
  story.give('X', 'StartJourney', start);
  return story;
};

export const identified = (facts: Partial<Facts> = {}): Story => {
  const story = requested(facts);
  story.give('X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'ref-identifiers' });
  return story;
};

export const located = (facts: Partial<Facts> = {}): Story => {
  const story = identified(facts);
  story.give('T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' });
  story.give('X', 'AttestLocation', place);
  return story;
};

export const covered = (facts: Partial<Facts> = {}): Story => {
  const story = located(facts);
  story.give(
    'A',
    'RecordEligibility',
    { checkId: story.entityOf('EligibilityCheckRequested'), outcome: 'confirmed' },
    { who: 'eligibility' },
  );
  return story;
};

export const priced = (): Story => {
  const story = covered();
  story.give('X', 'QuotePrice', { groupId: 'group-1', offerVersion: 1 });
  story.give('X', 'AcceptPrice', { quoteId: story.entityOf('PriceQuoted') });
  return story;
};
