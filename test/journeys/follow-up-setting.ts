import type { Facts } from '../../domain/journey/facts.ts';
import { isoOf } from '../../domain/kernel/calendar.ts';
import type { Instant } from '../../domain/kernel/time.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import type { SlaSet } from '../../domain/templates/template.ts';
import { Story, type Told } from './story.ts';
import { at, happens } from './visit-setting.ts';

export const consultId = 'consult-1';
/** The window of a consult that was completed at 09:28 of the first day ends here. */
export const windowEnd = at('09:28', 14);

interface Setting {
  readonly level?: number;
  readonly completedAt?: Instant;
  readonly zone?: string;
  readonly slaSet?: Partial<SlaSet>;
  readonly facts?: Partial<Facts>;
}

/** A consult under way in which a clinician has decided. */
export function inConsult({ level = 6, completedAt = at('09:28'), zone = 'America/Los_Angeles', slaSet, facts }: Setting = {}): Story {
  const story = new Story(completedAt, facts);
  const consult = { consultId, clinicianId: 'clinician-1', groupId: 'group-1', modality: 'async' } as const;
  return happens(
    story,
    {
      type: 'JourneyRequested',
      data: {
        patientId: 'patient-1',
        employerId: 'employer-1',
        entryPoint: 'app',
        templateId: 'sore-throat',
        templateVersion: 3,
        modality: 'async',
        requesterKind: 'proxy',
        zone,
        slaSet: { ...soreThroat.slaSet, ...slaSet },
      },
    },
    { type: 'ScreeningStarted', data: {} },
    { type: 'PatientLocationAttested', data: { state: 'WA', areaKey: '98101', addressRef: 'address-1', reportedBy: 'parent-1' } },
    { type: 'JourneyAccepted', data: { firstStep: 'consult' } },
    { type: 'ConsultQueued', data: { consultId, modality: 'async', priority: 'routine', reasonCode: 'sore-throat' } },
    { type: 'ConsultClaimed', data: consult },
    { type: 'ConsultStarted', data: consult },
    { type: 'DispositionDecided', data: { dispositionId: 'd1', level, rationaleRef: 'r1', latestStartAt: completedAt + 1, consultId } },
  );
}

/** A journey whose only consult has been completed: nothing but the follow-up window is open. */
export function consulted(setting: Setting = {}): Story {
  const story = inConsult(setting);
  const told = story.give('C', 'CompleteConsult', { consultId, plannedOutcome: 'Resolved', summaryRef: 'summary-1' });
  expect(told.events).toEqual(['ConsultCompleted', 'FollowUpWindowOpened', 'ChargeCaptured']);
  return story;
}

/** The conversation of the consult changes its turn. */
export const turn = (story: Story, whose: 'patient' | 'clinician' | 'clinicianAsks', revision: number): Told =>
  story.give('T', 'NoteConversationTurn', {
    conversationId: consultId,
    turn: whose,
    revision,
    ...(whose !== 'patient' && { clinicianId: 'clinician-1' }),
  });

/** The same journey after its window has ended without a question. */
export function closed(setting: Setting = {}): Story {
  const story = consulted(setting);
  expect(story.elapse('followup.end').events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered', 'JourneyClosed']);
  return story;
}

/** A deadline that must stand at this instant. */
export const standing = (name: string, due: Instant): string => `${name}@${isoOf(due)}`;
