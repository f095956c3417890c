import type { Role } from '../../domain/kernel/actor.ts';
import { minute } from '../../domain/kernel/time.ts';
import { anxiety } from '../../domain/templates/anxiety.ts';
import { must } from './consult-setting.ts';
import { calm, priced, questionnaire, start } from './intake-setting.ts';
import { sampleFacts } from './sample-facts.ts';
import { Story, type Told } from './story.ts';
import { at } from './visit-setting.ts';

/** A questionnaire whose answers are an emergency; everything else that is needed for acceptance is there. */
export const alarmed = (): Story => {
  const story = priced();
  must(story, 'X', 'GrantConsent', { scopes: ['treatment', 'telehealth'], textVersion: 1 });
  must(story, 'X', 'SubmitQuestionnaire', questionnaire({ ...calm, troubleBreathing: true }));
  return story;
};

/** An adult who asks for a talk about anxiety, at 22:00, and has answered nothing yet. */
export function anxious(): Story {
  const template = { template: anxiety };
  const story = new Story(at('22:00'), {
    pathway: { ...sampleFacts.pathway, ...template },
    start: { contract: sampleFacts.pathway.contract, ...template, onRoster: true, ageYears: 41 },
  });
  must(story, 'P', 'StartJourney', { ...start, templateId: 'anxiety', modality: 'video' });
  must(story, 'P', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'ref-identifiers' });
  return story;
}

export const well = { chestPain: false, troubleBreathing: false, selfHarmThoughts: false, fainted: false };
export const answered = (story: Story, answers: object): Told =>
  must(story, 'P', 'SubmitQuestionnaire', { version: 1, codedAnswers: { ...well, ...answers }, answersRef: 'ref-answers' });

export const caseIn = (story: Story) => ({ caseId: story.entityOf('EmergencyDeclared') });

/** Gives a command about the case, some minutes after the last one. */
export function act(story: Story, role: Role, command: string, data: object = {}, after = 0): Told {
  story.now += after * minute;
  return must(story, role, command, { ...caseIn(story), ...data });
}
export const call = (story: Story, reached: boolean, after = 0): Told => act(story, 'C', 'RecordEmergencyCall', { reached }, after);
export const refuseHelp = (story: Story, after = 0): Told =>
  act(story, 'C', 'RecordEmsRefusal', { refusalRef: 'ref-refusal', capacityStated: true }, after);
export const record = (story: Story, outcome: string, after = 0): Told => act(story, 'C', 'RecordEmergencyOutcome', { outcome }, after);

/** The case as it stands, open or over. */
export const caseState = ({ journey: { emergency } }: Story) => emergency.open ?? Object.values(emergency.ended).at(-1);
export const stands = (story: Story) => caseState(story)?.status;

/** The emergency's clocks, as the minutes from now to the breach. */
export const clocksIn = (story: Story): readonly (readonly [string, number])[] =>
  story
    .deadlines()
    .map((text) => text.split('@'))
    .filter(([name = '']) => name.startsWith('emergency.'))
    .map(([name = '', due = '']) => [name, (Date.parse(due) - story.now) / minute] as const);
