import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../../domain/journey/closing/events.ts';
import { unmet } from '../../domain/journey/closure-guard.ts';
import type { Journey } from '../../domain/journey/state.ts';
import { superState } from '../../domain/journey/super-state.ts';
import { type Machine, nameOf, standings } from '../state-machine/machines.ts';
import type { Decider } from '../state-machine/play.ts';
import type { Taken } from './script.ts';

/** What must hold after every step; it names what does not. */
export type Law = (taken: Taken, decider: Decider) => string | undefined;

/** States that nothing leaves any more. */
const final: Readonly<Record<string, readonly string[]>> = {
  consult: ['Completed', 'Expired', 'Cancelled', 'EndedByPatient', 'Transferred'],
  visit: ['Completed', 'PartiallyCompleted', 'Cancelled', 'AbortedUnsafe', 'AbortedOther', 'AbortedEmergency'],
  prescription: ['InHand'],
  'delivery legs': ['Delivered'],
  'work tasks': ['completed', 'cancelled'],
  'money copays': ['charged'],
};

const eventsRead: Law = ({ told }, { events }) =>
  told.events.find(({ type, data }) => !events[type]?.safeParse(data).success) && 'an event does not fit its own schema';

/** I-4, and more: by 3.1 the coordinator role answers where nobody else does, whatever deadlines there are. */
const somebodyAnswers: Law = ({ told: { after } }, { plan }) => {
  const isOpen = superState(after.journey) !== 'Closed' && after.journey.intake.request !== undefined;
  return isOpen && plan(after.journey).owner === null ? 'nobody answers for an open journey' : undefined;
};

/** What the run has to do can be told apart and has an instant. */
const plansAreSound: Law = ({ told: { after } }, { plan }) => {
  const { deadlines, effects } = plan(after.journey);
  const keys = deadlines.map(({ name, entityId, dueAt }) => `${name}:${entityId}:${dueAt}`);
  if (new Set(keys).size < keys.length) return 'a deadline stands twice';
  if (deadlines.some(({ dueAt }) => !Number.isSafeInteger(dueAt))) return 'a deadline has no instant';
  const attempts = effects.map(({ id, attempt }) => `${id}:${attempt}`);
  return new Set(attempts).size < attempts.length ? 'two effects are one attempt' : undefined;
};

const clocksEnd: Law = ({ before, given, told }, { plan }) => {
  if (given.type !== 'ElapseDeadline') return undefined;
  const { name, entityId, dueAt } = given.data as { name: string; entityId: string; dueAt: number };
  if (before.now < dueAt) return told.events.length > 0 ? 'a clock fired before its time' : undefined;
  const stands = plan(told.after.journey).deadlines.some((d) => d.name === name && d.entityId === entityId && d.dueAt === dueAt);
  return stands ? `the clock ${name} stands after it fired` : undefined;
};

/** I-15; a refused start is itself the end of its journey. */
const refusedChangesNothing: Law = ({ before, given, told }) => {
  if (told.refusal === undefined || given.type === 'StartJourney') return undefined;
  // A refusal that leaves an event is heard of, like everything that is recorded.
  const stripped = ({ revision: _revision, lastCommand: _last, heardAt: _heardAt, ...journey }: Journey) => journey;
  return isDeepStrictEqual(stripped(told.after.journey), stripped(before.journey))
    ? undefined
    : `a refused ${given.type} changed the journey`;
};

const closedIsClosed: Law = ({ before, given, told }, { commands }) => {
  const isOver = before.journey.closing.closed !== undefined || before.journey.intake.refused;
  return isOver && told.events.length > 0 && told.refusal === undefined && !commands[given.type]?.afterClose
    ? `a closed journey took ${given.type}`
    : undefined;
};

/** I-5: nobody without a licence here acts. */
const licensed: Law = ({ given, told }, { commands }) =>
  commands[given.type]?.clinical && given.world === 'unlicensed' && told.refusal === undefined
    ? `${given.type} without a licence`
    : undefined;

/** I-10, by the state in which the journey was closed and by the guard itself, not by a copy with a fault. */
const guarded: Law = ({ told: { events, after } }) => {
  const closed = events.find(({ type }) => type === 'JourneyClosed');
  if (!closed) return undefined;
  const left = unmet(after.journey, (closed.data as { outcome: Outcome }).outcome);
  return left.length > 0 ? `closed in spite of ${left.map(({ item }) => item).join(', ')} (4.3)` : undefined;
};

/** I-12: what is charged is charged once, for something that happened. */
const chargedOnce: Law = ({ told: { after } }) => {
  const happened = new Set(after.happened.map(({ id }) => id));
  const charges = Object.values(after.journey.money.charges);
  if (charges.some(({ evidence }) => evidence.length === 0 || evidence.some((id) => !happened.has(id)))) return 'a charge cites nothing';
  const lines = charges.map(({ evidence, payer, code }) => [evidence.join(), code, payer].join('|'));
  return new Set(lines).size < lines.length ? 'one service is charged twice' : undefined;
};

/** I-8: the timer runs exactly while a visitor is in a home. */
const timedInHomes: Law = ({ told: { after } }) => {
  const { byId } = after.journey.visit;
  const wrong = Object.entries(byId).find(([visitId, { place, timer }]) => {
    const about = after.happened.filter(({ data }) => (data as { visitId?: string }).visitId === visitId);
    const last = about.findLast(({ type }) => type === 'VisitorArrived' || type === 'VisitorLeftHome')?.type;
    const inHome = (place === 'home' || place === 'office') && last === 'VisitorArrived';
    return inHome !== (timer !== undefined);
  });
  return wrong && 'the lone-worker timer does not follow the visitor';
};

const finalStays =
  (machines: readonly Machine[]): Law =>
  ({ before, told: { after } }) => {
    for (const machine of machines) {
      const ends = final[nameOf(machine)] ?? [];
      const now = new Map(standings(after.journey, machine).map(({ entityId, state }) => [entityId, state]));
      const moved = standings(before.journey, machine).find(({ entityId, state }) => ends.includes(state) && now.get(entityId) !== state);
      if (moved) return `${nameOf(machine)} left ${moved.state}`;
    }
    return undefined;
  };

/** All of them, by name. */
export const lawsOf = (machines: readonly Machine[]): Readonly<Record<string, Law>> => ({
  'every event fits its schema': eventsRead,
  'an open journey has an owner (I-4)': somebodyAnswers,
  'deadlines and effects can be told apart': plansAreSound,
  'a clock fires once, when it is due': clocksEnd,
  'a refused command changes no state (I-15)': refusedChangesNothing,
  'a closed journey takes only what section 5 names': closedIsClosed,
  'no clinical act without a licence (I-5)': licensed,
  'the closure guard holds at every closing (I-10)': guarded,
  'what is charged is charged once and cites events (I-12)': chargedOnce,
  'the lone-worker timer runs exactly while somebody is in a home (I-8)': timedInHomes,
  'what has ended moves no more': finalStays(machines),
});
