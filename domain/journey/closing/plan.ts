import type { StagePlan } from '../../kernel/plan.ts';
import { clock } from '../clocks.ts';
import type { Elapse } from '../stage.ts';
import type { Journey } from '../state.ts';

/** The survey runs on after the journey closed, and so does a service recovery until somebody starts it. */
export function plan(journey: Journey): StagePlan {
  const { survey, recoveries } = journey.closing;
  const unstarted = Object.entries(recoveries).filter(([, { started }]) => !started);
  const starts = unstarted.map(([entityId, { dueAt }]) => ({ name: 'recovery.start', entityId, dueAt }));
  if (survey?.status !== 'offered') return { deadlines: starts, effects: [] };
  const reminder = { name: 'survey.remind', entityId: 'survey', dueAt: survey.at + clock(journey, 'survey.remind') };
  const end = { name: 'survey.end', entityId: 'survey', dueAt: survey.at + clock(journey, 'survey.end') };
  return { deadlines: [...starts, ...(survey.reminded ? [] : [reminder]), end], effects: [] };
}

const about = ({ closing: { survey } }: Journey) => ({ instrument: survey?.instrument ?? '', version: survey?.version ?? 1 });

export const elapse: Elapse = {
  'survey.remind': (journey) => [{ type: 'SurveyReminded', data: about(journey) }],
  'survey.end': (journey) => [{ type: 'SurveyExpired', data: about(journey) }],
};
