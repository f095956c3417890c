import type { Happened } from '../../kernel/event.ts';
import type { Instant } from '../../kernel/time.ts';
import type { JourneyEvent } from '../events.ts';
import type { EmergencyOutcome } from './events.ts';

export type EmergencyStatus =
  | 'Declared'
  | 'LocationConfirmed'
  | 'Advised'
  | 'EmsCalled'
  | 'HandedOff'
  | 'EmsDeclined'
  | 'CallingBack'
  | 'Unreachable'
  | 'ContactTried'
  | 'WelfareCheckPending'
  | 'WelfareChecked'
  | 'OutcomeRecorded'
  | 'StoodDown';

/** What is owed to a patient who declined help or was lost: a callback, a second one, a try of the emergency contact, a welfare check. */
export interface Owed {
  readonly duty: 'callback' | 'secondCallback' | 'contact' | 'welfare';
  /** The instant that its due time is counted from. */
  readonly since: Instant;
  /** When it came to be owed. */
  readonly from: Instant;
}

export interface EmergencyCase {
  readonly caseId: string;
  readonly status: EmergencyStatus;
  readonly declaredAt: Instant;
  readonly callDueAt: Instant;
  /** Somebody has tried to reach the patient since. */
  readonly called: boolean;
  readonly calls: number;
  readonly lastCallAt?: Instant;
  /** When the event happened that the present status comes from. */
  readonly movedAt: Instant;
  readonly owed?: Owed;
  readonly outcome?: EmergencyOutcome;
  readonly endedAt?: Instant;
}

export interface Emergency {
  readonly open?: EmergencyCase;
  /** Cases that are over, by id: facts about them may still come in. */
  readonly ended: Readonly<Record<string, EmergencyCase>>;
  /** The last showing of each text. */
  readonly texts: Readonly<
    Record<string, { readonly version: number; readonly caseId?: string | undefined; readonly acknowledged: boolean }>
  >;
  /** Urgent calls that nobody has tried to make since they were asked for, by task. */
  readonly uncalled: Readonly<Record<string, { readonly since: Instant; readonly dueAt: Instant }>>;
}
export const initial: Emergency = { ended: {}, texts: {}, uncalled: {} };

/** A case by its id, open or over. */
export const caseOf = ({ open, ended }: Emergency, caseId: string): EmergencyCase | undefined =>
  open?.caseId === caseId ? open : ended[caseId];

/** How long cases that are over have held the intake's clock, in milliseconds (domain reference, section 8). */
export const heldFor = ({ ended }: Emergency): number =>
  Object.values(ended).reduce((total, { declaredAt, endedAt = declaredAt }) => total + endedAt - declaredAt, 0);

/** True from an outcome `died` on: what is left is that the death is reported. */
export const isDeathKnown = ({ ended }: Emergency): boolean => Object.values(ended).some(({ outcome }) => outcome === 'died');

/** True once a case has ended with an outcome that leaves the patient in other hands or to themselves: neither a false alarm nor a death. */
export const isHandedOff = ({ ended }: Emergency): boolean =>
  Object.values(ended).some(({ outcome }) => outcome !== undefined && outcome !== 'falseAlarm' && outcome !== 'died');

/** True while a case forbids acceptance: it is open, or has ended otherwise than by a stand-down or a false alarm (domain reference 5.1). */
export const forbidsAcceptance = ({ open, ended }: Emergency): boolean =>
  open !== undefined || Object.values(ended).some(({ outcome }) => outcome !== undefined && outcome !== 'falseAlarm');

export function evolve(emergency: Emergency, happened: Happened<JourneyEvent>): Emergency {
  const { type, data, occurredAt: at } = happened;
  switch (type) {
    case 'EmergencyDeclared': {
      const { caseId, callDueAt } = data;
      return { ...emergency, open: { caseId, status: 'Declared', declaredAt: at, callDueAt, called: false, calls: 0, movedAt: at } };
    }
    case 'EmergencyTextShown':
    case 'EmergencyTextAcknowledged': {
      const { textId, version, caseId } = data;
      return {
        ...emergency,
        texts: { ...emergency.texts, [textId]: { version, caseId, acknowledged: type === 'EmergencyTextAcknowledged' } },
      };
    }
    case 'TaskOpened':
      if (data.kind !== 'urgentCall') return emergency;
      return { ...emergency, uncalled: { ...emergency.uncalled, [data.taskId]: { since: at, dueAt: data.dueAt } } };
    case 'TaskCompleted':
    case 'TaskCancelled': {
      const { [data.taskId]: _over, ...uncalled } = emergency.uncalled;
      return { ...emergency, uncalled };
    }
    case 'ContactAttempted':
      return tried(emergency, at);
    case 'EmergencyCallMade':
      return tried(withCase(emergency, happened, data.caseId), at);
    default:
      return 'caseId' in data && data.caseId !== undefined ? withCase(emergency, happened, data.caseId) : emergency;
  }
}

