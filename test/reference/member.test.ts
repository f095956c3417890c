import { foldAll } from '../../domain/kernel/aggregate.ts';
import { day } from '../../domain/kernel/time.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { enrol, enrolmentAt, events, initial, type Member, type RosterRow } from '../../domain/reference/member.ts';
import { noon } from './scenario.ts';

const origin = { importId: 'i1', employerId: 'e1', rowNo: 1 };
const employee: RosterRow = { memberId: 'm1', patientId: 'p1', employerId: 'e1', relationship: 'self', effectiveOn: noon };
const child: RosterRow = { ...employee, memberId: 'm2', patientId: 'p2', relationship: 'child', subscriberId: 'p1', guardianIds: ['p1'] };

function take(member: Member, row: RosterRow) {
  const decision = enrol(member, row, origin);
  for (const { type, data } of decision.events) events[type].parse(data);
  const happened = decision.events.map((event, i) => ({
    ...event,
    id: `${i}`,
    occurredAt: noon,
    commandId: 'c',
    commandType: 'ImportRoster',
    actor: { kind: 'partner', id: 'hr', role: 'A' } as const,
  }));
  return {
    types: decision.events.map(({ type }) => type),
    data: decision.events[0]?.data,
    member: foldAll({ ...aggregates.member, initial: member }, happened),
  };
}

describe('a row of a roster', () => {
  test('enrols an employee from the day on which it takes effect', () => {
    const { types, member } = take(initial, employee);
    expect(types).toEqual(['MemberEnrolled']);
    expect(enrolmentAt(member, 'e1', noon - 1)).toBeUndefined();
    expect(enrolmentAt(member, 'e1', noon)).toMatchObject({ memberId: 'm1', relationship: 'self' });
    expect(enrolmentAt(member, 'e2', noon)).toBeUndefined();
  });

  test('links a dependant to the employee and names the guardians', () => {
    const { types, member } = take(initial, child);
    expect(types).toEqual(['DependantLinked']);
    expect(enrolmentAt(member, 'e1', noon)).toMatchObject({ subscriberId: 'p1', guardianIds: ['p1'] });
  });

  test('changes nothing the second time, and replaces what it contradicts', () => {
    const { member } = take(initial, child);
    expect(take(member, child).types).toEqual([]);
    expect(enrolmentAt(take(member, { ...child, guardianIds: ['p3'] }).member, 'e1', noon)?.guardianIds).toEqual(['p3']);
    expect(enrolmentAt(take(member, { ...child, effectiveOn: noon + day }).member, 'e1', noon)).toBeUndefined();
  });

  test('of another employer is refused and enrols nobody', () => {
    const { types, data, member } = take(initial, { ...employee, employerId: 'e2' });
    expect(types).toEqual(['RosterRowRefused']);
    expect(data).toMatchObject({ reason: 'other-employer', employerId: 'e1' });
    expect(member.enrolments.size).toBe(0);
  });

  test('of a dependant without an employee is refused', () => {
    const { subscriberId: _none, ...orphan } = child;
    expect(take(initial, orphan).data).toMatchObject({ reason: 'subscriber-missing' });
  });
});
