// Every stream that is not a journey, by category (domain reference 3.3).

import type { Conversation } from '../conversation/index.ts';
import * as conversation from '../conversation/index.ts';
import type { Aggregate } from '../kernel/aggregate.ts';
import type { Area } from './area.ts';
import * as area from './area.ts';
import * as capacity from './capacity.ts';
import { type Capacity, capacityOf } from './capacity.ts';
import type { Clinician } from './clinician.ts';
import * as clinician from './clinician.ts';
import type { Employer } from './employer.ts';
import * as employer from './employer.ts';
import type { Group } from './group.ts';
import * as group from './group.ts';
import type { Member } from './member.ts';
import * as member from './member.ts';
import type { Partner } from './partner.ts';
import * as partner from './partner.ts';
import type { Patient } from './patient.ts';
import * as patient from './patient.ts';
import type { Visitor } from './visitor.ts';
import * as visitor from './visitor.ts';

/** What each category's events add up to. */
export interface States {
  readonly area: Area;
  readonly capacity: Capacity;
  readonly clinician: Clinician;
  readonly conversation: Conversation;
  readonly employer: Employer;
  readonly group: Group;
  readonly member: Member;
  readonly partner: Partner;
  readonly patient: Patient;
  readonly visitor: Visitor;
}
export type Category = keyof States;

const aggregate = <State>(parts: Aggregate<State>): Aggregate<State> => parts;

/** Every aggregate by its category. */
export const aggregates: { readonly [C in Category]: Aggregate<States[C]> } = {
  area: aggregate({ category: 'area', ...area }),
  capacity: aggregate({ category: 'capacity', ...capacity }),
  clinician: aggregate({ category: 'clinician', ...clinician }),
  conversation: aggregate({ category: 'conversation', ...conversation }),
  employer: aggregate({ category: 'employer', ...employer }),
  group: aggregate({ category: 'group', ...group }),
  member: aggregate({ category: 'member', ...member }),
  partner: aggregate({ category: 'partner', ...partner }),
  patient: aggregate({ category: 'patient', ...patient }),
  visitor: aggregate({ category: 'visitor', ...visitor }),
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
  if (typeof slotId === 'string') return capacityOf(slotId);
  return typeof areaId === 'string' && typeof date === 'string' ? `${areaId}_${date}` : undefined;
}
