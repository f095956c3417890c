// What rosters say of one person (domain reference 3.3 and 5.16). The rows come with ImportRoster, a command of the employer.
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already, type Decision } from '../kernel/decision.ts';
import { At, Code, type EventOf, type EventSchemas, event, type Happened, Id } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';

/** One line of a roster file. The person's stream is named by `patientId`; `memberId` is the employer's own number. */
export const RosterRow = z.strictObject({
  memberId: Id,
  patientId: Id,
  employerId: Id,
  /** The employee through whom a dependant is on the roster. */
  subscriberId: Id.optional(),
  relationship: z.enum(['self', 'child', 'spouse']),
  /** Who may act for a minor. */
  guardianIds: z.array(Id).max(10).optional(),
  effectiveOn: At,
});
export type RosterRow = z.output<typeof RosterRow>;

// --- events

const row = { importId: Id, rowNo: z.int().min(1) };

/** On the member's stream; on the employer's where the row names no person. */
export const RosterRowRefused = event(
  { ...row, employerId: Id, memberId: Id.optional(), effectiveOn: At.optional(), reason: Code },
  'memberId',
);

export const events = {
  MemberEnrolled: event({ ...row, ...RosterRow.shape, relationship: z.literal('self') }, 'memberId'),
  DependantLinked: event({ ...row, ...RosterRow.shape, subscriberId: Id, relationship: z.enum(['child', 'spouse']) }, 'memberId'),
  RosterRowRefused,
} satisfies EventSchemas;
type MemberEvent = EventOf<typeof events>;

// --- state

/** What one employer's roster says of the person. */
export interface Enrolment {
  readonly memberId: string;
  readonly relationship: RosterRow['relationship'];
  readonly subscriberId?: string;
  readonly guardianIds: readonly string[];
  readonly effectiveOn: Instant;
}
export interface Member {
  readonly enrolments: ReadonlyMap<string, Enrolment>;
}
export const initial: Member = { enrolments: new Map() };

export function evolve(member: Member, { type, data }: Happened<MemberEvent>): Member {
  if (type === 'RosterRowRefused') return member;
  return { enrolments: new Map(member.enrolments).set(data.employerId, enrolmentOf(data)) };
}

// --- decisions

export const commands = {} satisfies CommandSpecs;
export const decide: Decisions<typeof commands, Member, MemberEvent> = {};

/** Where a row stands: the import it came with, whose import that is, and its number in the file. */
export interface RowOrigin {
  readonly importId: string;
  readonly employerId: string;
  readonly rowNo: number;
}

/** Takes one row of a roster into the person's history. The same row again changes nothing. */
export function enrol(member: Member, roster: RosterRow, { importId, employerId, rowNo }: RowOrigin): Decision<MemberEvent> {
  const { relationship, subscriberId, memberId, effectiveOn } = roster;
  const refused = (reason: string): Decision<MemberEvent> =>
    accept({ type: 'RosterRowRefused', data: { importId, rowNo, employerId, memberId, effectiveOn, reason } });
  if (roster.employerId !== employerId) return refused('other-employer');
  if (sameAs(member.enrolments.get(employerId), enrolmentOf(roster))) return already;
  if (relationship === 'self') return accept({ type: 'MemberEnrolled', data: { ...roster, relationship, importId, rowNo } });
  if (subscriberId === undefined) return refused('subscriber-missing');
  return accept({ type: 'DependantLinked', data: { ...roster, relationship, subscriberId, importId, rowNo } });
}

/** The person's place on this employer's roster at an instant. */
export function enrolmentAt(member: Member, employerId: string, at: Instant): Enrolment | undefined {
  const enrolment = member.enrolments.get(employerId);
  return enrolment && enrolment.effectiveOn <= at ? enrolment : undefined;
}

const enrolmentOf = ({ memberId, relationship, subscriberId, guardianIds, effectiveOn }: RosterRow): Enrolment => ({
  memberId,
  relationship,
  guardianIds: guardianIds ?? [],
  effectiveOn,
  ...(subscriberId !== undefined && { subscriberId }),
});

const sameAs = (a: Enrolment | undefined, b: Enrolment): boolean =>
  a !== undefined &&
  a.memberId === b.memberId &&
  a.relationship === b.relationship &&
  a.subscriberId === b.subscriberId &&
  a.effectiveOn === b.effectiveOn &&
  a.guardianIds.join() === b.guardianIds.join();
