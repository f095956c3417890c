import { tellers } from '../../dev/journeys/outside-facts.ts';
import type { Facts } from '../../domain/journey/facts.ts';
import type * as journeys from '../../domain/journey/index.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { hour, type Instant } from '../../domain/kernel/time.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import type { Template } from '../../domain/templates/template.ts';
import { skillsFor, suppliesFor } from '../../domain/templates/visit-supplies.ts';
import { visitWindow } from '../journeys/cast.ts';
import { sampleFacts } from '../journeys/sample-facts.ts';

/** The decider under test: the real one, or a copy with a fault in it. */
export type Decider = Pick<typeof journeys, 'commands' | 'decide' | 'evolve' | 'events' | 'initial' | 'plan'>;
type Happened = journeys.Decided['events'][number];

/** One journey and how it came about; a command makes another one of it. */
export interface Play {
  readonly journey: journeys.Journey;
  readonly now: Instant;
  readonly happened: readonly Happened[];
  /** Number of commands given. */
  readonly given: number;
}

/** A command as somebody gives it. */
export interface Given {
  readonly role: Role;
  readonly type: string;
  readonly data: object;
  readonly who?: string;
  readonly world?: World;
  /** When it happened, if not now. */
  readonly at?: Instant;
  readonly id?: string;
}

/** Whether everybody and everything is available, or nothing is, or only the clinician has no licence here. */
export type World = 'open' | 'shut' | 'unlicensed';

export const begin = ({ initial }: Decider, now: Instant): Play => ({ journey: initial, now, happened: [], given: 0 });

const usual: Partial<Record<Role, string>> = {
  P: 'patient-1',
  X: 'parent-1',
  C: 'clinician-1',
  V: 'visitor-1',
  K: 'coordinator-1',
  T: 'caretrail',
};
const kinds: Partial<Record<Role, 'partner' | 'system'>> = { A: 'partner', T: 'system' };

/** Who gives a command in this role, if nobody else is named. */
export const actorOf = ({ commands }: Decider, role: Role, type: string): string =>
  role === 'A' ? (commands[type]?.source ?? tellers[type] ?? 'lab') : (usual[role] ?? `person-${role}`);

/** Somebody who may do everything that a visitor may learn, and carries all that a visit may need. */
const visitor = { ...sampleFacts.visitor, skills: ['swab', ...Object.values(skillsFor)], supplies: Object.values(suppliesFor).flat() };

/** The pathway of J-1, but its medicines have to be kept cool, and one of schedule IV may be asked for. */
const template: Template = {
  ...soreThroat,
  medicines: soreThroat.medicines.map((medicine) => ({ ...medicine, storage: { from: 2, to: 8 } })),
  controlledSubstances: { schedules: ['IV'], ruleIds: ['cs-two-factors', 'cs-monitoring-query'] },
};
const pathway = { ...sampleFacts.pathway, template };

/** What is known at this instant: the slot of J-1 or one in an hour, and whoever acts is who is asked about. */
export function factsOf(world: World, now: Instant, who: string): Facts {
  const from = Math.max(visitWindow.from, now + hour);
  const clinician = { ...sampleFacts.clinician, clinicianId: who };
  const slot = { ...sampleFacts.slot, window: { from, to: from + 2 * hour }, earliest: from };
  const open = { ...sampleFacts, clinician, slot, visitor, pathway };
  if (world === 'open') return open;
  if (world === 'unlicensed') return { ...open, clinician: { ...clinician, licences: [] } };
  return {
    ...open,
    start: { onRoster: false },
    identity: { kinds: ['name', 'dateOfBirth'], matches: false },
    proxy: { relationship: 'none' },
    offer: { available: false },
    area: { ...sampleFacts.area, places: ['clinicSite'] },
    claim: { granted: false, code: 'slot-taken' },
    slot: { ...slot, window: { from: now + 400 * hour, to: now + 402 * hour } },
    visitor: { ...sampleFacts.visitor, onShift: false, skills: [] },
    pharmacy: { known: false, capabilities: [] },
    device: {},
    lab: { open: false },
  };
}

export interface Told {
  readonly events: readonly Happened[];
  readonly refusal: string | undefined;
  readonly after: Play;
}

/** Gives a command whose data its schema has read. */
export function give(decider: Decider, play: Play, { role, type, data, who, world = 'open', at = play.now, id }: Given): Told {
  const actorId = who ?? actorOf(decider, role, type);
  const commandId = id ?? `c${play.given}`;
  const decided = decider.decide(
    play.journey,
    { type, data, actor: { kind: kinds[role] ?? 'person', id: actorId, role } },
    {
      facts: factsOf(world, play.now, actorId),
      basis: {},
      now: play.now,
      at,
      commandId,
      newId: (label) => `${label}-${commandId}`,
      eventId: (ordinal) => `${commandId}.${ordinal}`,
    },
  );
  const after = {
    journey: decided.journey,
    now: play.now,
    happened: [...play.happened, ...decided.events],
    given: play.given + 1,
  };
  return { events: decided.events, refusal: decided.refusal, after };
}
