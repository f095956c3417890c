// Who is enrolled with which employer since when: the population behind an employer's figures.
import type { Instant } from '../domain/kernel/time.ts';
import type { RosterRow } from '../domain/reference/member.ts';
import type { View } from './view.ts';

interface Enrolled {
  readonly patient: string;
  readonly effectiveOn: Instant;
}

export const roster: View<Readonly<Record<string, Enrolled>>> = {
  name: 'roster',
  version: 1,
  streams: ['member-'],
  table: { columns: { effective_on: 'bigint' }, key: ['tenant'], indexes: ['(tenant, effective_on)'] },
  rowsAre: 'replaced',
  initial: {},
  fold: (enrolments, { type, data }) => {
    if (type !== 'MemberEnrolled' && type !== 'DependantLinked') return enrolments;
    const { employerId, patientId, effectiveOn } = data as RosterRow;
    return { ...enrolments, [employerId]: { patient: patientId, effectiveOn } };
  },
  rows: (enrolments) =>
    Object.entries(enrolments).map(([tenant, { patient, effectiveOn }]) => ({ tenant, patient, effective_on: effectiveOn })),
};
