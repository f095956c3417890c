import type { Facts } from '../../domain/journey/facts.ts';
import * as journeys from '../../domain/journey/index.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import type { Effect } from '../../domain/kernel/plan.ts';
import type { Instant } from '../../domain/kernel/time.ts';
import { sampleFacts } from './sample-facts.ts';

/** What one command led to. */
export interface Told {
  /** Types of the events, notices left out. */
  readonly events: readonly string[];
  readonly refusal: string | undefined;
  readonly decided: journeys.Decided;
}

const notices = ['NoticeSent', 'NoticeDelivered', 'NoticeFailed'];

/** One journey on the pure decider, with virtual time and facts that a test may change. */
export class Story {
  journey: journeys.Journey = journeys.initial;
  now: Instant;
  readonly happened: journeys.Decided['events'][number][] = [];
  private facts: Facts;
  private count = 0;

  constructor(now: Instant, facts: Partial<Facts> = {}) {
    this.now = now;
    this.facts = { ...sampleFacts, ...facts };
  }

  know(facts: Partial<Facts>): this {
    this.facts = { ...this.facts, ...facts };
    return this;
  }

  /** Gives a command; `who` is its actor, else the usual one of the role. The same `id` is the same command. */
  give(
    role: Role,
    type: string,
    data: object = {},
    { who = usual[role] ?? role, id = `c${this.count}` }: { who?: string; id?: string } = {},
  ): Told {
    this.count += 1;
    const spec = journeys.commands[type];
    if (!spec) throw new Error(`there is no command ${type}`);
    const command = {
      type,
      data: spec.data.parse(data),
      actor: { kind: role === 'A' ? 'partner' : role === 'T' ? 'system' : 'person', id: who, role } as const,
    };
    const decided = journeys.decide(this.journey, command, {
      facts: this.facts,
      basis: {},
      now: this.now,
      at: this.now,
      commandId: id,
      newId: (label) => `${label}-${id}`,
      eventId: (ordinal) => `${id}.${ordinal}`,
    });
    this.journey = decided.journey;
    this.happened.push(...decided.events);
    return {
      events: decided.events.map((event) => event.type).filter((type) => !notices.includes(type)),
      refusal: decided.refusal,
      decided,
    };
  }

  /** Id of the entity that the newest event of a type is about. */
  entityOf = (type: string): string => {
    const found = this.happened.findLast((event) => event.type === type);
    const key = journeys.events[type as keyof typeof journeys.events]?.meta()?.['entity'];
    const id = found && typeof key === 'string' ? (found.data as Record<string, unknown>)[key] : undefined;
    if (typeof id !== 'string') throw new Error(`no ${type} has happened`);
    return id;
  };

  /** Deadlines that stand now, as `name@ISO`. */
  deadlines(): readonly string[] {
    return journeys.plan(this.journey).deadlines.map(({ name, dueAt }) => `${name}@${new Date(dueAt).toISOString()}`);
  }

  /** Effects of one kind that the plan lists, due or not. */
  effects(kind: string): readonly Effect[] {
    return journeys.plan(this.journey).effects.filter((effect) => effect.kind === kind);
  }

  /** Lets the earliest deadline with this name come due and gives its command. */
  elapse(name: string): Told {
    const deadline = journeys
      .plan(this.journey)
      .deadlines.filter((d) => d.name === name)
      .toSorted((a, b) => a.dueAt - b.dueAt)[0];
    if (!deadline) throw new Error(`no deadline ${name} stands`);
    this.now = Math.max(this.now, deadline.dueAt);
    return this.give('T', 'ElapseDeadline', deadline);
  }
}

const usual: Partial<Record<Role, string>> = {
  P: 'patient-1',
  X: 'parent-1',
  C: 'clinician-1',
  V: 'visitor-1',
  K: 'coordinator-1',
  T: 'caretrail',
};
