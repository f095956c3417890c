// From the door, or the desk of a site, to the summary of the visit.
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept, already, refuse } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import { type Instant, minute } from '../../kernel/time.ts';
import { clock } from '../clocks.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import { IdentifierKinds } from '../intake/events.ts';
import type { Journey } from '../state.ts';
import { taskOpened } from '../work/decide.ts';
import { visitAborted } from './booking.ts';
import { Attempts } from './events.ts';
import { inHome, onVisit } from './on-visit.ts';
import { goesToPatient, hasLeft, type Visit } from './visit.ts';

const visit = { visitId: Id };

export const commands = {
  CheckInAtSite: { roles: ['V', 'P', 'X'], data: z.strictObject(visit) },
  RecordDoorOutcome: { roles: ['V'], data: z.strictObject({ ...visit, answered: z.boolean(), channel: Code.optional() }) },
  RecordNoShow: { roles: ['V'], data: z.strictObject({ ...visit, attempts: Attempts, waitedMin: z.int().min(0).max(600) }) },
  IdentifyPatientAtVisit: { roles: ['V'], data: z.strictObject({ ...visit, identifierKinds: IdentifierKinds, matches: z.boolean() }) },
  StartVisit: { roles: ['V'], data: z.strictObject(visit) },
  SkipVisitTask: { roles: ['V', 'C'], data: z.strictObject({ ...visit, taskRef: Id, reason: Code }) },
  EndVisit: { roles: ['V'], data: z.strictObject(visit) },
  ShareVisitSummary: { roles: ['V', 'C', 'T'], data: z.strictObject({ ...visit, summaryRef: Ref }) },
} satisfies CommandSpecs<FactName>;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  CheckInAtSite: (journey, command, { at }) =>
    onVisit(journey, command, ['Scheduled'], (known) => {
      if (goesToPatient(known)) return refuse('not-allowed-in-state');
      const placeVerification = command.actor.role === 'V' ? 'site-staff' : 'self';
      return accept({ type: 'PatientCheckedIn', data: { ...command.data, at, placeVerification } });
    }),

  RecordDoorOutcome: (journey, command) =>
    inHome(journey, command, ({ status, doorAttempts }) => {
      const { answered, ...data } = command.data;
      if (status !== 'Arrived') return refuse('not-allowed-in-state');
      return accept({ type: answered ? 'DoorAnswered' : 'DoorUnanswered', data: { ...data, attempt: doorAttempts + 1 } });
    }),

  // after the first a new window is looked for; from the second on a clinician looks at the risk first.
  RecordNoShow: (journey, command, { at, newId }) =>
    onVisit(journey, command, ['Scheduled', 'Arrived'], (known) => {
      const { visitId, attempts, waitedMin } = command.data;
      if (goesToPatient(known) !== (known.status === 'Arrived')) return refuse('not-allowed-in-state');
      const arrivedAt = waitingSince(known);
      if (!isProven(journey, known, { ...command.data, arrivedAt, at })) return refuse('no-show-not-proven');
      const n = Object.values(journey.visit.byId).filter(({ status }) => status === 'NoShow').length + 1;
      return accept(
        { type: 'PatientNoShowRecorded', data: { visitId, arrivedAt, attempts, waitedMin, n } },
        taskOpened(journey, n === 1 ? 'rebook' : 'riskReview', { taskId: newId('task'), at, cites: [visitId] }),
      );
    }),

  IdentifyPatientAtVisit: (journey, command) =>
    onVisit(journey, command, ['Arrived', 'AtDoor'], (known) => {
      const { visitId, identifierKinds, matches } = command.data;
      if (goesToPatient(known) && (known.status !== 'AtDoor' || hasLeft(known))) return refuse('not-allowed-in-state');
      if (new Set(identifierKinds).size < 2) return refuse('identifiers-missing');
      const compared = { visitId, identifierKinds };
      if (matches) return accept({ type: 'PatientIdentifiedAtVisit', data: compared });
      return accept<JourneyEvent>({ type: 'IdentityMismatchFound', data: compared }, ...visitAborted(visitId, [], 'identity'));
    }),

  StartVisit: (journey, command) =>
    onVisit(journey, command, ['Arrived', 'AtDoor', 'IdentityConfirmed'], (known) => {
      if (known.status !== 'IdentityConfirmed') return refuse('identity-not-confirmed');
      return hasLeft(known) ? refuse('not-allowed-in-state') : accept({ type: 'VisitStarted', data: command.data });
    }),

  SkipVisitTask: (journey, command) =>
    onVisit(journey, command, ['InProgress'], ({ tasks, openTasks }) => {
      const { taskRef } = command.data;
      if (!tasks.some((task) => task.taskRef === taskRef)) return refuse('entity-unknown');
      return openTasks.includes(taskRef) ? accept({ type: 'VisitTaskSkipped', data: command.data }) : refuse('not-allowed-in-state');
    }),

  EndVisit: (journey, command) =>
    onVisit(journey, command, ['InProgress'], ({ openTasks }) =>
      accept({ type: 'VisitEnded', data: { ...command.data, openTasks: [...openTasks] } }),
    ),

  ShareVisitSummary: (journey, command) =>
    onVisit(journey, command, ['Completed', 'PartiallyCompleted'], ({ summaryRef }) => {
      if (summaryRef === command.data.summaryRef) return already;
      return summaryRef ? refuse('not-allowed-in-state') : accept({ type: 'VisitSummaryShared', data: command.data });
    }),
};

/** Since when somebody waits for the patient: the arrival at the home, and at a site the end of the window in which the patient may come. */
const waitingSince = (known: Visit): Instant => (goesToPatient(known) ? known.arrivedAt : known.slot?.window.to) ?? 0;

interface Claimed {
  readonly attempts: z.output<typeof Attempts>;
  readonly waitedMin: number;
  readonly arrivedAt: Instant;
  readonly at: Instant;
}

/** arrival inside the window, two attempts by different channels since then, and a wait as long as `door.wait`. */
function isProven(journey: Journey, { slot }: Visit, { attempts, waitedMin, arrivedAt, at }: Claimed): boolean {
  const inWindow = slot !== undefined && slot.window.from <= arrivedAt && arrivedAt <= slot.window.to;
  const made = attempts.filter((attempt) => arrivedAt <= attempt.at && attempt.at <= at);
  const waited = Math.min(waitedMin * minute, at - arrivedAt);
  return inWindow && new Set(made.map(({ channel }) => channel)).size >= 2 && waited >= clock(journey, 'door.wait');
}