/** The first attempt to reach the patient stops the clocks of every call that was asked for before it (domain reference, section 8). */
function tried({ open, uncalled, ...emergency }: Emergency, at: Instant): Emergency {
  return {
    ...emergency,
    uncalled: Object.fromEntries(Object.entries(uncalled).filter(([, { since }]) => since > at)),
    ...(open && { open: { ...open, called: open.called || at >= open.declaredAt } }),
  };
}

function withCase({ open, ...emergency }: Emergency, happened: Happened<JourneyEvent>, caseId: string): Emergency {
  if (open?.caseId !== caseId) {
    const over = emergency.ended[caseId];
    const kept = { ...emergency, ...(open && { open }) };
    return over ? { ...kept, ended: { ...emergency.ended, [caseId]: afterEnd(over, happened) } } : kept;
  }
  const after = evolveCase(open, happened);
  return after.endedAt === undefined ? { ...emergency, open: after } : { ...emergency, ended: { ...emergency.ended, [caseId]: after } };
}

/** What comes late moves a case no more; how the patient fared is what was said last. */
function afterEnd(over: EmergencyCase, { type, data }: Happened<JourneyEvent>): EmergencyCase {
  if (type === 'EmergencyCallMade') return { ...over, calls: data.n };
  return type === 'EmergencyOutcomeRecorded' ? { ...over, outcome: data.outcome } : over;
}

function evolveCase(open: EmergencyCase, happened: Happened<JourneyEvent>): EmergencyCase {
  const { type, data, occurredAt: at } = happened;
  switch (type) {
    case 'EmergencyCallMade':
      return calledOnce(open, data.reached, at);
    case 'EmergencyLocationConfirmed':
      return moved(open, 'LocationConfirmed', at);
    case 'EmsAdvised':
      return moved(open, 'Advised', at);
    case 'EmsCalledByStaff':
      return moved(open, 'EmsCalled', at);
    case 'EmsDeclinedByPatient':
      // A refusal that is written down after a later call was made asks for no callback of its own.
      return at < (open.lastCallAt ?? 0) ? open : owing(moved(open, 'EmsDeclined', at), { duty: 'callback', since: at, from: at });
    case 'WarmHandoffGiven':
      return owing(moved(open, 'HandedOff', at));
    case 'EmergencyContactTried': {
      const tried = moved(open, 'ContactTried', at);
      return open.owed?.duty === 'contact' ? owing(tried, { duty: 'welfare', since: at, from: at }) : tried;
    }
    case 'WelfareCheckRequested':
      return lookedFor(moved(open, 'WelfareCheckPending', at));
    case 'WelfareCheckCompleted':
      return lookedFor(moved(open, 'WelfareChecked', at));
    case 'EmergencyOutcomeRecorded':
      return { ...owing(open), status: 'OutcomeRecorded', outcome: data.outcome, endedAt: at };
    case 'EmergencyStoodDown':
      return { ...owing(open), status: 'StoodDown', endedAt: at };
    default:
      return open;
  }
}

/** An event enters the state of its name, unless it is recorded after what happened later. */
const moved = (open: EmergencyCase, status: EmergencyStatus, at: Instant): EmergencyCase =>
  at < open.movedAt ? open : { ...open, status, movedAt: at };

function owing({ owed: _before, ...open }: EmergencyCase, owed?: Owed): EmergencyCase {
  return { ...open, ...(owed && { owed }) };
}

/** Once somebody goes and looks, neither the contact nor another request is owed. */
const lookedFor = (open: EmergencyCase): EmergencyCase =>
  open.owed?.duty === 'contact' || open.owed?.duty === 'welfare' ? owing(open) : open;

const searching: readonly EmergencyStatus[] = ['Unreachable', 'ContactTried', 'WelfareCheckPending', 'WelfareChecked'];

/** The first call leaves the state as it is; a later one reaches the patient, or the patient is unreachable. */
function calledOnce(before: EmergencyCase, reached: boolean, at: Instant): EmergencyCase {
  const open = { ...before, calls: before.calls + 1, lastCallAt: Math.max(at, before.lastCallAt ?? at) };
  if (before.lastCallAt !== undefined && at < before.lastCallAt) return open;
  if (before.calls === 0) return reached || open.owed ? open : owing(open, { duty: 'callback', since: at, from: at });
  if (reached) {
    const second = open.owed?.duty === 'callback' ? ({ duty: 'secondCallback', since: open.owed.since, from: at } as const) : undefined;
    return owing(moved(open, 'CallingBack', at), second);
  }
  // Whoever is being looked for already is called in vain, not looked for anew.
  return searching.includes(open.status) ? open : owing(moved(open, 'Unreachable', at), { duty: 'contact', since: at, from: at });
}
