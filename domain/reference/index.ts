// Every stream that is not a journey, by category (domain reference 3.3).
import * as conversation from '../conversation/index.ts';
import type { Aggregate } from '../kernel/aggregate.ts';
import * as area from './area.ts';
import * as capacity from './capacity.ts';
import * as clinician from './clinician.ts';
import * as employer from './employer.ts';
import * as group from './group.ts';
import * as member from './member.ts';
import * as partner from './partner.ts';
import * as patient from './patient.ts';
import * as visitor from './visitor.ts';

/** What each category's events add up to. */
export interface States {
  readonly area: area.Area;
  readonly capacity: capacity.Capacity;
  readonly clinician: clinician.Clinician;
  readonly conversation: conversation.Conversation;
  readonly employer: employer.Employer;
  readonly group: group.Group;
  readonly member: member.Member;
  readonly partner: partner.Partner;
  readonly patient: patient.Patient;
  readonly visitor: visitor.Visitor;
}
export type Category = keyof States;

/** Every aggregate by its category. */
export const aggregates: { readonly [C in Category]: Aggregate<States[C]> } = {
  area: { category: 'area', ...area },
  capacity: { category: 'capacity', ...capacity },
  clinician: { category: 'clinician', ...clinician },
  conversation: { category: 'conversation', ...conversation },
  employer: { category: 'employer', ...employer },
  group: { category: 'group', ...group },
  member: { category: 'member', ...member },
  partner: { category: 'partner', ...partner },
  patient: { category: 'patient', ...patient },
  visitor: { category: 'visitor', ...visitor },
};

/** Name of a stream. */
export const streamOf = (category: string, id: string): string => `${category}-${id}`;

/** True for a category that holds one of these aggregates. */
export const isCategory = (category: string): category is Category => Object.hasOwn(aggregates, category);

/** Id of the stream that a command's data names; undefined where it names none, and the sender's word decides. */
export function targetIn(category: Category, data: unknown): string | undefined {
  const given = data as { readonly [key: string]: unknown };
  const id = category === 'capacity' ? capacityIn(given) : given[`${category}Id`];
  return typeof id === 'string' ? id : undefined;
}

function capacityIn({ slotId, areaId, date }: { readonly [key: string]: unknown }): string | undefined {
  if (typeof slotId === 'string') return capacity.capacityOf(slotId);
  return typeof areaId === 'string' && typeof date === 'string' ? `${areaId}_${date}` : undefined;
}
